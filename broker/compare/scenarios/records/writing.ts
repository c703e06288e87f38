/**
 * Helpers for scenarios about records: batches, and producers that track their sequence numbers and transactions.
 */
import { type BatchOptions, buildBatch, type NewRecord } from '../../../src/record/batch-builder.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import type { Recorder } from '../../scenario.ts'
import { until } from '../until.ts'

export interface Topic {
  readonly name: string
  readonly topicId: string
}

/** A timestamp that is equal on both sides, and too old to be taken for a broker's own. */
export const THEN = Date.now() - 7_200_000

const utf8 = new TextEncoder()

/** As many records as asked for: `key 0` with `value 0`, a millisecond apart. */
export function recordsOf(count: number, from = THEN): NewRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    key: utf8.encode(`key ${i}`),
    value: utf8.encode(`value ${i}`),
    headers: [{ key: 'header', value: utf8.encode(`${i}`) }],
    timestamp: from + i,
  }))
}

/** A batch of so many records. */
export function batchOf(count = 1, options: BatchOptions = {}): Uint8Array {
  return buildBatch(recordsOf(count), options)
}

/** A Produce of one batch to one partition. */
export function produceOf(topic: Topic, records: Uint8Array | null, more: object = {}, index = 0) {
  return {
    acks: -1,
    timeoutMs: 5000,
    topicData: [{ ...topic, partitionData: [{ index, records }] }],
    ...more,
  }
}

/** A Fetch of one partition, everything at once, without waiting. */
export function fetchOf(topic: Topic, fetchOffset: Int64 = 0, more: object = {}, partition: object = {}) {
  const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20, ...partition }]
  return {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic: topic.name, topicId: topic.topicId, partitions }],
    ...more,
  }
}

/** What a reader of committed records, and one of all, finds in partition 0. */
export async function readBoth({ call }: Recorder, topic: Topic, from = 0): Promise<void> {
  await call('Fetch', 12, fetchOf(topic, from, { isolationLevel: 1 }))
  await call('Fetch', 12, fetchOf(topic, from, { isolationLevel: 0 }))
}

/** A producer of transactions, by the first protocol (KIP-98) or the second (KIP-890). */
export class TransactionalProducer {
  readonly id: string
  producerId: Int64 = -1
  producerEpoch = -1
  private readonly recorder: Recorder
  private readonly second: boolean
  private readonly sequences = new Map<string, number>()

  private constructor(recorder: Recorder, id: string, second: boolean) {
    this.recorder = recorder
    this.id = id
    this.second = second
  }

  /** A new transactional id, with its producer id and epoch 0. */
  static async first(recorder: Recorder, id = recorder.name('txn')): Promise<TransactionalProducer> {
    return new TransactionalProducer(recorder, id, false).init()
  }

  static async second(recorder: Recorder, id = recorder.name('txn')): Promise<TransactionalProducer> {
    return new TransactionalProducer(recorder, id, true).init()
  }

  /** What it is, for a request. */
  get identity() {
    const { id, producerId, producerEpoch } = this
    return { transactionalId: id, producerId, producerEpoch }
  }

  async init(timeoutMs = 60_000): Promise<this> {
    const body = { transactionalId: this.id, transactionTimeoutMs: timeoutMs }
    await this.recorder.coordinator(this.id, 1)
    const answer = await this.recorder.quietly('InitProducerId', 4, body)
    if (answer.errorCode !== 0) throw new Error(`compare: InitProducerId: ${answer.errorCode}`)
    this.goOnAs(answer)
    return this
  }

  private goOnAs({ producerId, producerEpoch }: { producerId: Int64; producerEpoch: number }): void {
    if (producerId !== this.producerId || producerEpoch !== this.producerEpoch) this.sequences.clear()
    this.producerId = producerId
    this.producerEpoch = producerEpoch
  }

