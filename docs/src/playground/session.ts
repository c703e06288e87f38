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
import { READERS } from './commands'
import { type KeyRoute, routeOfKey } from './murmur2'

/**
 * What the playground does, without its looks: one topic, one producer, two readers, each with a connection of its
 * own, as real clients have. A waiting fetch would otherwise hold up the produce behind it.
 */

export const TOPIC = 'orders'
/** How long the broker may keep a fetch that finds nothing, ms. */
export const WAIT_MS = 8_000

export interface Sent {
  partition: number
  offset: number
  /** Why this partition; null: the record has no key, so it was the next one's turn. */
  route: KeyRoute | null
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
  private readonly readers: readonly KafkaClient[]
  private partitions = 0
  private turn = 0

  constructor(connect: () => Wire, onFrame: (frame: SeenFrame) => void) {
    this.producer = new KafkaClient(connect(), 'producer', onFrame)
    this.readers = READERS.map((name) => new KafkaClient(connect(), `reader-${name}`, onFrame))
  }

  async createTopic(partitions: number): Promise<void> {
    for (const client of [this.producer, ...this.readers]) await client.hello()
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

  /**
   * Sends one record to the partition that murmur2 gives for its key; null: no key, the partitions take turns, as in
   * kafkajs. The offset is in the broker's answer. `timestamp` in ms.
   */
  async send(key: string | null, value: string, timestamp: number): Promise<Sent> {
    const route = key === null ? null : routeOfKey(utf8.encode(key), this.partitions)
    const partition = route?.partition ?? this.turn++ % this.partitions
    const record = { key: key === null ? null : utf8.encode(key), value: utf8.encode(value), timestamp }
    const partitionData = [{ index: partition, records: buildBatch([record]) }]
    const answer = await this.producer.call(ProduceRequest, ProduceResponse, 9, {
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ name: TOPIC, partitionData }],
    })
    const stored = answer.responses[0]?.partitionResponses[0]
    check('Produce', stored?.errorCode)
    return { partition, offset: Number(stored?.baseOffset), route }
  }

  /**
   * Reader `reader` (its place in READERS) reads from the positions given (place = partition). `bytesMax` 1 gives one batch, since the first always
   * comes whole. When there is nothing, the broker keeps the request for up to WAIT_MS.
   */
  async read(reader: number, positions: readonly number[], bytesMax: number): Promise<ReadRecord[]> {
    const partitions = positions.map((fetchOffset, partition) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: bytesMax,
    }))
    const answer = await this.readers[reader]!.call(FetchRequest, FetchResponse, 12, {
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

/** Partitions that were read least come first, so that single steps do not empty one partition before the next. */
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
