/**
 * What the suite itself writes: topics, batches with or without a producer id, transactions. Over the wire, one request
 * each, so that a check on our broker costs milliseconds and is the same on Apache Kafka.
 */
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from 'offset-zero-broker/src/messages/add-partitions-to-txn.ts'
import { CreateTopicsRequest, CreateTopicsResponse } from 'offset-zero-broker/src/messages/create-topics.ts'
import { EndTxnRequest, EndTxnResponse } from 'offset-zero-broker/src/messages/end-txn.ts'
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from 'offset-zero-broker/src/messages/incremental-alter-configs.ts'
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from 'offset-zero-broker/src/messages/init-producer-id.ts'
import { ProduceRequest, ProduceResponse } from 'offset-zero-broker/src/messages/produce.ts'
import { buildBatch } from 'offset-zero-broker/src/record/batch-builder.ts'
import { errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { endsOf } from './log.ts'
import { accepted, type RawCluster } from './raw.ts'

export type HeaderToSend = readonly [name: string, value: string | Uint8Array]

export interface RecordToSend {
  readonly key?: string | Uint8Array | null
  /** Null is a tombstone. */
  readonly value: string | Uint8Array | null
  /** As a list where a name stands more than once. */
  readonly headers?: Readonly<Record<string, string>> | readonly HeaderToSend[]
  /** Milliseconds since 1970; the time of sending when left out. */
  readonly timestamp?: number | string
}

/** Records for one partition, as one batch; with a producer id, epoch and sequence if it shall have some. */
export interface BatchToSend {
  readonly records: readonly RecordToSend[]
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly transactionalId?: string
}

const TOPIC = 2
const timeoutMs = 30_000

export type TopicConfigs = Readonly<Record<string, string>>

/** Makes a topic; one that is there already is an error. */
export function createTopic(
  cluster: RawCluster,
  name: string,
  partitions: number,
  configs: TopicConfigs,
): Promise<void> {
  return cluster.patiently(async () => {
    const { topics } = await cluster.any().ask(CreateTopicsRequest, CreateTopicsResponse, 4, {
      topics: [
        {
          name,
          numPartitions: partitions,
          replicationFactor: 1,
          assignments: [],
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs,
    })
    accepted(`${name}: ${topics[0]?.errorMessage ?? ''}`, topics[0]?.errorCode ?? 0)
  })
}

/** Sets configs of a topic; null takes one away. */
export async function alterTopic(
  cluster: RawCluster,
  topic: string,
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const changes = Object.entries(configs).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value,
  }))
  const { responses } = await cluster
    .any()
    .ask(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 0, {
      resources: [{ resourceType: TOPIC, resourceName: topic, configs: changes }],
    })
  accepted(`${topic}: ${responses[0]?.errorMessage ?? ''}`, responses[0]?.errorCode ?? 0)
}

/** Sends one batch to each partition that is named. Gives what the broker answered for each. */
export async function sendBatches(
  cluster: RawCluster,
  topic: string,
  batches: ReadonlyMap<number, BatchToSend>,
): Promise<Map<number, { readonly offset: number; readonly error?: string }>> {
  const answers = new Map<number, { offset: number; error?: string }>()
  for (const [broker, own] of await cluster.byLeader(topic, [...batches.keys()])) {
    const transactionalId = [...batches.values()].find((one) => one.transactionalId)?.transactionalId ?? null
    const { responses } = await broker.ask(ProduceRequest, ProduceResponse, 8, {
      transactionalId,
      acks: -1,
      timeoutMs,
      topicData: [
        {
          name: topic,
          partitionData: own.map((index) => ({ index, records: batchOf(batches.get(index)) })),
        },
      ],
    })
    for (const { index, errorCode, baseOffset } of responses[0]?.partitionResponses ?? [])
      answers.set(index, {
        offset: Number(baseOffset),
        ...(errorCode === 0 ? {} : { error: errorName(errorCode) }),
      })
  }
  return answers
}

