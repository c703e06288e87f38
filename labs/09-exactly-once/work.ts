/**
 * Lab 09: one piece of work for `startProcessor`, over all lives of the program: a source, a target, a group, an id, and what
 * `transform` gives for each record. What is promised is a promise about the target: each result counts once.
 *
 *   source 0:4  ──transform──▶  [ { key, value }, { key, value } ]  ──▶  target
 *   source 0:5  ──transform──▶  [ ]                                      nothing, and the offset moves all the same
 *
 * WORK-1  results are the same at each call with a record, and no two records have a value of a result in common
 * WORK-2  a call belongs to the instance whose settings it came by, also when that one is a zombie
 */
import type { Picture } from '../engine/picture.ts'
import type { Text } from '../engine/text.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import { type Outgoing, type Received, type Settings, stepMs } from './subject.ts'

export interface Place {
  readonly partition: number
  readonly offset: number
}

/** A record of the source that counts, and what `transform` gives for it. */
export interface Known extends Place {
  readonly key: string | null
  readonly value: string
  readonly results: readonly Outgoing[]
}

export interface Call extends Place {
  /** Which start of the processor, from 1. */
  readonly life: number
  ending: 'open' | 'done' | 'failed'
}

/** What a call of `transform` does beside being written down: it may wait, never end, or throw. */
export type Behave = (place: Place, call: Call) => Promise<void> | void

/** After so many fetches in a row that brought nothing, while `transform` does nothing, nothing more will come. */
const idleFetches = 6
/** What is committed counts a moment later, when its markers are written; on a real cluster that takes some ms. */
const markersMsMax = 1_500
const pollMs = 20

export const placeName = ({ partition, offset }: Place): string => `${partition}:${offset}`

/** Results of the nth record of a partition: two, none, one, three, and again; with two keys in turns. */
export function resultsFor(t: Trial<string>, keys: readonly string[], nth: number): Outgoing[] {
  const count = [2, 0, 1, 3][nth % 4] ?? 0
  return t.dice
    .freshWords(count)
    .map((value, i) => ({ key: keys[(nth + i) % keys.length] ?? '', value: `${value} ${nth}` }))
}

/** As many records in each partition as `lengths` says, from offset 0 on; keys of results belong to one partition. */
export function recordsFor(t: Trial<string>, lengths: readonly number[], from = 0): Known[] {
  return lengths.flatMap((length, partition) => {
    const keys = t.dice.freshWords(2)
    return Array.from({ length }, (_, i) => ({
      partition,
      offset: from + i,
      key: i % 3 === 0 ? null : t.dice.freshWord(),
      value: t.dice.freshWord(),
      results: resultsFor(t, keys, i),
    }))
  })
}

/** Writes records to a topic: those of a partition come to the learner in one batch. */
export async function fill(bench: KafkaBench, topic: string, records: readonly Known[]): Promise<void> {
  await bench.fill(
    topic,
    records.map(({ partition, key, value }) => ({ partition, key, value })),
  )
}

