/**
 * Two producers: one that does not retry and one that is idempotent.
 *
 *   plain        a response has the offset of the record; without one the record was stored once, or not
 *   idempotent   five batches in flight; after a crash they are sent again unchanged, and none is stored twice. Sometimes
 *                acknowledged ones are sent again as well, as if the responses had been lost
 */
import { InitProducerIdRequest, InitProducerIdResponse } from '../../../src/messages/init-producer-id.ts'
import { NODE_CODECS } from '../../../src/node/compression/codecs.ts'
import { buildBatch } from '../../../src/record/batch-builder.ts'
import { Codec } from '../../../src/record/compression.ts'
import { ErrorCode, errorName } from '../../../src/wire/errors.ts'
import type { Int64 } from '../../../src/wire/int64.ts'
import { Gone } from './caller.ts'
import { type ReadRecord, readPartition } from './read-back.ts'
import { nameOf, padded, produce, type Worker, type WorkerTools } from './worker.ts'

const IN_FLIGHT_MAX = 5
const AGAIN_PERCENT = 5

/** A batch that was acknowledged. */
interface Sent {
  readonly batch: Uint8Array
  readonly baseOffset: number
}

export class PlainProducer implements Worker {
  readonly name = 'plain'
  acknowledged = 0
  private readonly tools: WorkerTools
  private readonly partitions: number
  /** By partition and offset. */
  private readonly acked = new Map<string, string>()
  private sent = 0

  constructor(tools: WorkerTools, partitions: number) {
    this.tools = tools
    this.partitions = partitions
  }

  async run(): Promise<void> {
    const { caller, random, isOver } = this.tools
    while (!isOver()) {
      try {
        await caller.connected()
        const names = Array.from({ length: 1 + random.int(3) }, () => `p${this.sent++}`)
        const partition = random.int(this.partitions)
        const batch = buildBatch(
          names.map((name) => ({ key: null, value: padded(name, random), timestamp: Date.now() })),
        )
        const { errorCode, baseOffset } = await produce(caller, this.name, partition, batch, {
          retry: 'once',
        })
        if (errorCode !== ErrorCode.NONE) throw new Error(`plain: ${errorName(errorCode)}`)
        for (const [i, name] of names.entries()) this.acked.set(`${partition}@${baseOffset + i}`, name)
        this.acknowledged += names.length
      } catch (error) {
        if (!(error instanceof Gone)) throw error
      }
    }
  }

  async verify(): Promise<void> {
    const seen = new Set<string>()
    let found = 0
    for (let partition = 0; partition < this.partitions; partition++) {
      const { records, gaps, endOffset } = await readPartition(this.tools.caller, this.name, partition)
      if (gaps > 0 || records.length !== endOffset) throw new Error(`plain-${partition}: offsets have gaps`)
      for (const { offset, value } of records) {
        const name = nameOf(value)
        if (seen.has(name))
          throw new Error(`plain-${partition}: ${name} is there twice, the second time at ${offset}`)
        seen.add(name)
        const acked = this.acked.get(`${partition}@${offset}`)
        if (acked === undefined) continue
        if (acked !== name)
          throw new Error(`plain-${partition}: ${offset} is ${name}, ${acked} was acknowledged`)
        found++
      }
    }
    if (found !== this.acked.size)
      throw new Error(`plain: ${this.acked.size - found} acknowledged records are lost`)
  }
}

export class IdempotentProducer implements Worker {
  readonly name = 'idempotent'
  acknowledged = 0
  private readonly tools: WorkerTools
  private readonly offsets: number[] = []
  private producerId: Int64 = -1
  private producerEpoch = -1
  private sequence = 0

  constructor(tools: WorkerTools) {
    this.tools = tools
  }

  async run(): Promise<void> {
    const { caller, isOver } = this.tools
    const body = { transactionalId: null, transactionTimeoutMs: 60_000 }
    const answer = await caller.call(InitProducerIdRequest, InitProducerIdResponse, 4, body)
    this.producerId = answer.producerId
    this.producerEpoch = answer.producerEpoch
    while (!isOver()) {
      const losses = caller.losses
      const sent = await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, () => this.sendOne()))
      if (caller.losses === losses && !this.tools.random.chance(AGAIN_PERCENT)) continue
      for (const each of sent.slice(0, -1)) {
        if (caller.losses === losses) await this.sendAgain(each, () => caller.losses > losses)
      }
      await this.sendAgain(sent.at(-1)!, () => false)
    }
  }

  /**
   * A client whose responses were lost. A running broker knows the last five batches of a producer; a restarted one only
   * the last for sure, because snapshots hold no more.
   */
  private async sendAgain({ batch, baseOffset }: Sent, mayBeForgotten: () => boolean): Promise<void> {
    const answer = await produce(this.tools.caller, this.name, 0, batch)
    if (answer.errorCode === ErrorCode.NONE && answer.baseOffset === baseOffset) return
    if (answer.errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER && mayBeForgotten()) return
    const what = `${errorName(answer.errorCode)} ${answer.baseOffset}`
    throw new Error(`idempotent: the batch at ${baseOffset}, sent again: ${what}`)
  }

  private async sendOne(): Promise<Sent> {
    const { caller, random } = this.tools
    const first = this.sequence
    const count = 1 + random.int(3)
    this.sequence += count
    const records = Array.from({ length: count }, (_, i) => ({
      key: null,
      value: padded(`i${first + i}`, random),
      timestamp: Date.now(),
    }))
    const { producerId, producerEpoch } = this
    const batch = buildBatch(records, {
      producerId,
      producerEpoch,
      baseSequence: first,
      codec: random.chance(30) ? Codec.GZIP : Codec.NONE,
      codecs: NODE_CODECS,
    })
    const { errorCode, baseOffset } = await produce(caller, this.name, 0, batch)
    if (errorCode !== ErrorCode.NONE)
      throw new Error(`idempotent: sequence ${first}: ${errorName(errorCode)}`)
    for (let i = 0; i < count; i++) this.offsets[first + i] = baseOffset + i
    this.acknowledged += count
    return { batch, baseOffset }
  }

  async verify(): Promise<void> {
    const { records, gaps } = await readPartition(this.tools.caller, this.name, 0)
    if (gaps > 0) throw new Error('idempotent: offsets have gaps')
    for (const [i, record] of records.entries()) this.checkRecord(i, record)
    if (records.length < this.offsets.length) {
      throw new Error(`idempotent: ${this.offsets.length} were acknowledged, ${records.length} are there`)
    }
  }

  private checkRecord(i: number, { offset, value }: ReadRecord): void {
    const name = nameOf(value)
    if (name !== `i${i}`) throw new Error(`idempotent: ${offset} is ${name}, i${i} was expected`)
    const promised = this.offsets[i]
    if (promised !== undefined && promised !== offset) {
      throw new Error(`idempotent: ${name} is at ${offset}, ${promised} was promised`)
    }
  }
}
