/**
 * A transactional producer, of either generation of the protocol (transaction.version 1 or 2, KIP-890).
 *
 *   begin -> some batches to two partitions -> offsets of a group -> commit or abort
 *
 * If the broker is killed, it continues like Java's client and sends requests without a response again. Or it gives up,
 * like a restarted application: InitProducerId fences its former epoch and aborts its open transaction.
 *
 * Promises: of a committed transaction every record is visible, once, and its offsets are committed; of an aborted one,
 * nothing; of one whose client gave up during EndTxn, all or nothing.
 */
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from '../../../src/messages/add-offsets-to-txn.ts'
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../../src/messages/add-partitions-to-txn.ts'
import { EndTxnRequest, EndTxnResponse } from '../../../src/messages/end-txn.ts'
import { InitProducerIdRequest, InitProducerIdResponse } from '../../../src/messages/init-producer-id.ts'
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../../../src/messages/txn-offset-commit.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import { Gone } from './caller.ts'
import { committedOffset } from './committed-offset.ts'
import { readPartition } from './read-back.ts'
import { expectNone, nameOf, padded, produce, settled, type Worker, type WorkerTools } from './worker.ts'

const PARTITIONS = 2
const GIVE_UP_PERCENT = 30
const ABORT_PERCENT = 20
/** Sends an acknowledged request again, as if the response had been lost. */
const LOST_ANSWER_PERCENT = 10

type Outcome = 'committed' | 'aborted' | 'unknown'
interface Transaction {
  readonly number: number
  records: number
  hasOffsets: boolean
  outcome: Outcome
}

export class TransactionalProducer implements Worker {
  readonly name: string
  acknowledged = 0
  private readonly tools: WorkerTools
  private readonly generation: 1 | 2
  private readonly transactions: Transaction[] = []
  private producerId: Int64 = -1
  private producerEpoch = -1
  private sequences: number[] = []
  private lossesAtBegin = 0

  constructor(tools: WorkerTools, generation: 1 | 2) {
    this.tools = tools
    this.generation = generation
    this.name = `transactions-${generation}`
  }

  async run(): Promise<void> {
    await this.init()
    while (!this.tools.isOver()) {
      const transaction: Transaction = {
        number: this.transactions.length,
        records: 0,
        hasOffsets: false,
        outcome: 'aborted',
      }
      this.transactions.push(transaction)
      this.lossesAtBegin = this.tools.caller.losses
      try {
        await this.fill(transaction)
        await this.end(transaction)
      } catch (error) {
        if (!(error instanceof Gone)) throw error
        if (this.tools.isOver()) return
        await this.init()
      }
    }
  }

  /** Throws Gone if the broker was lost and the random choice is to give up. */
  private mayGiveUp(): void {
    const { caller, random } = this.tools
    if (caller.losses === this.lossesAtBegin) return
    this.lossesAtBegin = caller.losses
    if (random.chance(GIVE_UP_PERCENT)) throw new Gone('given up')
  }

  private async init(): Promise<void> {
    const body = { transactionalId: this.name, transactionTimeoutMs: 60_000 }
    await expectNone(`${this.name}: InitProducerId`, async () => {
      const answer = await this.tools.caller.call(InitProducerIdRequest, InitProducerIdResponse, 4, body)
      this.producerId = answer.producerId
      this.producerEpoch = answer.producerEpoch
      return answer.errorCode
    })
    this.sequences = []
  }

  private async fill(transaction: Transaction): Promise<void> {
    const { random } = this.tools
    const added = new Set<number>()
    for (let left = 1 + random.int(4); left > 0; left--) {
      const partition = random.int(PARTITIONS)
      if (this.generation === 1 && !added.has(partition)) await this.addPartition(partition)
      added.add(partition)
      await this.append(transaction, partition)
      this.mayGiveUp()
    }
    if (random.chance(70)) await this.commitOffsets(transaction)
    this.mayGiveUp()
  }

  private async append(transaction: Transaction, partition: number): Promise<void> {
    const { caller, random } = this.tools
    const records = Array.from({ length: 1 + random.int(3) }, () => ({
      key: null,
      value: padded(`${transaction.number}:${transaction.records++}`, random),
      timestamp: Date.now(),
    }))
    const { producerId, producerEpoch, name } = this
    const baseSequence = this.sequences[partition] ?? 0
    this.sequences[partition] = baseSequence + records.length
    const batch = buildBatch(records, { producerId, producerEpoch, baseSequence, transactional: true })
    const version = this.generation === 2 ? 12 : 11
    const send = () =>
      expectNone(`${name}: Produce of ${transaction.number}, sequence ${baseSequence}`, async () => {
        return (await produce(caller, name, partition, batch, { transactionalId: name, version })).errorCode
      })
    await send()
    if (random.chance(LOST_ANSWER_PERCENT)) await send()
  }

