/**
 * Lab 08: one group as a check sees it: its database, the `handle` that the learner's code is given, and what both have
 * seen over all lives of the program.
 *
 *   handle call 7 for 0:4   ->  changes { 'effect 7': '0:4' }   ->  save(changes)  ->  the row 'effect 7'
 *
 * Each call of `handle` gives a row of its own, so what is saved twice is there twice: whatever a program does, the
 * effects of an event are the rows that name it.
 *
 * DESK-1  a save is done at one moment: all rows or none
 * DESK-2  what reaches the desk of a life that has ended changes nothing
 */
import type { Picture } from '../engine/picture.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import type { Changes, ConsumeOptions, Handle, Place, Received, Store } from './subject.ts'
import { stepMs } from './subject.ts'

/** A record that the check has sent. */
export interface Sent extends Place {
  readonly id: string
  readonly timestamp: number
  readonly key: string | null
  readonly value: string
}

export interface Call extends Place {
  readonly number: number
  readonly life: number
  readonly began: number
  ended: number
  ending: 'open' | 'given' | 'failed'
}

/** A call of `save`: the calls of `handle` whose changes it holds, and whether it is done. */
export interface Save {
  readonly life: number
  readonly effects: readonly string[]
  readonly changes: Changes
  isDone: boolean
}

/** What `handle` does beside giving its changes: it may wait, never end, or throw. */
export type BehaveAtHandle = (place: Place, call: Call) => Promise<void> | void
/** The same for `save`: before anything is done, and when all is. */
export interface BehaveAtSave {
  readonly before?: (save: Save) => Promise<void> | void
  readonly after?: (save: Save) => Promise<void> | void
}

export const placeName = ({ partition, offset }: Place): string => `${partition}:${offset}`
const effectName = 'effect '
const ownName = 'memory:'
/** After so many fetches in a row that brought nothing, while nothing is handled, nothing more will come. */
const idleFetches = 6

export class Desk {
  readonly group: string
  readonly topic: string
  readonly keepMs: number
  /** Records whose changes are to be saved, once. */
  readonly events: readonly Sent[]
  /** Records that are to have no effect. */
  readonly duplicates: readonly Sent[]
  readonly calls: Call[] = []
  readonly received: Received[] = []
  readonly saves: Save[] = []
  /** Lives in which something that was saved under `memory:` has been loaded. */
  readonly remembered = new Set<number>()
  readonly rows = new Map<string, string>()
  #life = 1
  #moves = 0
  /** Calls of `load` and `save` that have not ended. */
  #busy = 0

  constructor(options: {
    readonly group: string
    readonly topic: string
    readonly keepMs: number
    readonly events: readonly Sent[]
    readonly duplicates?: readonly Sent[]
  }) {
    this.group = options.group
    this.topic = options.topic
    this.keepMs = options.keepMs
    this.events = options.events
    this.duplicates = options.duplicates ?? []
  }

  get life(): number {
    return this.#life
  }

  /** Rises with each event. */
  get moves(): number {
    return this.#moves
  }