function batchOf(batch: BatchToSend | undefined): Uint8Array {
  const { records = [], producerId, producerEpoch, baseSequence, transactionalId } = batch ?? {}
  const bytes = (text: string | Uint8Array | null | undefined) =>
    typeof text === 'string' ? new TextEncoder().encode(text) : (text ?? null)
  const listOf = (headers: RecordToSend['headers'] = {}) =>
    Array.isArray(headers) ? (headers as readonly HeaderToSend[]) : Object.entries(headers)
  return buildBatch(
    records.map(({ key, value, headers, timestamp }) => ({
      key: bytes(key),
      value: bytes(value),
      headers: listOf(headers).map(([name, text]) => ({ key: name, value: bytes(text) })),
      timestamp: Number(timestamp ?? Date.now()),
    })),
    {
      ...(producerId === undefined
        ? {}
        : { producerId, producerEpoch: producerEpoch ?? 0, baseSequence: baseSequence ?? 0 }),
      transactional: transactionalId !== undefined,
    },
  )
}

/** A producer id with its epoch, for a batch of the suite's own; of a transactional id, whose epoch it raises. */
export function initProducer(
  cluster: RawCluster,
  transactionalId: string | null = null,
): Promise<{ producerId: number; producerEpoch: number }> {
  return cluster.patiently(async () => {
    const broker =
      transactionalId === null ? cluster.any() : await cluster.coordinatorOf(transactionalId, 'transaction')
    const { errorCode, producerId, producerEpoch } = await broker.ask(
      InitProducerIdRequest,
      InitProducerIdResponse,
      1,
      { transactionalId, transactionTimeoutMs: timeoutMs },
    )
    accepted(`a producer id for ${transactionalId ?? 'a producer'}`, errorCode)
    return { producerId: Number(producerId), producerEpoch }
  })
}

/** A transaction of the suite's own, while it runs. */
export interface SuiteTransaction {
  readonly producerId: number
  readonly producerEpoch: number
  send(topic: string, records: readonly (RecordToSend & { readonly partition: number })[]): Promise<void>
}

/** Runs `use` in a transaction, and ends it as `end` says; 'open' leaves it as it is. */
export async function transaction(
  cluster: RawCluster,
  transactionalId: string,
  use: (tx: SuiteTransaction) => Promise<void>,
  end: 'commit' | 'abort' | 'open',
): Promise<void> {
  const producer = await initProducer(cluster, transactionalId)
  const sequences = new Map<string, number>()
  const lastOffsets = new Map<string, Map<number, number>>()
  await use({
    ...producer,
    send: async (topic, records) => {
      const partitions = [...new Set(records.map(({ partition }) => partition))]
      await addPartitions(cluster, transactionalId, producer, topic, partitions)
      const batches = new Map<number, BatchToSend>()
      for (const partition of partitions) {
        const own = records.filter((record) => record.partition === partition)
        const key = `${topic} ${partition}`
        const baseSequence = sequences.get(key) ?? 0
        sequences.set(key, baseSequence + own.length)
        batches.set(partition, { records: own, ...producer, baseSequence, transactionalId })
      }
      for (const [partition, { offset, error }] of await sendBatches(cluster, topic, batches)) {
        if (error !== undefined) throw new Error(`${topic}-${partition}: ${error}`)
        const known = lastOffsets.get(topic) ?? new Map<number, number>()
        lastOffsets.set(topic, known.set(partition, offset))
      }
    },
  })
  if (end === 'open' || lastOffsets.size === 0) return
  await cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(transactionalId, 'transaction')
    const { errorCode } = await broker.ask(EndTxnRequest, EndTxnResponse, 1, {
      transactionalId,
      ...producer,
      committed: end === 'commit',
    })
    accepted(`the end of ${transactionalId}`, errorCode)
  })
  for (const [topic, offsets] of lastOffsets) await markersAreThere(cluster, topic, offsets)
}

function addPartitions(
  cluster: RawCluster,
  transactionalId: string,
  { producerId, producerEpoch }: { producerId: number; producerEpoch: number },
  topic: string,
  partitions: readonly number[],
): Promise<void> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(transactionalId, 'transaction')
    const answer = await broker.ask(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 1, {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    })
    for (const { resultsByPartition } of answer.resultsByTopicV3AndBelow)
      for (const { partitionErrorCode } of resultsByPartition) accepted(topic, partitionErrorCode)
  })
}

/** The coordinator answers before the markers are written: waits until readers of committed data may pass them. */
async function markersAreThere(
  cluster: RawCluster,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const ends = await endsOf(cluster, topic)
    if (
      [...offsets].every(
        ([partition, last]) => (ends.find((one) => one.partition === partition)?.stable ?? 0) > last,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