  /** Adds partitions to the transaction, as the first protocol does it. */
  async add(topic: Topic, partitions = [0]): Promise<void> {
    const { id, producerId, producerEpoch } = this
    await this.settled()
    const { resultsByTopicV3AndBelow: results } = await this.recorder.quietly('AddPartitionsToTxn', 3, {
      v3AndBelowTransactionalId: id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic.name, partitions }],
    })
    const code = results[0]?.resultsByPartition[0]?.partitionErrorCode
    if (code !== 0) throw new Error(`compare: AddPartitionsToTxn: ${code}`)
  }

  /** A Produce of its next batch. `more` are options of the batch, for what must be wrong. */
  produceOf(topic: Topic, count = 1, more: BatchOptions = {}, index = 0) {
    const key = `${topic.name}-${index}`
    const baseSequence = more.baseSequence ?? this.sequences.get(key) ?? 0
    this.sequences.set(key, baseSequence + count)
    const { producerId, producerEpoch } = this
    const options = { producerId, producerEpoch, baseSequence, transactional: true, ...more }
    return produceOf(topic, batchOf(count, options), { transactionalId: this.id }, index)
  }

  /** Produces; with the first protocol the partition has joined the transaction before. */
  async produce(topic: Topic, count = 1, index = 0): Promise<void> {
    if (!this.second) await this.add(topic, [index])
    else await this.settled()
    const answer = await this.recorder.quietly(
      'Produce',
      this.second ? 12 : 11,
      this.produceOf(topic, count, {}, index),
    )
    const code = answer.responses[0]!.partitionResponses[0]!.errorCode
    if (code !== 0) throw new Error(`compare: Produce in a transaction: ${code}`)
  }

  /** Asks for the end, writes the answer down and waits until every marker is written. */
  async end(committed: boolean, version = this.second ? 5 : 4): Promise<void> {
    const answer = await this.recorder.call('EndTxn', version, { ...this.identity, committed })
    if (answer.errorCode === 0 && version >= 5) this.goOnAs(answer)
    await this.settled()
  }

  /** Waits until the coordinator has nothing left to do for it. */
  async settled(): Promise<void> {
    await until(`${this.id} settled`, async () => !(await this.state()).startsWith('Prepare'))
  }

  async state(): Promise<string> {
    const { transactionStates } = await this.recorder.quietly('DescribeTransactions', 0, {
      transactionalIds: [this.id],
    })
    return transactionStates[0]!.transactionState
  }

  /** Records how the coordinator describes it. */
  async shown(): Promise<void> {
    await this.recorder.call('DescribeTransactions', 0, { transactionalIds: [this.id] })
  }
}

/** An idempotent producer: its batches by sequence number. */
export class IdempotentProducer {
  readonly producerId: Int64
  private readonly recorder: Recorder
  private readonly topic: Topic

  private constructor(recorder: Recorder, topic: Topic, producerId: Int64) {
    this.recorder = recorder
    this.topic = topic
    this.producerId = producerId
  }

  static async to(recorder: Recorder, topic: Topic): Promise<IdempotentProducer> {
    const { producerId } = await recorder.quietly('InitProducerId', 4, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
    })
    return new IdempotentProducer(recorder, topic, producerId)
  }

  batch(baseSequence: number, count = 1, more: BatchOptions = {}): Uint8Array {
    return batchOf(count, { producerId: this.producerId, producerEpoch: 0, baseSequence, ...more })
  }

  /** Sends the batch that begins with this sequence number, and writes the answer down. */
  async send(baseSequence: number, count = 1, more: BatchOptions = {}): Promise<void> {
    await this.recorder.call('Produce', 11, produceOf(this.topic, this.batch(baseSequence, count, more)))
  }

  /** The same, without writing it down. */
  async sendQuietly(baseSequence: number, count = 1, more: BatchOptions = {}): Promise<void> {
    await this.recorder.quietly('Produce', 11, produceOf(this.topic, this.batch(baseSequence, count, more)))
  }

  /** Records the producer state of the partition. */
  async shown(): Promise<void> {
    await describeProducers(this.recorder, this.topic)
  }
}

export async function describeProducers({ call }: Recorder, topic: Topic, partitions = [0]): Promise<void> {
  await call('DescribeProducers', 0, { topics: [{ name: topic.name, partitionIndexes: partitions }] })
}
