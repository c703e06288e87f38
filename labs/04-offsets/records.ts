/** Lab 04: topics with known content, what `resume` handed over, and what is wrong with it. */
import type { Dice } from '../engine/dice.ts'
import { columns, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { handedCases } from './messages-shared.ts'
import { type Handle, offsetOf } from './subject.ts'

export interface Known {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string
}

/** As many records in each partition as `lengths` says, offsets from `from` on; some keys and values are empty. */
export function recordsFor(dice: Dice, lengths: readonly number[], from: readonly number[] = []): Known[] {
  return lengths.flatMap((length, partition) =>
    Array.from({ length }, (_, i) => ({
      partition,
      offset: (from[partition] ?? 0) + i,
      key: i % 3 === 0 ? null : i % 3 === 1 ? '' : dice.freshWord(),
      value: i % 4 === 2 ? '' : i % 4 === 3 ? dice.freshForeignWord() : dice.freshWord(),
    })),
  )
}

/** Makes a topic with these records, in one request. Gives its name. */
export async function topicOf(
  kafka: KafkaBench,
  dice: Dice,
  partitions: number,
  records: readonly Known[],
): Promise<string> {
  const topic = await kafka.topic(dice.freshWord(), partitions)
  await write(kafka, topic, records)
  return topic
}

export async function write(kafka: KafkaBench, topic: string, records: readonly Known[]): Promise<void> {
  if (records.length === 0) return
  await kafka.fill(
    topic,
    records.map(({ partition, key, value }) => ({ partition, key, value })),
  )
}

/** A `handle` that notes what it is handed. */
export class Handled {
  readonly records: unknown[] = []
  /** What `resume` is passed. */
  readonly handle: Handle

  /** `work`: what handle does with the nth record, from 1; what it throws, handle fails with. */
  constructor(work?: (record: unknown, nth: number) => Promise<void>) {
    const handle: Handle = async (record) => {
      const nth = this.records.push(record)
      await work?.(record, nth)
    }
    this.handle = handle
  }

  get places(): string[] {
    return this.records.map(placeOf)
  }
}

/** `2:17`, or `?` when the record has no place. */
export function placeOf(record: unknown): string {
  const { partition, offset } = (record ?? {}) as { partition?: unknown; offset?: unknown }
  return typeof partition === 'number' ? `${partition}:${offsetOf(offset) ?? '?'}` : '?'
}

export const placeOfKnown = ({ partition, offset }: Known) => `${partition}:${offset}`

export type HandedCase = keyof typeof handedCases

/**
 * What is wrong with the records that were handed over, by place. `due`: those that had to be; `all`: what is in the
 * topic, processed or not; `fresh`: partitions in which the group had committed nothing.
 */
export function checkHanded(
  t: Trial<HandedCase>,
  handed: readonly unknown[],
  due: readonly Known[],
  all: readonly Known[],
  fresh: readonly number[] = [],
): void {
  const picture = () => spans(handed, due)
  const facts = { got: handed.length, wanted: due.length }
  const places = handed.map(placeOf)
  const seen = new Set(places)
  const byPlace = new Map(all.map((one) => [placeOfKnown(one), one]))
  const dueThere = new Set(due.map(placeOfKnown))
  t.check(handed.length > 0 || due.length === 0, 'nothing', facts)

  const foreign = handed.find((_, i) => !byPlace.has(places[i] ?? ''))
  t.check(foreign === undefined, 'foreign', { got: show(foreign) })
  const again = places.filter((place) => !dueThere.has(place)).length
  t.check(again === 0, 'again', { ...facts, again }, picture)
  const twice = places.length - seen.size
  t.check(twice === 0, 'twice', { ...facts, twice }, picture)

  const missing = due.filter((one) => !seen.has(placeOfKnown(one)))
  const isFresh = ({ partition }: Known) => fresh.includes(partition)
  const skipped =
    missing.length > 0 && missing.every(isFresh) && due.filter(isFresh).length === missing.length
  t.check(!skipped, 'fresh', { ...facts, missing: missing.length }, picture)
  const firsts = new Map<number, Known>()
  for (const one of due) if (!firsts.has(one.partition)) firsts.set(one.partition, one)
  const isFirst = (one: Known) => firsts.get(one.partition) === one
  t.check(
    missing.length === 0 || !missing.every(isFirst),
    'first',
    { ...facts, missing: missing.length },
    picture,
  )
  t.check(missing.length === 0, 'missing', facts, picture)

  const other = handed.flatMap((record, i) => {
    const known = byPlace.get(places[i] ?? '')
    const { key, value } = (record ?? {}) as { key?: unknown; value?: unknown }
    return known !== undefined && (key !== known.key || value !== known.value)
      ? [{ place: places[i] ?? '', known: { key: known.key, value: known.value }, got: { key, value } }]
      : []
  })
  const [odd] = other
  const said = { place: odd?.place ?? '', wanted: show(odd?.known), got: show(odd?.got) }
  t.check(odd === undefined, 'content', said)
}

/** For each partition, the wrong ones first: which offsets were due, and which were handed over. */
export function spans(handed: readonly unknown[], due: readonly Known[]): Picture {
  const span = (offsets: readonly string[]) =>
    offsets.length === 0
      ? '—'
      : offsets.length === 1
        ? `${offsets[0]}`
        : `${offsets[0]}–${offsets.at(-1)} (${offsets.length})`
  const partitionOf = (record: unknown) => (record as { partition?: unknown } | null)?.partition
  const partitions = [
    ...new Set([...due.map(({ partition }) => partition), ...handed.map(partitionOf)]),
  ].sort((a, b) => Number(a) - Number(b))
  const all = partitions.map((partition) => {
    const expected = due.filter((one) => one.partition === partition).map(({ offset }) => String(offset))
    const got = handed
      .filter((one) => partitionOf(one) === partition)
      .map((one) => String((one as { offset?: unknown }).offset))
    return [String(partition), span(expected), span(got)] as const
  })
  const rows = [...all.filter(([, a, b]) => a !== b), ...all.filter(([, a, b]) => a === b)].slice(0, 8)
  return {
    kind: 'table',
    columns: [columns.partition, columns.expected, columns.got],
    rows,
    wrong: rows.flatMap(([, expected, got], i) => (expected === got ? [] : [i])),
  }
}
