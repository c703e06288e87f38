/**
 * Lab 11: a topic with its retry topics and dead letters, the records in it, and a `handle` that does with each what the
 * check has planned: it succeeds, fails so often, fails for good, or waits.
 */
import type { Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Facts, Trial } from '../engine/trial.ts'
import type { KafkaBench, ReadBack } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type Call, History, type Keyed, type Place, placeName } from './history.ts'
import { type Handle, hourMs, lateMs, marks, type Options, type Received, type Retry } from './subject.ts'

type Bytes = string | Uint8Array | null
type Headers = readonly (readonly [name: string, value: string | Uint8Array])[]

/** What becomes of a record: how often its handling fails, at which attempt it fails for good, at which it waits. */
export interface Fate {
  readonly fails?: number
  readonly poisonAt?: number
  /** The name of its errors. */
  readonly named?: string
  /** Called, and awaited, before the call ends. */
  readonly meanwhile?: (call: Call) => Promise<void> | void
}

export interface Given extends Fate {
  readonly partition?: number
  readonly key?: Bytes
  readonly value?: Bytes
  readonly headers?: Headers
}

export interface Known extends Keyed, Fate {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Headers
  /** What the errors of its handling say. */
  readonly reason: string
}

const bytesOf = (value: Bytes): Uint8Array | null =>
  typeof value === 'string' ? new TextEncoder().encode(value) : value

export const sameBytes = (a: Uint8Array | null, b: unknown): boolean =>
  a === null ? b === null : b instanceof Uint8Array && Buffer.compare(a, b) === 0

export interface DeskOptions {
  readonly partitions?: number
  /** Delays of the retry topics, ms. */
  readonly delays: readonly number[]
  /** How many partitions each of them has. */
  readonly counts?: readonly number[]
}

export class Desk {
  readonly #t: Trial<string>
  readonly #bench: KafkaBench
  readonly options: Options
  readonly records: Known[] = []
  readonly history = new History()
  /** What `handle` was called with, in order. */
  readonly received: Received[] = []
  readonly #ends: number[]

  private constructor(t: Trial<string>, bench: KafkaBench, options: Options, partitions: number) {
    this.#t = t
    this.#bench = bench
    this.options = options
    this.#ends = Array.from({ length: partitions }, () => 0)
  }

  /** Makes the topics: each has partitions of its own number. */
  static async open(
    t: Trial<string>,
    bench: KafkaBench,
    { partitions = 1, delays, counts = [2, 1, 3] }: DeskOptions,
  ): Promise<Desk> {
    const topic = bench.topicName(t.dice.freshWord())
    const retries = delays.map((delayMs, i): Retry => ({ topic: `${topic}-retry-${i + 1}`, delayMs }))
    const dead = `${topic}-dead`
    await Promise.all([
      bench.make(topic, partitions),
      ...retries.map((retry, i) => bench.make(retry.topic, counts[i] ?? 1)),
      bench.make(dead, 3),
    ])
    return new Desk(
      t,
      bench,
      { topic, group: bench.topicName(t.dice.freshWord()), retries, dead },
      partitions,
    )
  }

  /** Writes records into the topic; what their fates say happens when they are handled. */
  async send(given: readonly Given[]): Promise<Known[]> {
    const sent = given.map((one): Known => {
      const { partition = 0, key = null, value = this.#t.dice.freshWord(), headers = [], ...fate } = one
      const offset = this.#ends[partition] ?? 0
      this.#ends[partition] = offset + 1
      const keyBytes = bytesOf(key)
      return {
        ...fate,
        partition,
        offset,
        key: keyBytes,
        keyName: keyBytes === null ? null : Buffer.from(keyBytes).toString('hex'),
        value: bytesOf(value),
        headers,
        reason: `no room for ${this.#t.dice.freshWord()}`,
      }
    })
    this.records.push(...sent)
    // They were written long ago: their time says nothing about when a copy is due.
    const timestamp = Date.now() - hourMs
    await this.#bench.fill(
      this.options.topic,
      sent.map(({ partition, key, value, headers }) => ({ partition, key, value, headers, timestamp })),
    )
    return sent
  }

  /** Puts a copy into a retry topic, as an earlier run of the program would have: due in so many ms. */
  async putCopy(
    { topic }: Retry,
    { partition, key, value, headers, ...record }: Known,
    {
      into,
      attempts,
      dueInMs,
    }: { readonly into: number; readonly attempts: number; readonly dueInMs: number },
  ): Promise<void> {
    const own: Headers = [
      [marks.topic, this.options.topic],
      [marks.partition, String(partition)],
      [marks.offset, String(record.offset)],
      [marks.attempts, String(attempts)],
      [marks.due, String(Date.now() + dueInMs)],
      [marks.error, record.reason],
    ]
    await this.#bench.fill(topic, [{ partition: into, key, value, headers: [...headers, ...own] }])
  }

