/** The checks of `loadTable` with a snapshot: what can be gone on from, what is too late, what is too old. */
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { timeInWords } from './logs.ts'
import type { Checks, Table } from './subject.ts'
import { checkRows, checkTable, endsOf, load, recordsIn, snapshotAt } from './tables.ts'
import { hardKeys, hardValues } from './texts.ts'

type SnapshotId = 'snapshot-on' | 'snapshot-late' | 'snapshot-old'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const snapshotChecks: Checks<SnapshotId> = {
  'snapshot-on': async (t, subject, { bench }) => {
    const { dice } = t
    const topic = await bench.topic(dice.freshWord(), 4)
    const [large, small, trimmed, edge] = dice.shuffle([0, 1, 2, 3]) as [number, number, number, number]
    const [keys, wideKeys] = [dice.shuffle(hardKeys(dice)), dice.freshWords(12)]
    const values = hardValues(dice, 9_000)
    const wide = 'x'.repeat(30_000)
    // 3 MB in batches of ten: more than two fetches of the usual size.
    const batches = 10
    for (let batch = 0; batch < batches; batch++)
      await bench.fill(
        topic,
        Array.from({ length: 10 }, (_, i) => ({
          partition: large,
          key: wideKeys[(batch + i) % wideKeys.length] ?? '',
          value: `${dice.freshWord()}${wide}`,
        })),
      )
    const shares = [keys.slice(0, 5), keys.slice(5, 10), keys.slice(10)]
    await bench.fill(
      topic,
      [small, trimmed, edge].flatMap((partition, at) =>
        (shares[at] ?? []).map((key, i) => ({
          partition,
          key,
          value: values[(5 * at + i) % values.length] ?? '',
        })),
      ),
    )
    const covered = await endsOf(bench, topic)
    const records = await recordsIn(bench, topic)
    const snapshot = snapshotAt(records, covered, Date.now() - dice.int(2, 30) * minuteMs)
    const fresh = dice.freshWord()
    await bench.fill(topic, [
      { partition: large, key: wideKeys[1] ?? '', value: dice.freshWord() },
      { partition: large, key: wideKeys[2] ?? '', value: null },
      { partition: large, key: fresh, value: dice.freshWord() },
      { partition: edge, key: shares[2]?.[1] ?? '', value: dice.freshWord() },
    ])
    // The start lies below the snapshot's offset, or at it: nothing was missed, but rows have gone.
    await bench.trim(topic, trimmed, (covered[trimmed] ?? 0) - 3)
    await bench.trim(topic, edge, covered[edge] ?? 0)
    const ends = await endsOf(bench, topic)
    const client = learnerClient(t, bench)
    const table = await load(t, bench, subject, client, topic, snapshot)
    t.check(table.fromStart.length === 0, 'rebuilt', { got: show(table.fromStart) })
    await checkTable(t, bench, topic, table, ends)
    const came = client.recordsCame()
    const known = batches * 10
    t.check(came - 4 < known / 2, 'fetchedAgain', { came, known, new: 4 })
    // And on from there, with nothing new.
    const before = Date.now()
    const again = await load(t, bench, subject, learnerClient(t, bench), topic, table)
    t.check(again.takenAt >= before - 1, 'takenOld', { got: show(again.takenAt), wanted: before })
    t.check(again.fromStart.length === 0, 'rebuilt', { got: show(again.fromStart) })
    await checkTable(t, bench, topic, again, ends)
  },

  'snapshot-late': async (t, subject, { bench }) => {
    const { dice } = t
    const count = 12
    const topic = await bench.topic(dice.freshWord(), count)
    const [usable, idle, late, beyond, far, unknown] = dice.shuffle([1, 2, 4, 7, 10, 11]) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const keys = dice.freshWords(6)
    const few = (partition: number, value?: null) =>
      keys.map((key) => ({
        partition,
        key: `${key}${partition}`,
        value: value === null ? null : dice.freshWord(),
      }))
    const first = [usable, idle, late, beyond, far].flatMap((one) => few(one))
    await bench.fill(topic, first)
    const covered = await endsOf(bench, topic)
    const all = snapshotAt(await recordsIn(bench, topic), covered, Date.now() - 5 * minuteMs)
    // Of one partition the snapshot does not know; the logs of two others have become shorter since: made anew.
    const offsets = all.offsets
      .filter(({ partition }) => partition !== unknown)
      .map(({ partition, offset }) => {
        if (partition === beyond) return { partition, offset: offset + dice.int(2, 9) }
        return partition === far ? { partition, offset: 2 ** 48 + dice.int(2, 9) } : { partition, offset }
      })
    const stale = [beyond, far].map((partition) => ({
      partition,
      offset: partition === far ? 2 ** 47 : (covered[partition] ?? 0),
      key: dice.freshWord(),
      value: dice.freshWord(),
    }))
    // A partition that the topic had when it was another one.
    const lost = { partition: count + 1, offset: dice.int(2, 9) }
    offsets.push({ ...lost, offset: lost.offset + 1 })
    stale.push({ ...lost, key: dice.freshWord(), value: dice.freshWord() })
    const snapshot = { ...all, offsets: dice.shuffle(offsets), rows: [...all.rows, ...stale] }
    await bench.fill(topic, [
      // Two keys are deleted and two change, and the records that say so are gone before anybody reads them.
      ...few(late, null).slice(0, 2),
      ...few(late).slice(2, 4),
      ...few(late).slice(4),
      ...few(usable).slice(1, 3),
      ...few(unknown),
    ])
    await bench.trim(topic, late, (covered[late] ?? 0) + 4)
    const ends = await endsOf(bench, topic)
    const table = await load(t, bench, subject, learnerClient(t, bench), topic, snapshot)
    // An empty partition has nothing to be built; the snapshot knows its end.
    const wanted = [late, beyond, far, unknown].sort((a, b) => a - b)
    const records = await recordsIn(bench, topic)
    const own = (partition: number) => ({
      rows: table.rows.filter((row) => row.partition === partition),
      records: records.filter((record) => record.partition === partition),
    })
    for (const [partition, says] of [
      [late, 'late'],
      [beyond, 'beyond'],
      [far, 'beyond'],
    ] as const) {
      const { rows, records: there } = own(partition)
      const ghost = rows.find(({ key }) => !there.some((record) => record.key === key))
      t.check(ghost === undefined, says, { partition, key: show(ghost?.key) })
    }
    await checkTable(t, bench, topic, table, ends)
    const got = [...table.fromStart]
    const facts = { got: show(got), wanted: show(wanted) }
    t.check(!(got.length > wanted.length), 'tooMany', facts)
    t.check(show([...got].sort((a, b) => a - b)) === show(wanted), 'fromStart', facts)
    t.check(show(got) === show(wanted), 'fromStartOrder', facts)
    // A snapshot that knows of nothing; and one of an empty table.
    const [only, none] = await Promise.all([
      bench.topic(dice.freshWord(), 1),
      bench.topic(dice.freshWord(), 1),
    ])
    await bench.fill(only, [{ partition: 0, key: keys[0] ?? '', value: dice.freshWord() }])
    const takenAt = Date.now() - dice.int(2, 30) * minuteMs
    const blank = { takenAt, offsets: [], rows: [] }
    const built = await load(t, bench, subject, learnerClient(t, bench), only, blank)
    await checkTable(t, bench, only, built, { 0: 1 })
    t.check(show([...built.fromStart]) === show([0]), 'fromStart', {
      got: show(built.fromStart),
      wanted: show([0]),
    })
    const still = await load(t, bench, subject, learnerClient(t, bench), none, {
      ...blank,
      offsets: [{ partition: 0, offset: 0 }],
    })
    await checkTable(t, bench, none, still, { 0: 0 })
    t.check(still.fromStart.length === 0, 'tooMany', { got: show(still.fromStart), wanted: show([]) })
    const began = Date.now()
    const same = await load(t, bench, subject, learnerClient(t, bench), only, { ...built, takenAt })
    await checkTable(t, bench, only, same, { 0: 1 })
    t.check(same.takenAt >= began - 1, 'takenOld', { got: show(same.takenAt), wanted: began })
  },

  'snapshot-old': async (t, subject, { bench, compacted }) => {
    const { dice } = t
    const now = Date.now()
    const short = dice.int(15, 40) * minuteMs
    const long = dice.int(60, 90) * hourMs
    await Promise.all([
      aged(short, short + dice.int(30, 200) * 1_000, true),
      aged(short, short - dice.int(30, 200) * 1_000, false),
      aged(long, dice.int(30, 55) * hourMs, false),
      aged(undefined, dice.int(25, 40) * hourMs, true),
    ])
    if (compacted === undefined) return
    const { topic, before, deleteRetentionMs } = compacted
    const snapshot = { ...before, takenAt: now - deleteRetentionMs - dice.int(30, 900) * 1_000 }
    const table = await load(t, bench, subject, learnerClient(t, bench), topic, snapshot)
    const records = await recordsIn(bench, topic)
    const ghost = table.rows.find(({ key }) => !records.some((record) => record.key === key))
    t.check(ghost === undefined, 'tombstoneGone', {
      key: show(ghost?.key),
      ...facts(deleteRetentionMs, snapshot.takenAt),
    })
    checkRows(t, table.rows, records)

    function facts(retentionMs: number | undefined, takenAt: number) {
      return { age: timeInWords(now - takenAt), retention: timeInWords(retentionMs ?? 24 * hourMs) }
    }

    /** A snapshot of this age; when it is too old, the log has nothing of one of its rows any more. */
    async function aged(retentionMs: number | undefined, ageMs: number, isOld: boolean): Promise<void> {
      const configs = retentionMs === undefined ? {} : { 'delete.retention.ms': String(retentionMs) }
      // Drawn before anything is waited for: what runs at the same time would draw in an order of its own.
      const [name = '', word = '', ghostly, ...keys] = dice.freshWords(7)
      const [before, after] = [1, 2].map((round) =>
        [0, 1].flatMap((partition) =>
          keys.map((key) => ({ partition, key: `${key}${partition}`, value: `${key}${round}` })),
        ),
      )
      const topic = await bench.topic(name, 2, configs)
      await bench.fill(topic, before ?? [])
      // Where the row and its tombstone lay there is a gap, as compaction leaves it.
      const id = bench.topicName(word)
      const lost = { partition: 1, key: ghostly ?? '', value: word }
      if (isOld)
        await bench.transaction(id, (tx) => tx.send(topic, [lost, { ...lost, value: null }]), 'abort')
      const covered = await endsOf(bench, topic)
      const right = snapshotAt(await recordsIn(bench, topic), covered, now - ageMs)
      const ghost = { ...lost, offset: keys.length }
      const snapshot = isOld ? { ...right, rows: [...right.rows, ghost] } : right
      await bench.fill(topic, after?.slice(1, -1) ?? [])
      const ends = await endsOf(bench, topic)
      const table: Table = await load(t, bench, subject, learnerClient(t, bench), topic, snapshot)
      const said = facts(retentionMs, snapshot.takenAt)
      const isBack = table.rows.some(({ key }) => key === ghost.key)
      t.check(!isBack, 'tombstoneGone', { key: show(ghost.key), ...said })
      await checkTable(t, bench, topic, table, ends)
      const got = show([...table.fromStart])
      if (isOld) t.check(got === show([0, 1]), 'trusted', { got, ...said })
      else t.check(got === show([]), 'distrusted', { got, ...said })
    }
  },
}
