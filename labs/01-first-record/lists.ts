/** Lab 01: topics with known content, and what a list of all their records must be. */
import type { Dice } from '../engine/dice.ts'
import { columns, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { listCases } from './messages-shared.ts'
import { placeOf } from './places.ts'

export type ListCase = keyof typeof listCases

export interface Known {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string
  /** Milliseconds since 1970; the time of sending when left out. */
  readonly timestamp?: string
}

const dayMs = 24 * 3_600_000
/** How long ago records were sent whose timestamps are far from now, ms: longer than retention lasts, and not yet. */
export const farAges = [30 * dayMs, 9 * 365 * dayMs, -40 * 60_000] as const

/** As many records in each partition as `lengths` says, from offset 0 on. */
export function recordsFor(dice: Dice, lengths: readonly number[]): Known[] {
  return lengths.flatMap((length, partition) =>
    Array.from({ length }, (_, offset) => ({
      partition,
      offset,
      key: offset % 3 === 0 ? null : dice.freshWord(),
      value: dice.freshWord(),
    })),
  )
}

/** Makes a topic and writes the records, in several requests. Gives the topic's name. */
export async function topicOf(
  kafka: KafkaBench,
  dice: Dice,
  records: readonly Known[],
  word = dice.freshWord(),
): Promise<string> {
  const partitions = 1 + Math.max(0, ...records.map(({ partition }) => partition))
  // Retention would delete records with old timestamps.
  const topic = await kafka.topic(word, partitions, { 'retention.ms': '-1' })
  await writeTo(kafka, topic, records)
  return topic
}

const recordsPerRequest = 9

/** Writes records in portions, each partition's in the order given. */
export async function writeTo(kafka: KafkaBench, topic: string, records: readonly Known[]): Promise<void> {
  const portion = Math.max(recordsPerRequest, Math.ceil(records.length / 12))
  const isHeavy = records.some(({ value }) => value.length > 10_000)
  const step = isHeavy ? recordsPerRequest : portion
  for (let at = 0; at < records.length; at += step)
    await kafka.fill(
      topic,
      records.slice(at, at + step).map(({ offset: _, ...record }) => record),
    )
}

const placeOfKnown = ({ partition, offset }: Known) => `${partition}:${offset}`

/**
 * What is wrong with a list of records, by place: nothing there, records of elsewhere, some twice, some missing.
 * `came`: how many records the client was sent during the call, if that is known.
 */
export function checkList(
  t: Trial<ListCase>,
  got: readonly unknown[],
  wanted: readonly Known[],
  came = 0,
): void {
  const typeOf = (record: unknown) => (record as { partition?: unknown } | null)?.partition
  const odd = got.find((record) => typeof typeOf(record) === 'string')
  t.check(odd === undefined, 'partitionType', { got: show(typeOf(odd)) })
  const facts = { got: got.length, wanted: wanted.length }
  const hasCome = came >= wanted.length
  t.check(got.length > 0 || wanted.length === 0 || hasCome, 'nothing', facts)
  const places = new Map<string, number>()
  for (const record of got) {
    const place = placeOf(record) ?? '?'
    places.set(place, (places.get(place) ?? 0) + 1)
  }
  const known = new Set(wanted.map(placeOfKnown))
  const values = new Set(wanted.map(({ value }) => value))
  const isForeign = (record: unknown) => {
    const { value } = (record ?? {}) as { value?: unknown }
    return (
      !known.has(placeOf(record) ?? '?') ||
      (typeof value === 'string' && !values.has(value) && isOther(value))
    )
  }
  const foreign = got.filter(isForeign)
  const picture = () => spans(got, wanted)
  t.check(foreign.length === 0, 'foreign', { ...facts, foreign: foreign.length }, () => listed(foreign))
  const twice = [...places.values()].filter((times) => times > 1).length
  t.check(twice === 0, 'twice', { ...facts, twice }, picture)
  t.check(got.length === wanted.length || !hasCome, 'dropped', facts, picture)
  t.check(got.length === wanted.length, 'missing', facts, picture)
}

/** Values that the suite puts into other topics begin so. */
export const otherValue = 'other-topic:'
const isOther = (value: string) => value.startsWith(otherValue)

/** Some records, as readAll gave them. */
function listed(records: readonly unknown[]): Picture {
  const rows = records.slice(0, 6).map((one) => {
    const { partition, offset, value } = (one ?? {}) as Record<string, unknown>
    return [show(partition), String(offset), show(value)]
  })
  return {
    kind: 'table',
    columns: [columns.partition, columns.offset, columns.value],
    rows,
    wrong: rows.map((_, i) => i),
  }
}

/** For each partition, the wrong ones first: which offsets were expected, and how many records came. */
export function spans(
  got: readonly unknown[],
  wanted: readonly { readonly partition: number; readonly offset: number }[],
): Picture {
  const span = (offsets: readonly number[]) =>
    offsets.length === 0 ? '—' : `${offsets[0]}–${offsets.at(-1)} (${offsets.length})`
  const partitions = [...new Set(wanted.map(({ partition }) => partition))]
  const all = partitions.map((partition) => {
    const expected = wanted.filter((one) => one.partition === partition).map(({ offset }) => offset)
    const came = got
      .filter((one) => (one as { partition?: unknown } | null)?.partition === partition)
      .map((one) => Number((one as { offset?: unknown }).offset))
    return [String(partition), span(expected), span(came)] as const
  })
  const rows = [...all.filter(([, a, b]) => a !== b), ...all.filter(([, a, b]) => a === b)].slice(0, 8)
  return {
    kind: 'table',
    columns: [columns.partition, columns.expected, columns.got],
    rows,
    wrong: rows.flatMap(([, expected, came], i) => (expected === came ? [] : [i])),
  }
}
