/**
 * Lab 07: a group that reads a topic, as a check sees it: the `handle` that the learner's code is given, the history that
 * it writes, and the waiting until the topic has been read.
 */
import type { Picture } from '../engine/picture.ts'
import type { Trial } from '../engine/trial.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type Call, History, type Place, placeName } from './history.ts'
import type { Known } from './records.ts'
import { type Handle, type Received, stepMs } from './subject.ts'

/** What a call of `handle` does, beside being written down: it may wait, never end, or throw. */
export type Behave = (place: Place, call: Call) => Promise<void> | void

/** After so many fetches in a row that brought nothing, while nothing is handled, nothing more will come. */
const idleFetches = 6

export class Reader {
  readonly group: string
  readonly topic: string
  readonly wanted: readonly Known[]
  readonly history: History
  /** What `handle` was called with, in order. */
  readonly received: Received[] = []

  /** `history`: what the group has handled before. */
  constructor(group: string, topic: string, wanted: readonly Known[], history = new History()) {
    this.group = group
    this.topic = topic
    this.wanted = wanted
    this.history = history
  }

  /** A `handle` for one run of the learner's consumer. */
  handle(behave: Behave = () => {}): Handle {
    const handle: Handle = async (record) => {
      this.received.push(record)
      const place = placeIn(record)
      const call = this.history.begin(place)
      try {
        await behave(place, call)
        this.history.end(call, 'done')
      } catch (error) {
        this.history.end(call, 'failed')
        throw error
      }
    }
    return handle
  }

  /** Every record was given to `handle`, and no call is open. */
  get hasReadAll(): boolean {
    const called = new Set(this.history.calls.map(placeName))
    return this.history.open.length === 0 && this.wanted.every((place) => called.has(placeName(place)))
  }

  /** The last record of each partition; offsets rise, so it is the last that a right program handles. */
  get #lasts(): Known[] {
    return this.wanted.filter(
      (one) => !this.wanted.some((other) => other.partition === one.partition && other.offset > one.offset),
    )
  }

  /**
   * The last record of each partition was handled, by a call that succeeded or, where `failedCounts`, by one that has
   * ended.
   */
  isThrough(failedCounts = false): boolean {
    const endings = failedCounts ? ['done', 'failed'] : ['done']
    return this.#lasts.every((last) =>
      this.history.calls.some((call) => placeName(call) === placeName(last) && endings.includes(call.ending)),
    )
  }

  /**
   * A question to be asked again and again: has the client asked for more several times since the last call of `handle`, and
   * got nothing?
   */
  idleness(client: LearnerClient): () => boolean {
    let movesThen = -1
    let fetchesThen = 0
    return () => {
      const fetches = client.answered('Fetch')
      if (this.history.moves !== movesThen) {
        movesThen = this.history.moves
        fetchesThen = fetches.length
      }
      return (
        this.history.open.length === 0 &&
        fetches.length - fetchesThen >= idleFetches &&
        fetches.slice(-idleFetches).every(({ records }) => records === 0)
      )
    }
  }

  /**
   * Waits until the topic has been read: `through`; `idle` when the client has asked for more, and got nothing, several
   * times; `late` when nothing happened for as long as the page allows. `isEnough` ends the waiting.
   */
  async readOn(
    t: Trial<string>,
    client: LearnerClient | undefined,
    options: { readonly failedCounts?: boolean; readonly isEnough?: () => boolean } = {},
  ): Promise<'through' | 'idle' | 'late'> {
    const { history } = this
    const isThrough = () => options.isEnough?.() === true || this.isThrough(options.failedCounts)
    const isIdle = client === undefined ? () => false : this.idleness(client)
    for (;;) {
      const before = history.moves
      const how = await t.until(() => isThrough() || isIdle() || history.moves > before, { ms: stepMs })
      if (isThrough()) return 'through'
      if (isIdle()) return 'idle'
      if (how === 'late') return 'late'
    }
  }
}

/** The place that a record names, whichever type its offset has; NaN where it names none. */
export function placeIn(record: unknown): Place {
  const { partition, offset } = (record ?? {}) as Partial<Received>
  const isOffset = ['string', 'bigint', 'number'].includes(typeof offset) && /^\d+$/.test(String(offset))
  return {
    partition: typeof partition === 'number' ? partition : Number.NaN,
    offset: isOffset ? Number(offset) : Number.NaN,
  }
}

/** Calls around the crash, life by life: `12 ✓`, `13 …` for one that was open, `13 ✗` for one that failed. */
export function lives(reader: Reader, partition: number, marked: readonly Place[]): Picture {
  const bad = new Set(marked.map(placeName))
  const around = 7
  const lanes = Array.from({ length: reader.history.life }, (_, i) => i + 1).map((life) => {
    const calls = reader.history.calls.filter((call) => call.life === life && call.partition === partition)
    // The end of a life that a crash ended, unless what is marked lies before; else what is around the first marked one.
    const first = calls.findIndex((call) => bad.has(placeName(call)))
    const last = calls.findLastIndex((call) => bad.has(placeName(call)))
    const end = calls.length - around
    const isAtEnd = life < reader.history.life && (last === -1 || last >= end)
    const from = isAtEnd ? end : first - Math.floor(around / 2)
    const shown = calls.slice(Math.max(0, from)).slice(0, around)
    return {
      name: nameOf(life, reader.history.life),
      cells: shown.map((call) => `${call.offset} ${{ done: '✓', open: '…', failed: '✗' }[call.ending]}`),
      wrong: shown.flatMap((call, at) => (bad.has(placeName(call)) ? [at] : [])),
    }
  })
  return { kind: 'timeline', lanes }
}

function nameOf(life: number, count: number) {
  if (count === 1) return { en: 'calls of handle', ru: 'вызовы handle' }
  return life === 1
    ? { en: 'before the crash', ru: 'до падения' }
    : { en: 'after the restart', ru: 'после перезапуска' }
}
