/**
 * Requests that the bench sends itself, with our own schemas: create and delete topics, produce the first record, and
 * open idle connections.
 *
 * Java clients would need a second to start; with this client the measured time is the broker's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CreatePartitionsRequest, CreatePartitionsResponse } from '../src/messages/create-partitions.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../src/messages/delete-topics.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../src/messages/list-offsets.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import type { InputOf } from '../src/wire/schema.ts'
import { RawClient } from '../test/raw-client.ts'

const POLL_MS = 5
const TIMEOUT_MS = 30_000

/** Connects as soon as the broker listens, creates a topic and produces one record; ends with its response. */
export async function firstProduce(bootstrap: string, waitMsMax: number): Promise<void> {
  const until = performance.now() + waitMsMax
  for (;;) {
    try {
      return await createTopicAndProduce(bootstrap)
    } catch (error) {
      if (performance.now() > until) throw error
      await sleep(POLL_MS)
    }
  }
}

async function createTopicAndProduce(bootstrap: string): Promise<void> {
  const client = await RawClient.to(bootstrap)
  try {
    await create(client, 'first', 1)
    const records = buildBatch([{ key: null, value: new Uint8Array(1), timestamp: Date.now() }])
    const request = {
      transactionalId: null,
      acks: -1,
      timeoutMs: TIMEOUT_MS,
      topicData: [{ name: 'first', partitionData: [{ index: 0, records }] }],
    }
    const answer = await client.call(ProduceRequest, ProduceResponse, 9, request)
    const code = answer?.responses[0]?.partitionResponses[0]?.errorCode
    if (code !== ErrorCode.NONE) throw new Error(`the first Produce was answered with ${code}`)
  } finally {
    client.end()
  }
}

async function create(client: RawClient, name: string, partitions: number): Promise<void> {
  const topic = { name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] }
  const request = { topics: [topic], timeoutMs: TIMEOUT_MS, validateOnly: false }
  const answer = await client.call(CreateTopicsRequest, CreateTopicsResponse, 5, request)
  const code = answer?.topics[0]?.errorCode
  const known = code === ErrorCode.NONE || code === ErrorCode.TOPIC_ALREADY_EXISTS
  if (!known) throw new Error(`CreateTopics of ${name} was answered with ${code}`)
}

/** Creates a topic with one replica; when this returns, its partitions have leaders. */
export async function createTopic(bootstrap: string, name: string, partitions: number): Promise<void> {
  const client = await RawClient.to(bootstrap)
  try {
    await create(client, name, partitions)
    await untilLed(client, name, partitions)
  } finally {
    client.end()
  }
}

/**
 * Requests the end offsets of all partitions until their leaders answer. Without this, a warm producer may be faster than the
 * leaders: with Kafka, two loads of about thirty then stood still for two minutes.
 */
async function untilLed(client: RawClient, name: string, count: number): Promise<void> {
  const partitions = Array.from({ length: count }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1,
  }))
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions }] }
  for (const until = performance.now() + TIMEOUT_MS; ; await sleep(POLL_MS)) {
    const answer = await client.call(ListOffsetsRequest, ListOffsetsResponse, 6, request)
    const codes = answer?.topics[0]?.partitions.map(({ errorCode }) => errorCode) ?? []
    if (codes.length === count && codes.every((code) => code === ErrorCode.NONE)) return
    if (performance.now() > until) throw new Error(`the partitions of ${name} are not led: ${codes}`)
  }
}

/** Adds partitions to a topic, up to `count`; when this returns, they have leaders. */
export async function addPartitions(bootstrap: string, name: string, count: number): Promise<void> {
  const client = await RawClient.to(bootstrap)
  const request = { topics: [{ name, count, assignments: null }], timeoutMs: TIMEOUT_MS, validateOnly: false }
  const answer = await client.call(CreatePartitionsRequest, CreatePartitionsResponse, 1, request)
  const code = answer?.results[0]?.errorCode
  if (code !== ErrorCode.NONE) throw new Error(`CreatePartitions of ${name} was answered with ${code}`)
  const last = { topicData: [{ name, partitionData: [{ index: count - 1, records: oneRecord() }] }] }
  await untilProduced(client, last).finally(() => client.end())
}