  /** A `handle` for one run of the program. */
  handle(): Handle {
    const handle: Handle = async (received) => {
      this.received.push(received)
      const record = this.recordOf(received)
      const call = this.history.begin(
        record ?? { partition: -1, offset: -1 },
        (received as Received | undefined)?.attempt,
      )
      const times = record === undefined ? 0 : this.history.of(record).length
      await record?.meanwhile?.(call)
      if (record?.poisonAt === times) {
        this.history.end(call, 'dead')
        throw Object.assign(new Error(record.reason), { retriable: false })
      }
      if (record !== undefined && times <= (record.fails ?? 0)) {
        this.history.end(call, times > this.options.retries.length ? 'dead' : 'failed')
        throw Object.assign(
          new Error(record.reason),
          record.named === undefined ? {} : { name: record.named },
        )
      }
      this.history.end(call, 'done')
    }
    return handle
  }

  /** Which record `handle` was called with: known by its value, else by its place. */
  recordOf(received: unknown): Known | undefined {
    const { key, value, partition, offset } = (received ?? {}) as Partial<Received>
    return this.#known(key, value, `${partition}:${offset}`)
  }

  /** Values are unique, but for null and the empty one. */
  #known(key: unknown, value: unknown, place: string): Known | undefined {
    return (
      this.records.find((one) => (one.value?.length ?? 0) > 0 && sameBytes(one.value, value)) ??
      this.records.find((one) => placeName(one) === place) ??
      this.records.find((one) => one.key !== null && sameBytes(one.key, key))
    )
  }

  /** So long nothing may happen before the check takes it that nothing will, ms: a retry may be late, a start may be slow. */
  get stillMs(): number {
    return this.#bench.ours ? lateMs + 400 : 9_000
  }

  /** Waits as long as handling or copying goes on, and until `isEnough`. False: nothing happened for too long. */
  async goesOn(client: LearnerClient, isEnough: () => boolean): Promise<boolean> {
    const moves = () => this.history.moves + client.asked('Produce').length
    const isOver = performance.now() + 12_000
    for (;;) {
      const before = moves()
      await this.#t.until(() => isEnough() || moves() > before, { ms: this.stillMs })
      if (isEnough()) return true
      if (moves() === before || performance.now() > isOver) return false
    }
  }

  /** How many records the client has sent into a topic. */
  sentTo(client: LearnerClient, topic: string): number {
    return client
      .asked('Produce')
      .flatMap(({ batches = [] }) => batches)
      .filter((batch) => batch.topic === topic)
      .reduce((sum, { records }) => sum + records, 0)
  }

  calls(record: Place): Call[] {
    return this.history.of(record)
  }

  /** What lies in a topic of copies, and whose copy each is. */
  async copies(topic: string): Promise<{ readonly copy: ReadBack; readonly of: Known | undefined }[]> {
    return (await this.#bench.read(topic)).map((copy) => ({ copy, of: this.#original(copy) }))
  }

  #original({ bytes, headers }: ReadBack): Known | undefined {
    return this.#known(bytes.key, bytes.value, `${headers[marks.partition]}:${headers[marks.offset]}`)
  }

  /** A key in words: short, and in quotation marks. */
  static keyInWords({ key }: Known): string {
    if (key === null) return 'null'
    const text = Buffer.from(key).toString()
    return Buffer.compare(Buffer.from(text), key) === 0 ? show(text) : show(key)
  }

  /** The calls in order, with the records that are named marked: `0:4 ✓`, `0:4 ✗` for one that failed, `…` for one that is open. */
  picture(marked: readonly Place[]): Picture {
    const bad = new Set(marked.map(placeName))
    const lives = [...new Set(this.history.calls.map(({ life }) => life))]
    const signs = { done: '✓', failed: '✗', dead: '✗', open: '…' } as const
    return {
      kind: 'timeline',
      lanes: lives.map((life) => {
        const calls = this.history.calls.filter((call) => call.life === life)
        const last = calls.findLastIndex((call) => bad.has(placeName(call)))
        const shown = calls.slice(Math.max(0, (last === -1 ? calls.length : last + 3) - 9)).slice(0, 9)
        return {
          name: laneName(life, lives.length),
          cells: shown.map((call) => `${placeName(call)} ${signs[call.ending]}`),
          wrong: shown.flatMap((call, at) => (bad.has(placeName(call)) ? [at] : [])),
        }
      }),
    }
  }
}

function laneName(life: number, count: number) {
  if (count === 1) return { en: 'calls of handle', ru: 'вызовы handle' }
  return life === 1
    ? { en: 'before the crash', ru: 'до падения' }
    : { en: 'after the restart', ru: 'после перезапуска' }
}

/** Facts about a record, for words. */
export const factsOf = (record: Known): Facts => ({
  place: placeName(record),
  key: Desk.keyInWords(record),
})
