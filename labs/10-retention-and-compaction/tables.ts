/** Lab 10: what `loadTable` gave, held against what the topic holds; and the topic that was really compacted. */
import { inTime } from '../engine/in-time.ts'
import { columns, compareTable, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { LearnerClient } from '../engine/wire/learner-client.ts'
import type { rowCases } from './messages-shared.ts'
import { rowsOf, type TableRecord } from './model.ts'
import {
  type Cleanup,
  type CompactedTopic,
  promptMs,
  type Row,
  type Snapshot,
  type Table,
} from './subject.ts'

type RowCase = keyof typeof rowCases

/** What a topic holds for readers of committed data. */
export const recordsIn = (bench: KafkaBench, topic: string): Promise<readonly TableRecord[]> =>
  bench.read(topic, { isolation: 'committed' })

export type Ends = Readonly<Record<number, number>>

/** The end of each partition now. */
export async function endsOf(bench: KafkaBench, topic: string): Promise<Ends> {
  return Object.fromEntries((await bench.offsets(topic)).map(({ partition, end }) => [partition, end]))
}

/** The snapshot that a right program would have taken, had it stopped at these offsets. */
export function snapshotAt(records: readonly TableRecord[], offsets: Ends, takenAt: number): Snapshot {
  const covered = records.filter(({ partition, offset }) => offset < (offsets[partition] ?? 0))
  return {
    takenAt,
    offsets: Object.entries(offsets).map(([partition, offset]) => ({ partition: Number(partition), offset })),
    rows: rowsOf(covered),
  }
}

const place = ({ partition, key }: { readonly partition: unknown; readonly key: unknown }) =>
  JSON.stringify([partition, key])

const inWords = (row: Row | undefined) =>
  row === undefined ? '—' : `${show(row.value)} (${show(row.offset)})`

/** Holds `offsets` and `rows` against the records that the topic holds; `ends` is what was there when the call began. */
export async function checkTable(
  t: Trial<RowCase>,
  bench: KafkaBench,
  topic: string,
  table: Table,
  ends: Ends,
): Promise<void> {
  const { offsets, rows } = table
  const listed = offsets.map(({ partition }) => partition)
  const wanted = Object.keys(ends).map(Number)
  const areListed = listed.length === wanted.length && wanted.every((one) => listed.includes(one))
  const facts = { got: show(listed), wanted: show(wanted) }
  t.check(areListed, 'partitions', facts)
  t.check(
    wanted.every((one, i) => listed[i] === one),
    'unsorted',
    facts,
  )
  const behind = offsets.find(({ partition, offset }) => !(offset >= (ends[partition] ?? 0)))
  t.check(behind === undefined, 'behind', {
    partition: behind?.partition ?? 0,
    got: show(behind?.offset),
    wanted: ends[behind?.partition ?? 0] ?? 0,
  })
  const upTo = new Map(offsets.map(({ partition, offset }) => [partition, offset]))
  const all = await recordsIn(bench, topic)
  const beyond = rows.find(
    (row) =>
      row.offset >= (upTo.get(row.partition) ?? Number.POSITIVE_INFINITY) &&
      all.some(({ partition, offset }) => partition === row.partition && offset === row.offset),
  )
  t.check(beyond === undefined, 'beyond', {
    partition: beyond?.partition ?? 0,
    key: show(beyond?.key),
    offset: beyond?.offset ?? 0,
    end: upTo.get(beyond?.partition ?? 0) ?? 0,
  })
  const below = all.filter(({ partition, offset }) => offset < (upTo.get(partition) ?? 0))
  checkRows(t, rows, below)
}

/** Holds rows against the records that they should come to. */
export function checkRows(t: Trial<RowCase>, rows: readonly Row[], records: readonly TableRecord[]): void {
  const right = new Map(rowsOf(records).map((row) => [place(row), row]))
  const got = new Map(rows.map((row) => [place(row), row]))
  const picture = (): Picture => {
    const places = [...new Set([...right.keys(), ...got.keys()])]
    return compareTable(
      places.map((one) => ({
        left: [
          String((got.get(one) ?? right.get(one))?.partition),
          show((got.get(one) ?? right.get(one))?.key),
        ],
        expected: inWords(right.get(one)),
        got: inWords(got.get(one)),
      })),
      [columns.partition, columns.key],
      6,
    )
  }
  const count = rows.length
  const keyless = rows.find(({ key }) => typeof key !== 'string')
  t.check(keyless === undefined, 'keyless', { got: show(keyless) }, picture)
  const nulls = rows.find(({ value }) => typeof value !== 'string')
  t.check(nulls === undefined, 'nullRow', { got: show(nulls) }, picture)
  const twice = rows.find((row, i) => rows.findIndex((one) => place(one) === place(row)) !== i)
  t.check(twice === undefined, 'twice', { key: show(twice?.key), partition: show(twice?.partition) }, picture)
  const missing = [...right.values()].filter((row) => !got.has(place(row)))
  const isElsewhere = ({ key }: Row) => rows.some((row) => row.key === key)
  const merged = missing.find(isElsewhere)
  const areMerged = merged !== undefined && missing.every(isElsewhere)
  t.check(!areMerged, 'merged', { key: show(merged?.key), partition: merged?.partition ?? 0 }, picture)
  const inOneText = ({ partition, key }: Row) => `${partition}${key}`
  const [shadowed] = missing.filter((row) => rows.some((one) => inOneText(one) === inOneText(row)))
  const other = rows.find((row) => shadowed !== undefined && inOneText(row) === inOneText(shadowed))
  t.check(
    shadowed === undefined,
    'collides',
    {
      key: show(shadowed?.key),
      partition: shadowed?.partition ?? 0,
      other: show(other?.key),
      of: other?.partition ?? 0,
    },
    picture,
  )
  const isGone = (row: Row) => !records.some((one) => place(one) === place(row) && one.value !== null)
  const extra = rows.filter((row) => !right.has(place(row)))
  const [ghost] = extra.filter(isGone)
  const [deleted] = extra.filter((row) => !isGone(row))
  t.check(
    deleted === undefined,
    'deleted',
    { key: show(deleted?.key), partition: show(deleted?.partition) },
    picture,
  )
  t.check(ghost === undefined, 'ghost', { key: show(ghost?.key), partition: show(ghost?.partition) }, picture)
  t.check(missing.length === 0, 'missing', { count: missing.length, got: count, wanted: right.size }, picture)
  const older = rows.find((row) => row.offset !== right.get(place(row))?.offset)
  const oldFacts = {
    key: show(older?.key),
    got: show(older?.offset),
    wanted: show(older && right.get(place(older))?.offset),
  }
  t.check(older === undefined, 'older', oldFacts, picture)
  const changed = rows.find((row) => row.value !== right.get(place(row))?.value)
  t.check(changed === undefined, 'differs', { key: show(changed?.key) }, picture)
}

/** What a call gives that should end promptly; `late` when it does not. */
export async function prompt<T>(bench: KafkaBench, call: Promise<T>): Promise<T | 'late'> {
  // A cluster that was given may be far away, and wait for members that might come.
  const came = await inTime(call, bench.ours ? promptMs : 2 * promptMs)
  return came === 'late' ? 'late' : came.got
}

/** A call of `loadTable` on a client of its own that should end promptly. */
export async function load<Case extends string>(
  t: Trial<Case | 'stuck'>,
  bench: KafkaBench,
  subject: Cleanup,
  client: LearnerClient,
  topic: string,
  snapshot: Snapshot | null,
): Promise<Table> {
  client.isAsked()
  const table = await prompt(bench, subject.loadTable(client.kafka, topic, snapshot))
  t.check(table !== 'late', 'stuck', { came: client.recordsCame() })
  return table as Table
}

const deleteRetentionMs = 600_000
const segmentMs = 60_000
/** The cleaner looks every 15 seconds. */
const cleanerMs = 16_000

/**
 * A topic that our broker compacts twice, with time moved between the passes: the tombstone of a row that the snapshot has
 * is gone. Before any check has begun, since time passes for all topics.
 */
export async function compactedTopic(bench: KafkaBench): Promise<CompactedTopic | undefined> {
  if (!bench.ours) return undefined
  const topic = await bench.topic('compacted', 1, {
    'cleanup.policy': 'compact',
    'segment.ms': String(segmentMs),
    'min.cleanable.dirty.ratio': '0.01',
    'delete.retention.ms': String(deleteRetentionMs),
  })
  let timestamp = Date.now() - 20 * segmentMs
  /** A batch of its own, in a segment of its own. */
  const set = async (...records: readonly (readonly [key: string, value: string | null])[]) => {
    timestamp += 2 * segmentMs
    await bench.send(topic, 0, { records: records.map(([key, value]) => ({ key, value, timestamp })) })
  }
  const word = () => Math.random().toString(36).slice(2, 8)
  const keys = Array.from({ length: 5 }, word)
  const [a = '', b = '', c = '', d = '', e = ''] = keys
  await set([a, word()], [b, word()], [c, word()], [d, word()])
  await set([a, word()], [b, word()])
  const records = await recordsIn(bench, topic)
  const { takenAt: _, ...before } = snapshotAt(records, await endsOf(bench, topic), 0)
  await set([c, null], [d, word()])
  await set([e, word()])
  const passes = async () => {
    for (let turn = 0; turn < 3; turn++) await bench.passTime(cleanerMs, { elsewhere: () => {} })
  }
  await passes()
  await bench.passTime(deleteRetentionMs, { elsewhere: () => {} })
  await set([e, word()])
  await set([a, word()])
  await passes()
  const left = await recordsIn(bench, topic)
  if (left.some(({ key }) => key === c)) throw new Error(`${topic} was not compacted twice: ${show(left)}`)
  return { topic, before, deleteRetentionMs }
}