/** Retries a Produce until it succeeds: a new partition may not have a leader yet. */
async function untilProduced(client: RawClient, data: InputOf<typeof ProduceRequest>): Promise<void> {
  for (const until = performance.now() + TIMEOUT_MS; ; await sleep(POLL_MS)) {
    const answer = await client.call(ProduceRequest, ProduceResponse, 9, {
      ...data,
      acks: 1,
      timeoutMs: TIMEOUT_MS,
    })
    const code = answer?.responses[0]?.partitionResponses[0]?.errorCode
    if (code === ErrorCode.NONE) return
    if (performance.now() > until) throw new Error(`Produce is still answered with ${code}`)
  }
}

function oneRecord(): Uint8Array {
  return buildBatch([{ key: null, value: new Uint8Array(100), timestamp: Date.now() }])
}

/** A request to produce one record of 100 bytes with acks=all. */
function producing(topic: string, index: number): InputOf<typeof ProduceRequest> {
  const topicData = [{ name: topic, partitionData: [{ index, records: oneRecord() }] }]
  return { acks: -1, timeoutMs: TIMEOUT_MS, topicData }
}

/**
 * Opens `count` connections. Each produces one record of 100 bytes (acks=all, 12 partitions) and waits for the response
 * before the next one; `requests` in total. The clock is this process's, so it can measure fractions of a ms.
 */
export async function roundTrips(
  bootstrap: string,
  topic: string,
  count: number,
  requests: number,
): Promise<{ requestsPerS: number; p99Ms: number }> {
  const clients: RawClient[] = []
  const times: number[] = []
  for (let i = 0; i < count; i++) clients.push(await RawClient.to(bootstrap))
  for (let index = 0; index < 12; index++) await untilProduced(clients[0]!, producing(topic, index))
  let left = requests
  const oneAfterTheOther = async (client: RawClient, index: number) => {
    const request = producing(topic, index)
    while (left-- > 0) {
      const asked = performance.now()
      const answer = await client.call(ProduceRequest, ProduceResponse, 9, request)
      times.push(performance.now() - asked)
      const code = answer?.responses[0]?.partitionResponses[0]?.errorCode
      if (code !== ErrorCode.NONE) throw new Error(`Produce was answered with ${code}`)
    }
  }
  const began = performance.now()
  await Promise.all(clients.map((client, i) => oneAfterTheOther(client, i % 12)))
  const tookS = (performance.now() - began) / 1000
  for (const client of clients) client.end()
  return { requestsPerS: times.length / tookS, p99Ms: percentile99(times) }
}

/**
 * The same requests at a fixed rate, `perS` a second, from `count` connections in turn. Returns the 99th percentile in ms,
 * measured from the time when a request was passed to its connection. At full speed a percentile shows the length of the
 * queue; here it shows the waiting time with a broker that is not fully loaded.
 */
export async function pacedP99(
  bootstrap: string,
  topic: string,
  count: number,
  requests: number,
  perS: number,
): Promise<number> {
  const clients: RawClient[] = []
  for (let i = 0; i < count; i++) clients.push(await RawClient.to(bootstrap))
  const times: number[] = []
  const busy: Promise<void>[] = clients.map(() => Promise.resolve())
  const ask = async (client: RawClient, index: number, handedMs: number) => {
    const answer = await client.call(ProduceRequest, ProduceResponse, 9, producing(topic, index))
    times.push(performance.now() - handedMs)
    const code = answer?.responses[0]?.partitionResponses[0]?.errorCode
    if (code !== ErrorCode.NONE) throw new Error(`Produce was answered with ${code}`)
  }
  const beganMs = performance.now()
  for (let i = 0; i < requests; i++) {
    // A few at each tick of a timer, so that this process does not use the broker's processor while it waits.
    while (performance.now() < beganMs + (i * 1000) / perS) await sleep(1)
    const turn = i % count
    const handedMs = performance.now()
    busy[turn] = busy[turn]!.then(() => ask(clients[turn]!, turn % 12, handedMs))
  }
  await Promise.all(busy)
  for (const client of clients) client.end()
  return percentile99(times)
}

function percentile99(times: number[]): number {
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)]!
}

/** Deletes a topic, so that the next measurement starts with the same disk usage. */
export async function deleteTopic(bootstrap: string, name: string): Promise<void> {
  const client = await RawClient.to(bootstrap)
  const request = { topicNames: [name], timeoutMs: TIMEOUT_MS }
  await client.call(DeleteTopicsRequest, DeleteTopicsResponse, 4, request).finally(() => client.end())
}

/** Opens `count` idle connections; returns a function that closes them. */
export async function openIdle(bootstrap: string, count: number): Promise<() => void> {
  const clients: RawClient[] = []
  for (let i = 0; i < count; i++) clients.push(await RawClient.to(bootstrap))
  return () => {
    for (const client of clients) client.end()
  }
}
