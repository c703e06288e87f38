/**
 * What the bench asks of a broker itself, in frames of our own schemas: topics made and gone, the first record
 * taken, and connections that do nothing.
 *
 * Java's clients would need a second to start before they could ask; here the clock is the broker's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateTopicsRequest, CreateTopicsResponse } from '../src/messages/create-topics.ts'
import { DeleteTopicsRequest, DeleteTopicsResponse } from '../src/messages/delete-topics.ts'
import { ProduceRequest, ProduceResponse } from '../src/messages/produce.ts'
import { buildBatch } from '../src/record/batch-builder.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import { RawClient } from '../test/raw-client.ts'

const POLL_MS = 5
const TIMEOUT_MS = 30_000

/** Connects as soon as somebody listens, makes a topic and produces one record: ends when that is answered. */
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

/** Makes a topic with one replica. */
export async function createTopic(bootstrap: string, name: string, partitions: number): Promise<void> {
  const client = await RawClient.to(bootstrap)
  await create(client, name, partitions).finally(() => client.end())
}

/** Deletes a topic, so that the next measurement finds the disk as this one did. */
export async function deleteTopic(bootstrap: string, name: string): Promise<void> {
  const client = await RawClient.to(bootstrap)
  const request = { topicNames: [name], timeoutMs: TIMEOUT_MS }
  await client.call(DeleteTopicsRequest, DeleteTopicsResponse, 4, request).finally(() => client.end())
}

/** Opens `count` connections that stay idle; gives what ends them. */
export async function openIdle(bootstrap: string, count: number): Promise<() => void> {
  const clients: RawClient[] = []
  for (let i = 0; i < count; i++) clients.push(await RawClient.to(bootstrap))
  return () => {
    for (const client of clients) client.end()
  }
}
