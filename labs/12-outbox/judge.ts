/**
 * Lab 12: outbox and topic beside each other, when all is over. Records are told apart by key and value; a check makes rows
 * that differ in them.
 *
 *   outbox   4 a   5 b   6 a   7 a        by id
 *   topic    4 a   6 a   4 a   7 a        4 is repeated, 5 is missing; the first records are in order
 *
 * OUTBOX-JUDGE-1  a row is missing when no record holds its key and value, repeated when several do
 * OUTBOX-JUDGE-2  of the records of a key, the first one of each row counts for the order
 * OUTBOX-JUDGE-3  two rows never share an id header, and one row never has two
 */
import type { Picture } from '../engine/picture.ts'
import type { ReadBack } from '../engine/wire/log.ts'

/** What is looked at of a record. */
export type Seen = Pick<ReadBack, 'partition' | 'key' | 'value' | 'headers'>

export interface Row {
  readonly id: number
  readonly key: string
  readonly value: string | null
}

type Content = Pick<Row, 'key' | 'value'> | { readonly key: string | null; readonly value: string | null }

const nameOf = ({ key, value }: Content): string => JSON.stringify([key, value])

/** Rows that no record is of. */
export function missing(rows: readonly Row[], records: readonly Seen[]): Row[] {
  const there = new Set(records.map(nameOf))
  return rows.filter((row) => !there.has(nameOf(row)))
}

/** Rows that several records are of. */
export function repeated(rows: readonly Row[], records: readonly Seen[]): Row[] {
  const times = new Map<string, number>()
  for (const record of records) times.set(nameOf(record), (times.get(nameOf(record)) ?? 0) + 1)
  return rows.filter((row) => (times.get(nameOf(row)) ?? 0) > 1)
}

/** Records that are of no row. */
export function foreign(rows: readonly Row[], records: readonly Seen[]): Seen[] {
  const known = new Set(rows.map(nameOf))
  return records.filter((record) => !known.has(nameOf(record)))
}

/** A key whose records lie in several partitions. */
export function spread(records: readonly Seen[]): { key: string; partitions: number } | undefined {
  const partitions = new Map<string, Set<number>>()
  for (const { key, partition } of records)
    if (key !== null) partitions.set(key, (partitions.get(key) ?? new Set()).add(partition))
  const found = [...partitions].find(([, set]) => set.size > 1)
  return found === undefined ? undefined : { key: found[0], partitions: found[1].size }
}

/** The first row whose record stands behind that of a row with the same key and a higher id, and that row. */
export function outOfOrder(
  rows: readonly Row[],
  records: readonly Seen[],
): { readonly row: Row; readonly before: Row } | undefined {
  const rowOf = new Map(rows.map((row) => [nameOf(row), row]))
  const highest = new Map<string, Row>()
  const seen = new Set<string>()
  for (const record of records) {
    const row = rowOf.get(nameOf(record))
    if (row === undefined || seen.has(nameOf(row))) continue
    seen.add(nameOf(row))
    const before = highest.get(row.key)
    if (before !== undefined && before.id > row.id) return { row, before }
    highest.set(row.key, row)
  }
  return undefined
}

export type IdFault =
  | { readonly kind: 'noId'; readonly row: Row }
  | { readonly kind: 'sameId'; readonly id: string; readonly row: Row; readonly other: Row }
  | { readonly kind: 'newId'; readonly row: Row; readonly ids: readonly [string, string] }

/** What is wrong with the header `id`, first fault first. */
export function idFault(rows: readonly Row[], records: readonly Seen[]): IdFault | undefined {
  const rowOf = new Map(rows.map((row) => [nameOf(row), row]))
  const idOf = new Map<Row, string>()
  const ownerOf = new Map<string, Row>()
  for (const record of records) {
    const row = rowOf.get(nameOf(record))
    if (row === undefined) continue
    const { id } = record.headers
    if (typeof id !== 'string' || id === '') return { kind: 'noId', row }
    const known = idOf.get(row)
    if (known !== undefined && known !== id) return { kind: 'newId', row, ids: [known, id] }
    const owner = ownerOf.get(id)
    if (owner !== undefined && owner !== row) return { kind: 'sameId', id, row, other: owner }
    idOf.set(row, id)
    ownerOf.set(id, row)
  }
  return undefined
}

/** So many rows and records a picture shows: those around the first that is marked, else the last ones. */
const shownMax = 10

/** Outbox and topic in two lanes, of one key or of all: ids of rows, `?` for a record that is of none. */
export function sides(
  rows: readonly Row[],
  records: readonly Seen[],
  { key, marked = [] }: { readonly key?: string | undefined; readonly marked?: readonly Row[] } = {},
): Picture {
  const bad = new Set(marked.map(({ id }) => id))
  const idOf = new Map(rows.map((row) => [nameOf(row), row.id]))
  const isShown = (one: { readonly key: string | null }) => key === undefined || one.key === key
  const around = <T>(list: readonly T[], isBad: (one: T) => boolean): readonly T[] => {
    const found = list.findIndex(isBad)
    const first = Math.max(0, found === -1 ? list.length - shownMax : found - 4)
    return list.slice(first, first + shownMax)
  }
  const outbox = around(rows.filter(isShown), ({ id }) => bad.has(id))
  const topic = around(
    records.filter(isShown).map((record) => idOf.get(nameOf(record))),
    (id) => id !== undefined && bad.has(id),
  )
  const wrongOf = (ids: readonly (number | undefined)[]) =>
    ids.flatMap((id, at) => (id !== undefined && bad.has(id) ? [at] : []))
  return {
    kind: 'timeline',
    lanes: [
      {
        name: { en: 'rows of the outbox', ru: 'строки outbox' },
        cells: outbox.map(({ id }) => `${id}`),
        wrong: wrongOf(outbox.map(({ id }) => id)),
      },
      {
        name: { en: 'records in the topic', ru: 'записи в топике' },
        cells: topic.map((id) => (id === undefined ? '?' : `${id}`)),
        wrong: wrongOf(topic),
      },
    ],
  }
}