  /** Calls of `handle` that have begun in this life and not ended. */
  get open(): readonly Call[] {
    return this.calls.filter(({ life, ending }) => life === this.#life && ending === 'open')
  }

  /** The last argument of `consumeOnce`, for one run of the learner's program. */
  options(atHandle: BehaveAtHandle = () => {}, atSave: BehaveAtSave = {}): ConsumeOptions {
    const life = this.#life
    return { keepMs: this.keepMs, handle: this.#handle(life, atHandle), store: this.#store(life, atSave) }
  }

  #handle(life: number, behave: BehaveAtHandle): Handle {
    const handle: Handle = async (record) => {
      if (life !== this.#life) return {}
      this.received.push(record)
      const place = placeIn(record)
      const call: Call = {
        ...place,
        number: this.calls.length + 1,
        life,
        began: ++this.#moves,
        ended: Number.POSITIVE_INFINITY,
        ending: 'open',
      }
      this.calls.push(call)
      try {
        await behave(place, call)
        call.ending = 'given'
        return { [`${effectName}${call.number}`]: placeName(place) }
      } catch (error) {
        call.ending = 'failed'
        throw error
      } finally {
        call.ended = ++this.#moves
      }
    }
    return handle
  }

  #store(life: number, behave: BehaveAtSave): Store {
    const busy = async <T>(work: () => Promise<T>): Promise<T> => {
      this.#busy++
      try {
        return await work()
      } finally {
        this.#busy--
        this.#moves++
      }
    }
    return {
      load: (name: string) =>
        busy(async () => {
          const value = this.rows.get(name) ?? null
          if (value !== null && name.startsWith(ownName)) this.remembered.add(life)
          return value
        }),
      save: (changes: Changes) =>
        busy(async () => {
          const effects = Object.keys(changes).filter((name) => name.startsWith(effectName))
          const save: Save = { life, effects, changes, isDone: false }
          this.saves.push(save)
          await behave.before?.(save)
          if (life !== this.#life) return
          for (const [name, value] of Object.entries(changes)) {
            if (value === null) this.rows.delete(name)
            else this.rows.set(name, String(value))
          }
          save.isDone = true
          await behave.after?.(save)
        }),
    }
  }

  /** The program is gone; what begins from now on belongs to its next life. */
  nextLife(): void {
    this.#life++
    this.#moves++
    this.#busy = 0
  }

  /** How many rows name each record. */
  effects(): Map<string, number> {
    const times = new Map<string, number>()
    for (const [name, place] of this.rows)
      if (name.startsWith(effectName)) times.set(place, (times.get(place) ?? 0) + 1)
    return times
  }

  /** Events whose changes are not saved; saved more than once; and duplicates whose changes are saved. */
  get lost(): Sent[] {
    const times = this.effects()
    return this.events.filter((one) => !times.has(placeName(one)))
  }

  get doubled(): Sent[] {
    const times = this.effects()
    return this.events.filter((one) => (times.get(placeName(one)) ?? 0) > 1)
  }

  /** Duplicates that `handle` was called with. */
  get handledDuplicates(): Sent[] {
    const called = new Set(this.calls.map(placeName))
    return this.duplicates.filter((one) => called.has(placeName(one)))
  }

  /** Characters under `memory:`, names and strings. */
  get ownSize(): number {
    let size = 0
    for (const [name, value] of this.rows) if (name.startsWith(ownName)) size += name.length + value.length
    return size
  }

  /** Rows that are neither what `handle` gave nor the program's own. */
  get strangeNames(): string[] {
    return [...this.rows.keys()].filter((name) => !name.startsWith(ownName) && !name.startsWith(effectName))
  }

  /** A question to be asked again and again: did the client ask for more several times, and get nothing? */
  idleness(client: LearnerClient): () => boolean {
    let movesThen = -1
    let fetchesThen = 0
    return () => {
      const fetches = client.answered('Fetch')
      if (this.#moves !== movesThen) {
        movesThen = this.#moves
        fetchesThen = fetches.length
      }
      return (
        this.open.length === 0 &&
        this.#busy === 0 &&
        fetches.length - fetchesThen >= idleFetches &&
        fetches.slice(-idleFetches).every(({ records }) => records === 0)
      )
    }
  }

  /**
   * Waits until the topic has been read: `idle` when the client has asked for more, and got nothing, several times, or when
   * `isEnough` says so; `late` when nothing happened for as long as the page allows.
   */
  async readOn(
    t: Trial<string>,
    client: LearnerClient,
    isEnough: () => boolean = () => false,
  ): Promise<'idle' | 'late'> {
    const isIdle = this.idleness(client)
    for (;;) {
      const before = this.#moves
      const how = await t.until(() => isEnough() || isIdle() || this.#moves > before, { ms: stepMs })
      if (isEnough() || isIdle()) return 'idle'
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

/** Sends the records, in the order given; each partition's come to the learner in one batch. */
export async function send(bench: KafkaBench, topic: string, records: readonly Sent[]): Promise<void> {
  await bench.fill(
    topic,
    records.map(({ partition, id, timestamp, key, value }) => ({
      partition,
      timestamp,
      key,
      value,
      headers: { id },
    })),
  )
}

/** Some hours ago, so that no broker takes the timestamps for those of the future, and no retention deletes them. */
export const someHoursAgo = (): number => Date.now() - 4 * 3_600_000

/** So many events in each partition, a millisecond or a few after each other, all with ids of their own. */
export function eventsFor(t: Trial<string>, lengths: readonly number[]): Sent[] {
  let atMs = someHoursAgo()
  return lengths.flatMap((length, partition) =>
    Array.from({ length }, (_, offset) => {
      atMs += t.dice.int(1, 9)
      return {
        partition,
        offset,
        id: t.dice.freshWord(),
        timestamp: atMs,
        key: offset % 3 === 0 ? null : t.dice.freshWord(),
        value: t.dice.freshWord(),
      }
    }),
  )
}

/** Calls around the crash, life by life: `12 ✓` its changes are saved, `12 …` it is not, `12 ✗` it failed. */
export function lives(desk: Desk, partition: number, marked: readonly Place[]): Picture {
  const bad = new Set(marked.map(placeName))
  const around = 7
  const lanes = Array.from({ length: desk.life }, (_, i) => i + 1).map((life) => {
    const calls = desk.calls.filter((call) => call.life === life && call.partition === partition)
    const last = calls.findLastIndex((call) => bad.has(placeName(call)))
    const first = calls.findIndex((call) => bad.has(placeName(call)))
    const end = calls.length - around
    const isAtEnd = life < desk.life && (last === -1 || last >= end)
    const shown = calls.slice(Math.max(0, isAtEnd ? end : first - Math.floor(around / 2))).slice(0, around)
    const sign = ({ number, ending }: Call) =>
      ending === 'failed' ? '✗' : desk.rows.has(`${effectName}${number}`) ? '✓' : '…'
    return {
      name: nameOf(life, desk.life),
      cells: shown.map((call) => `${call.offset} ${sign(call)}`),
      wrong: shown.flatMap((call, at) => (bad.has(placeName(call)) ? [at] : [])),
    }
  })
  return { kind: 'timeline', lanes }
}

function nameOf(life: number, count: number) {
  if (count === 1) return { en: 'calls of handle', ru: 'вызовы handle' }
  return life === 1
    ? { en: 'the first run', ru: 'первый запуск' }
    : { en: 'the second run', ru: 'второй запуск' }
}