  private async addPartition(partition: number): Promise<void> {
    const { caller } = this.tools
    await expectNone(`${this.name}: AddPartitionsToTxn`, async () => {
      const { resultsByTopicV3AndBelow: results } = await caller.call(
        AddPartitionsToTxnRequest,
        AddPartitionsToTxnResponse,
        3,
        {
          v3AndBelowTransactionalId: this.name,
          v3AndBelowProducerId: this.producerId,
          v3AndBelowProducerEpoch: this.producerEpoch,
          v3AndBelowTopics: [{ name: this.name, partitions: [partition] }],
        },
      )
      return results[0]!.resultsByPartition[0]!.partitionErrorCode
    })
  }

  private get identity() {
    const { name: transactionalId, producerId, producerEpoch } = this
    return { transactionalId, producerId, producerEpoch }
  }

  private async commitOffsets(transaction: Transaction): Promise<void> {
    const { caller } = this.tools
    const groupId = this.name
    if (this.generation === 1) {
      await expectNone(`${this.name}: AddOffsetsToTxn`, async () => {
        const body = { ...this.identity, groupId }
        return (await caller.call(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, 3, body)).errorCode
      })
    }
    const partition = { partitionIndex: 0, committedOffset: transaction.number, committedMetadata: '' }
    await expectNone(`${this.name}: TxnOffsetCommit`, async () => {
      const { topics } = await caller.call(
        TxnOffsetCommitRequest,
        TxnOffsetCommitResponse,
        this.generation === 2 ? 5 : 4,
        { ...this.identity, groupId, topics: [{ name: 'plain', partitions: [partition] }] },
      )
      return topics[0]!.partitions[0]!.errorCode
    })
    transaction.hasOffsets = true
  }

  private async end(transaction: Transaction): Promise<void> {
    const { caller, random } = this.tools
    const committed = !random.chance(ABORT_PERCENT)
    const isPatient = !random.chance(GIVE_UP_PERCENT)
    transaction.outcome = committed ? 'unknown' : 'aborted'
    const version = this.generation === 2 ? 5 : 3
    let producerId: Int64 = -1
    let producerEpoch = -1
    const send = () =>
      settled(async () => {
        const body = { ...this.identity, committed }
        const retry = isPatient ? 'again' : 'once'
        const answer = await caller.call(EndTxnRequest, EndTxnResponse, version, body, retry)
        producerId = answer.producerId
        producerEpoch = answer.producerEpoch
        return answer.errorCode
      })
    let errorCode = await send()
    if (errorCode === ErrorCode.NONE) transaction.outcome = committed ? 'committed' : 'aborted'
    if (random.chance(LOST_ANSWER_PERCENT)) errorCode = await send()
    if (errorCode !== 0)
      throw new Error(`${this.name}: EndTxn of ${transaction.number}: ${errorName(errorCode)}`)
    this.acknowledged++
    if (this.generation === 1) return
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.sequences = []
  }

  async verify(): Promise<void> {
    // Open transactions are ended first, so that nothing is held back from consumers.
    await this.init()
    const seen = new Map<number, Set<string>>()
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const { gaps } = await readPartition(this.tools.caller, this.name, partition)
      if (gaps > 0) throw new Error(`${this.name}-${partition}: offsets have gaps`)
      const { records } = await readPartition(this.tools.caller, this.name, partition, 'read_committed')
      for (const { value } of records) this.see(seen, nameOf(value))
    }
    for (const transaction of this.transactions)
      this.checkAtomic(transaction, seen.get(transaction.number)?.size ?? 0)
    await this.checkOffsets((transaction) => seen.has(transaction.number))
  }

  private see(seen: Map<number, Set<string>>, name: string): void {
    const number = Number(name.split(':')[0])
    const names = seen.get(number) ?? new Set()
    if (names.has(name)) throw new Error(`${this.name}: ${name} is there twice`)
    seen.set(number, names.add(name))
  }

  private checkAtomic({ number, records, outcome }: Transaction, seen: number): void {
    const isRight = {
      committed: seen === records,
      aborted: seen === 0,
      unknown: seen === 0 || seen === records,
    }
    if (!isRight[outcome])
      throw new Error(`${this.name}: of ${number}, ${outcome}, ${seen} of ${records} records are seen`)
  }

  private async checkOffsets(isCommitted: (transaction: Transaction) => boolean): Promise<void> {
    const last = this.transactions.filter((each) => each.hasOffsets && isCommitted(each)).at(-1)
    const found = await committedOffset(this.tools.caller, this.name, 'plain', 0)
    if (found !== (last?.number ?? -1)) {
      throw new Error(
        `${this.name}: the group is at ${found}, the last transaction committed ${last?.number}`,
      )
    }
  }
}