/** Makes a source with so many records in each partition. */
export async function sourceOf(
  t: Trial<string>,
  bench: KafkaBench,
  lengths: readonly number[],
): Promise<{ source: string; records: Known[] }> {
  const source = await bench.topic(t.dice.freshWord(), lengths.length)
  const records = recordsFor(t, lengths)
  await fill(bench, source, records)
  return { source, records }
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

export class Work {
  readonly source: string
  readonly target: string
  readonly group: string
  readonly transactionalId: string
  /** What counts in the source so far. */
  readonly records: Known[]
  readonly calls: Call[] = []
  /** What `transform` was called with, in order. */
  readonly received: Received[] = []
  /** Calls of `onEnded`. */
  readonly ended: { readonly life: number; readonly why: unknown }[] = []
  /** The clients of its starts, in order. */
  readonly clients: LearnerClient[] = []
  /** Rises when `transform` begins or ends, and with each `onEnded`. */
  moves = 0

  private constructor(source: string, target: string, names: readonly [string, string], records: Known[]) {
    this.source = source
    this.target = target
    this.group = names[0]
    this.transactionalId = names[1]
    this.records = records
  }

  /** With a target, a group and an id of its own; `names` when they shall be particular. */
  static async of(
    t: Trial<string>,
    bench: KafkaBench,
    { source, records }: { readonly source: string; readonly records: readonly Known[] },
    names?: { readonly group: string; readonly transactionalId: string },
  ): Promise<Work> {
    const target = await bench.topic(t.dice.freshWord(), 2)
    const group = names?.group ?? bench.topicName(t.dice.freshWord())
    const transactionalId = names?.transactionalId ?? bench.topicName(t.dice.freshWord())
    return new Work(source, target, [group, transactionalId], [...records])
  }

  /** Settings for its next start by this client. */
  settings(client: LearnerClient, behave: Behave = () => {}): Settings {
    this.clients.push(client)
    const life = this.clients.length
    return {
      source: this.source,
      target: this.target,
      group: this.group,
      transactionalId: this.transactionalId,
      transform: async (record) => {
        this.received.push(record)
        const place = placeIn(record)
        const call: Call = { ...place, life, ending: 'open' }
        this.calls.push(call)
        this.moves++
        try {
          await behave(place, call)
          call.ending = 'done'
        } catch (error) {
          call.ending = 'failed'
          throw error
        } finally {
          this.moves++
        }
        return [...(this.at(place)?.results ?? [])]
      },
      onEnded: async (why) => {
        this.ended.push({ life, why })
        this.moves++
      },
    }
  }

  at(place: Place): Known | undefined {
    return this.records.find(
      ({ partition, offset }) => partition === place.partition && offset === place.offset,
    )
  }

  /** Calls that have not ended, of its last start or of another one. */
  open(life = this.clients.length): Call[] {
    return this.calls.filter((call) => call.life === life && call.ending === 'open')
  }

  /** The last record of each partition. */
  get lasts(): Known[] {
    const last = new Map<number, Known>()
    for (const one of this.records)
      if (one.offset >= (last.get(one.partition)?.offset ?? 0)) last.set(one.partition, one)
    return [...last.values()]
  }

  /** How far the broker has confirmed each partition: by the commit of a transaction that holds the offset, or by a plain commit. */
  confirmed(): Map<number, number> {
    const upTo = new Map<number, number>()
    for (const { exchanges } of new Set(this.clients))
      exchanges.forEach(({ api, group, offsets = [], transactionalId, isAnswered, errors }, i) => {
        if (group !== this.group || !isAnswered || errors.length > 0) return
        // Its own end, not that of a later transaction under the same id.
        const end = exchanges
          .slice(i + 1)
          .find((one) => one.api === 'EndTxn' && one.transactionalId === transactionalId)
        const isCommitted = end?.isCommit === true && end.isAnswered && end.errors.length === 0
        if (api !== 'OffsetCommit' && !(api === 'TxnOffsetCommit' && isCommitted)) return
        for (const { topic, partition, offset } of offsets)
          if (topic === this.source) upTo.set(partition, Math.max(upTo.get(partition) ?? 0, offset))
      })
    return upTo
  }

  /** Everything in the source has been transformed, and confirmed. */
  get isThrough(): boolean {
    if (this.open().length > 0) return false
    const upTo = this.confirmed()
    return this.lasts.every((one) => (upTo.get(one.partition) ?? 0) > one.offset)
  }

  /** A question to be asked again and again: has its last client asked for more several times since, and got nothing? */
  idleness(): () => boolean {
    let movesThen = -1
    let fetchesThen = 0
    return () => {
      const fetches = this.clients.at(-1)?.answered('Fetch') ?? []
      if (this.moves !== movesThen) {
        movesThen = this.moves
        fetchesThen = fetches.length
      }
      return (
        this.open().length === 0 &&
        fetches.length - fetchesThen >= idleFetches &&
        fetches.slice(-idleFetches).every(({ records }) => records === 0)
      )
    }
  }

  /**
   * Waits until all is through; `ended`: it has ended by itself; `idle`: it asks for more and gets nothing; `late`: nothing
   * has happened for as long as the page allows.
   */
  async readOn(
    t: Trial<string>,
    isEnough: () => boolean = () => false,
  ): Promise<'through' | 'ended' | 'idle' | 'late'> {
    const life = this.clients.length
    const isIdle = this.idleness()
    const hasEnded = () => this.ended.some((one) => one.life === life)
    const isOver = () => isEnough() || this.isThrough || hasEnded() || isIdle()
    for (;;) {
      const before = this.moves
      const how = await t.until(() => isOver() || this.moves > before, { ms: stepMs })
      if (isEnough() || this.isThrough) return 'through'
      if (hasEnded()) return 'ended'
      if (isIdle()) return 'idle'
      if (how === 'late') return 'late'
    }
  }
}

/** Whether no transaction is open in the topic; waits for markers that are being written. */
export async function isSettled(bench: KafkaBench, topic: string, ms = markersMsMax): Promise<boolean> {
  for (const until = performance.now() + ms; ; ) {
    const ends = await bench.offsets(topic)
    if (ends.every(({ end, stable }) => stable === end)) return true
    if (performance.now() > until) return false
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** What the group has committed, by partition; waits for a moment until it is what it should be. */
export async function committedBy(
  bench: KafkaBench,
  { group, source }: { readonly group: string; readonly source: string },
  isRight: (offsets: ReadonlyMap<number, number>) => boolean = () => true,
): Promise<Map<number, number>> {
  for (const until = performance.now() + markersMsMax; ; ) {
    const list = await bench.committed(group, source)
    const offsets = new Map(
      list.flatMap(({ partition, offset }) => (offset === undefined ? [] : [[partition, offset] as const])),
    )
    if (isRight(offsets) || performance.now() > until) return offsets
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** Results, each with its record. */
export type Results = readonly { readonly of: Known; readonly result: Outgoing }[]

/** What counts in the target, held against what should. */
export interface Tally {
  /** Results that do not count. */
  readonly missing: Results
  readonly twice: Results
  /** Records in the target that are no result. */
  readonly foreign: readonly { readonly key: string | null; readonly value: string | null }[]
  /** The first key whose results are in another order than `transform` gave them. */
  readonly disordered: string | undefined
}

/** Reads the target as consumers of committed data do. `wanted`: the records whose results should count; all when left out. */
export async function tally(
  bench: KafkaBench,
  work: Work,
  wanted: readonly Known[] = work.records,
): Promise<Tally> {
  const read = await bench.read(work.target, { isolation: 'committed' })
  const times = new Map<string, number>()
  const nameOf = (key: string | null, value: string | null) => JSON.stringify([key, value])
  for (const { key, value } of read) times.set(nameOf(key, value), (times.get(nameOf(key, value)) ?? 0) + 1)
  const all = wanted.flatMap((of) => of.results.map((result) => ({ of, result })))
  const timesOf = ({ result }: { readonly result: Outgoing }) =>
    times.get(nameOf(result.key, result.value)) ?? 0
  const known = new Set(
    work.records.flatMap(({ results }) => results.map(({ key, value }) => nameOf(key, value))),
  )
  const disordered = [...new Set(all.map(({ result }) => result.key))].find((key) => {
    const sent = all.filter(({ result }) => result.key === key).map(({ result }) => result.value)
    const got = read.filter((one) => one.key === key).map(({ value }) => value ?? '')
    const firsts = [...new Set(got)].filter((value) => sent.includes(value))
    return sent.filter((value) => firsts.includes(value)).some((value, i) => value !== firsts[i])
  })
  return {
    missing: all.filter((one) => timesOf(one) === 0),
    twice: all.filter((one) => timesOf(one) > 1),
    foreign: read.filter(({ key, value }) => !known.has(nameOf(key, value))),
    disordered,
  }
}

const cellsMax = 7
const callMarks = { done: '✓', open: '…', failed: '✗' } as const

/** The calls of `transform` around a record, start by start: `12 ✓`, `13 …` for one that never ended, `13 ✗` for one that failed. */
export function lives(work: Work, marked: Place, nameOf: (life: number) => Text = runName): Picture {
  const lanes = work.clients.map((_, i) => {
    const calls = work.calls.filter(({ life, partition }) => life === i + 1 && partition === marked.partition)
    const at = calls.findLastIndex(({ offset }) => offset === marked.offset)
    // A start that did not come to the record: where the first one ended, and where the others began.
    const from = at === -1 ? (i === 0 ? calls.length - cellsMax : 0) : at - Math.floor(cellsMax / 2)
    const shown = calls.slice(Math.max(0, from)).slice(0, cellsMax)
    return {
      name: nameOf(i + 1),
      cells: shown.map(({ offset, ending }) => `${offset} ${callMarks[ending]}`),
      wrong: shown.flatMap(({ offset }, nth) => (offset === marked.offset ? [nth] : [])),
    }
  })
  return { kind: 'timeline', lanes }
}

const runName = (life: number): Text => ({ en: `transform, start ${life}`, ru: `transform, запуск ${life}` })

/** Facts about some results, for words: how many they are, the first one, and its record. */
export function factsOf(list: Results): { count: number; result: string; place: string } {
  const [first] = list
  return {
    count: list.length,
    result: first?.result.value ?? '',
    place: first === undefined ? '' : placeName(first.of),
  }
}
