/** The checks of `loadTable` without a snapshot. */
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { Checks } from './subject.ts'
import { checkTable, endsOf, load, prompt } from './tables.ts'
import { hardKeys, hardValues } from './texts.ts'

type TableId = 'table-rows' | 'table-gaps' | 'table-meanwhile'

export const tableChecks: Checks<TableId> = {
  'table-rows': async (t, subject, { bench }) => {
    const { dice } = t
    // Records without a key are allowed: the topic is not compacted. More than ten partitions: 2 comes before 10.
    const count = 11
    const topic = await bench.topic(dice.freshWord(), count)
    const values = hardValues(dice, 20_000)
    const [shared, deleted, back, rest, tail] = dice.freshWords(5)
    const used = dice.shuffle([0, 2, 10])
    const records = used.flatMap((partition, i) => [
      ...hardKeys(dice).map((key, at) => ({ partition, key, value: dice.freshWord() + at })),
      { partition, key: shared ?? '', value: `${i}-${dice.freshWord()}` },
      { partition, key: deleted ?? '', value: dice.freshWord() },
      { partition, key: back ?? '', value: dice.freshWord() },
      { partition, key: null, value: dice.freshWord() },
      { partition, key: null, value: null },
      { partition, key: deleted ?? '', value: null },
      { partition, key: back ?? '', value: null },
      { partition, key: back ?? '', value: dice.freshWord() },
      ...values.map((value, at) => ({ partition, key: `${rest}${at}`, value })),
      ...(i === 0 ? [{ partition, key: shared ?? '', value: null }] : []),
    ])
    // Two places that are one text when partition and key are put together: 10 and x, 1 and 0x.
    records.push({ partition: 10, key: tail ?? '', value: dice.freshWord() })
    records.push({ partition: 1, key: `0${tail}`, value: dice.freshWord() })
    await bench.fill(topic, records)
    const ends = await endsOf(bench, topic)
    const client = learnerClient(t, bench)
    const before = Date.now()
    const table = await load(t, bench, subject, client, topic, null)
    await checkTable(t, bench, topic, table, ends)
    const all = Array.from({ length: count }, (_, partition) => partition)
    t.check(show([...table.fromStart]) === show(all), 'fromStart', {
      got: show(table.fromStart),
      wanted: show(all),
    })
    const isTime = table.takenAt >= before - 1 && table.takenAt <= Date.now()
    t.check(isTime, 'taken', { got: show(table.takenAt), wanted: before })
  },

  'table-gaps': async (t, subject, { bench, compacted }) => {
    const { dice } = t
    const topic = await bench.topic(dice.freshWord(), 6)
    const id = bench.topicName(dice.freshWord())
    const keys = dice.freshWords(4)
    const some = (partition: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        partition,
        key: `${keys[i % keys.length]}${partition}`,
        value: dice.freshWord(),
      }))
    const [middle, committed, aborted, cleared, trimmed, empty] = dice.shuffle([0, 1, 2, 3, 4, 5]) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    await bench.fill(
      topic,
      [middle, aborted, cleared, trimmed].flatMap((one) => some(one, dice.int(4, 7))),
    )
    // A transaction leaves a marker at the end of each partition, an aborted one leaves nothing but gaps.
    await bench.transaction(id, (tx) => tx.send(topic, some(committed, 3)))
    await bench.transaction(id, (tx) => tx.send(topic, [...some(aborted, 4), ...some(middle, 5)]), 'abort')
    await bench.fill(topic, some(middle, 2))
    const ends = await endsOf(bench, topic)
    await bench.trim(topic, cleared, ends[cleared] ?? 0)
    await bench.trim(topic, trimmed, 2)
    t.check((ends[empty] ?? 0) === 0, 'stuck')
    const table = await load(t, bench, subject, learnerClient(t, bench), topic, null)
    await checkTable(t, bench, topic, table, ends)
    if (compacted === undefined) return
    const client = learnerClient(t, bench)
    const left = await load(t, bench, subject, client, compacted.topic, null)
    await checkTable(t, bench, compacted.topic, left, await endsOf(bench, compacted.topic))
  },

  'table-meanwhile': async (t, subject, { bench }) => {
    const { dice } = t
    // Drawn beforehand: what runs at the same time would draw in an order of its own.
    const [lateName, movedName] = [dice.freshWord(), dice.freshWord()]
    const [lateKeys, movedKeys, later] = [dice.freshWords(24), dice.freshWords(8), dice.freshWords(8)]
    await Promise.all([late(), moved()])

    /** The records come late, in portions. */
    async function late(): Promise<void> {
      const topic = await bench.topic(lateName, 3)
      const records = lateKeys.map((key, i) => ({ partition: i % 3, key, value: `${key}${i}` }))
      await bench.fill(topic, records)
      const ends = await endsOf(bench, topic)
      const client = learnerClient(t, bench, { isSlow: true })
      const table = await subject.loadTable(client.kafka, topic, null)
      if (client.wasHeldBack()) {
        client.isAsked()
        const { length } = table.rows
        t.check(length >= records.length, 'early', { got: length, wanted: records.length })
      }
      await checkTable(t, bench, topic, table, ends)
    }

    /** Before the first record is fetched, all keys get new values, and what was there is deleted, but for the last record of one partition. */
    async function moved(): Promise<void> {
      const topic = await bench.topic(movedName, 2)
      const records = movedKeys.map((key, i) => ({ partition: i % 2, key, value: `${key}${i}` }))
      await bench.fill(topic, records)
      const ends = await endsOf(bench, topic)
      const client = learnerClient(t, bench)
      const fetch = client.at('Fetch', { nth: 1 }, 'hold-request')
      const call = subject.loadTable(client.kafka, topic, null)
      await t.until(() => fetch.isReached, { during: call })
      const reachedAt = Date.now()
      await bench.fill(
        topic,
        records.map((record, i) => ({ ...record, value: later[i] ?? '' })),
      )
      const starts = [ends[0] ?? 0, (ends[1] ?? 0) - 1]
      await Promise.all(starts.map((start, partition) => bench.trim(topic, partition, start)))
      fetch.release()
      const table = await prompt(bench, call)
      if (table === 'late') client.isAsked()
      t.check(table !== 'late', 'stuckMoved', { came: client.recordsCame() })
      if (table === 'late') return
      const goesTo = table.offsets.find(({ partition }) => partition === 1)?.offset ?? 0
      const hasAny = table.rows.some(({ partition }) => partition === 1)
      t.check(hasAny || !(goesTo >= (ends[1] ?? 0)), 'jumped', { start: starts[1] ?? 0, to: show(goesTo) })
      await checkTable(t, bench, topic, table, ends)
      t.check(table.takenAt <= reachedAt + 5, 'takenLate', { ms: table.takenAt - reachedAt })
    }
  },
}
