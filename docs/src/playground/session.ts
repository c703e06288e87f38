import {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from '../../../broker/src/messages/create-partitions'
import { CreateTopicsRequest, CreateTopicsResponse } from '../../../broker/src/messages/create-topics'
import { FetchRequest, FetchResponse } from '../../../broker/src/messages/fetch'
import { ProduceRequest, ProduceResponse } from '../../../broker/src/messages/produce'
import { batchPositions } from '../../../broker/src/record/batch'
import { buildBatch } from '../../../broker/src/record/batch-builder'
import { readRecords } from '../../../broker/src/record/record'
import { KafkaClient, type SeenFrame, type Wire } from './client'
import { partitionForKey } from './murmur2'

/**
 * What the playground does, without its looks: one topic, one producer, one consumer, each with a connection of
 * its own, as real clients have. A waiting fetch would otherwise hold up the produce behind it.
 */

export const TOPIC = 'orders'
/** How long the broker may keep a fetch that finds nothing, ms. */
export const WAIT_MS = 4_000

export interface Sent {
  partition: number
  offset: number
}

export interface ReadRecord {
  partition: number
  offset: number
  key: string | null
  value: string
}

const utf8 = new TextEncoder()
const text = new TextDecoder()

export class Session {
  private readonly producer: KafkaClient
  private readonly consumer: KafkaClient
  private partitions = 0
  private turn = 0

  constructor(connect: () => Wire, onFrame: (frame: SeenFrame) => void) {
    this.producer = new KafkaClient(connect(), 'producer', onFrame)
    this.consumer = new KafkaClient(connect(), 'consumer', onFrame)
  }

  async createTopic(partitions: number): Promise<void> {
    await this.producer.hello()
    await this.consumer.hello()
    const topics = [
      { name: TOPIC, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: [] },
    ]
    const answer = await this.producer.call(CreateTopicsRequest, CreateTopicsResponse, 5, {
      topics,
      timeoutMs: 5_000,
    })
    check('CreateTopics', answer.topics[0]?.errorCode)
    this.partitions = partitions
  }

  async addPartition(): Promise<number> {
    const topics = [{ name: TOPIC, count: this.partitions + 1, assignments: null }]
    const answer = await this.producer.call(CreatePartitionsRequest, CreatePartitionsResponse, 2, {
      topics,
      timeoutMs: 5_000,
    })
    check('CreatePartitions', answer.results[0]?.errorCode)
    this.partitions++
    return this.partitions
  }

  /** Sends one record; null: no key. The broker's answer tells the offset. `timestamp` in ms. */
  async send(key: string | null, value: string, timestamp: number): Promise<Sent> {
    const partition = this.choose(key)
    const record = { key: key === null ? null : utf8.encode(key), value: utf8.encode(value), timestamp }
    const partitionData = [{ index: partition, records: buildBatch([record]) }]
    const answer = await this.producer.call(ProduceRequest, ProduceResponse, 9, {
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: TOPIC, partitionData }],
    })
    const stored = answer.responses[0]?.partitionResponses[0]
    check('Produce', stored?.errorCode)
    return { partition, offset: Number(stored?.baseOffset) }
  }

  /** murmur2 for a key; in turn, as kafkajs does, without one. */
  private choose(key: string | null): number {
    if (key !== null) return partitionForKey(utf8.encode(key), this.partitions)
    return this.turn++ % this.partitions
  }

  /**
   * Reads from the positions given (place = partition). `bytesMax` 1 gives one batch, since the first always
   * comes whole. When there is nothing, the broker keeps the request for up to WAIT_MS.
   */
  async read(positions: readonly number[], bytesMax: number): Promise<ReadRecord[]> {
    const partitions = positions.map((fetchOffset, partition) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: bytesMax,
    }))
    const answer = await this.consumer.call(FetchRequest, FetchResponse, 12, {
      maxWaitMs: WAIT_MS,
      minBytes: 1,
      maxBytes: bytesMax,
      isolationLevel: 0,
      topics: [{ topic: TOPIC, partitions: rotated(partitions, positions) }],
      forgottenTopicsData: [],
    })
    check('Fetch', answer.errorCode)
    return answer.responses.flatMap((topic) =>
      topic.partitions.flatMap(({ partitionIndex, errorCode, records }) => {
        check(`Fetch of partition ${partitionIndex}`, errorCode)
        return unpack(records ?? new Uint8Array(0), partitionIndex, positions[partitionIndex] ?? 0)
      }),
    )
  }
}

/** Those who have read least come first, so that single steps do not empty one partition before the next. */
function rotated<T extends { partition: number }>(partitions: T[], positions: readonly number[]): T[] {
  return [...partitions].sort((a, b) => (positions[a.partition] ?? 0) - (positions[b.partition] ?? 0))
}

function unpack(bytes: Uint8Array, partition: number, from: number): ReadRecord[] {
  return [...batchPositions(bytes)]
    .flatMap((at) => readRecords(bytes, at))
    .filter(({ offset }) => offset >= from)
    .map(({ offset, key, value }) => ({
      partition,
      offset,
      key: key === null ? null : text.decode(key),
      value: value === null ? '' : text.decode(value),
    }))
}

function check(what: string, errorCode: number | undefined): void {
  if (errorCode !== 0) throw new Error(`${what}: error ${errorCode}`)
}
