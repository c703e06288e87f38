/** Lab 09: a processor while nothing fails: what it reads, what it writes, how far it commits, how it stops. */
import { show } from '../engine/show.ts'
import { differing, hardPairs } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import type { Checks } from './subject.ts'
import { withKeys } from './texts.ts'
import {
  committedBy,
  factsOf,
  fill,
  isSettled,
  type Known,
  placeIn,
  placeName,
  recordsFor,
  resultsFor,
  sourceOf,
  tally,
  Work,
} from './work.ts'

type ProcessId = 'process-all' | 'process-batches' | 'process-apart' | 'process-stop'

/** So many records wait in one partition, and so many transactions they may take: the page. */
const waiting = 300
const transactionsMax = 10
/** So many of them in a batch, for a fetch brings at least one. */
const portion = 15

/** A consumer that does not wait for `transform` leaves its group in less time than it took to join; but at least, and at most, ms. */
const waitMs = { min: 200, max: 3_000 }

/** A source with four partitions, and what becomes of them. */
interface Source {
  readonly source: string
  /** What counts when the processor starts. */
  readonly present: readonly Known[]
  /** What counts only when `endTransaction` has resolved: the records of the open transaction, and one behind them. */
  readonly behind: readonly Known[]
  readonly abortedPlaces: ReadonlySet<string>
  readonly endTransaction: () => Promise<void>
  /** The partition that more records come to, from offset 2 on. */
  readonly few: number
}

/**
 *   hard    texts of all kinds
 *   txn     3 plain, 2 aborted, ABORT, 3 committed, COMMIT, 1 plain
 *   open    2 plain, 2 of a transaction that is open, 1 plain behind it
 *   few     2 plain
 */
async function sourceWithTransactions(t: Trial<string>, bench: KafkaBench): Promise<Source> {
  const [hard, txn, open, few] = t.dice.shuffle([0, 1, 2, 3]) as [number, number, number, number]
  const source = await bench.topic(t.dice.freshWord(), 4)
  const keysOf = new Map([hard, txn, open, few].map((partition) => [partition, t.dice.freshWords(2)]))
  const known = (partition: number, offset: number, nth: number): Known => ({
    partition,
    offset,
    key: nth % 2 === 0 ? null : t.dice.freshWord(),
    value: t.dice.freshWord(),
    results: resultsFor(t, keysOf.get(partition) ?? [], nth),
  })
  const hardOnes = withKeys(hardPairs(t.dice, { key: 100, value: 900 })).map(
    (pair, offset): Known => ({
      partition: hard,
      offset,
      ...pair,
      // Results are as hard as what comes in; their values differ from all others by a word.
      results:
        offset % 4 === 3 && pair.key !== ''
          ? []
          : [{ key: pair.key, value: `${pair.value.slice(0, 200)}${t.dice.freshWord()}` }],
    }),
  )
  const plain = [0, 1, 2].map((offset, nth) => known(txn, offset, nth))
  const committed = [6, 7, 8].map((offset, i) => known(txn, offset, 3 + i))
  const last = known(txn, 10, 6)
  const before = [0, 1].map((offset) => known(open, offset, offset))
  const inOpen = [2, 3].map((offset) => known(open, offset, offset))
  const afterOpen = known(open, 4, 4)
  const fewOnes = [0, 1].map((offset) => known(few, offset, offset))
  const sent = (records: readonly Known[]) =>
    records.map(({ partition, key, value }) => ({ partition, key, value }))
  await fill(bench, source, [...hardOnes, ...plain, ...before, ...fewOnes])
  const id = () => bench.topicName(t.dice.freshWord())
  const aborted = t.dice.freshWords(2).map((value) => ({ partition: txn, value }))
  await bench.transaction(id(), (tx) => tx.send(source, aborted), 'abort')
  await bench.transaction(id(), (tx) => tx.send(source, sent(committed)), 'commit')
  await fill(bench, source, [last])
  let end: () => void = () => {}
  const isToEnd = new Promise<void>((resolve) => {
    end = resolve
  })
  let ending: Promise<void> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    ending = bench.transaction(id(), async (tx) => {
      await tx.send(source, sent(inOpen))
      resolve()
      await isToEnd
    })
    ending.catch(reject)
  })
  await fill(bench, source, [afterOpen])
  return {
    source,
    present: [...hardOnes, ...plain, ...committed, last, ...before, ...fewOnes],
    behind: [...inOpen, afterOpen],
    abortedPlaces: new Set([3, 4].map((offset) => placeName({ partition: txn, offset }))),
    endTransaction: async () => {
      end()
      await ending
    },
    few,
  }
}

export const processChecks: Checks<ProcessId> = {
  'process-all': async (t, subject, bench) => {
    const { source, present, behind, abortedPlaces, endTransaction, few } = await sourceWithTransactions(
      t,
      bench,
    )
    const work = await Work.of(t, bench, { source, records: present })
    const client = learnerClient(t, bench)
    const called = (places: ReadonlySet<string>) => work.calls.filter((call) => places.has(placeName(call)))
    const openPlaces = new Set(behind.map(placeName))
    try {
      const running = await subject.startProcessor(client.kafka, work.settings(client))
      await work.readOn(t, () => called(abortedPlaces).length > 0)
      await t.quiet(() => work.moves, 100)
      const [aborted, early] = [called(abortedPlaces), called(openPlaces)]
      t.check(aborted.length === 0, 'aborted', {
        count: aborted.length,
        place: aborted[0] === undefined ? '' : placeName(aborted[0]),
      })
      t.check(early.length === 0, 'open', {
        count: early.length,
        place: early[0] === undefined ? '' : placeName(early[0]),
      })
      const uncalled = present.filter((one) => !work.calls.some((call) => placeName(call) === placeName(one)))
      t.check(work.calls.length > 0 || client.recordsCame() > 0, 'fromNowOn', { wanted: present.length })
      t.check(uncalled.length === 0, 'uncalled', {
        got: present.length - uncalled.length,
        wanted: present.length,
        place: uncalled[0] === undefined ? '' : placeName(uncalled[0]),
      })
      // Known before they count: `transform` may be called at once.
      work.records.push(...behind)
      await endTransaction()
      const late: Known[] = [
        { partition: few, offset: 2, key: null, value: t.dice.freshWord(), results: [] },
        {
          partition: few,
          offset: 3,
          key: t.dice.freshWord(),
          value: t.dice.freshWord(),
          results: [{ key: t.dice.freshWord(), value: t.dice.freshWord() }],
        },
        { partition: few, offset: 4, key: null, value: t.dice.freshWord(), results: [] },
      ]
      // The last one comes alone: a batch that gives nothing, and its offset is committed all the same.
      for (const portion of [late.slice(0, 2), late.slice(2)]) {
        work.records.push(...portion)
        await fill(bench, source, portion)
        await work.readOn(t)
      }
      await t.attemptLater(() => running.stop())
    } finally {
      await endTransaction()
    }

    const odd = work.received.find((record) =>
      Number.isNaN(placeIn(record).partition + placeIn(record).offset),
    )
    t.check(odd === undefined, 'shape', { got: show(odd) })
    const strange = work.calls.find((call) => work.at(call) === undefined)
    t.check(strange === undefined, 'strange', { place: strange === undefined ? '' : placeName(strange) })
    // A batch that has to be done again comes again from its beginning: only first calls are looked at.
    const firsts = work.calls.filter(
      (call, i) => work.calls.findIndex((one) => placeName(one) === placeName(call)) === i,
    )
    const back = firsts.find((call, i) =>
      firsts.slice(0, i).some((before) => before.partition === call.partition && before.offset > call.offset),
    )
    t.check(back === undefined, 'order', { place: back === undefined ? '' : placeName(back) })
    const later = work.records
      .slice(present.length)
      .filter((one) => !work.calls.some((call) => placeName(call) === placeName(one)))
    const past = work.confirmed().get(later[0]?.partition ?? 0) ?? 0
    const isPast = later[0] !== undefined && past > later[0].offset
    t.check(later.length === 0, isPast ? 'passed' : 'laterMissing', {
      count: later.length,
      place: later[0] === undefined ? '' : placeName(later[0]),
      committed: past,
    })
    const received = new Map(work.received.map((record) => [placeName(placeIn(record)), record]))
    const loss = differing(
      work.records.map((wanted) => ({
        wanted,
        got: received.get(placeName(wanted)) ?? { key: undefined, value: undefined },
      })),
    )
    t.check(loss === undefined, 'differs', { count: loss?.count ?? 0 }, loss?.picture)
    t.check(await isSettled(bench, work.target), 'hangs', {})
    const { missing, twice, foreign, disordered } = await tally(bench, work)
    t.check(missing.length === 0 || foreign.length === 0, 'changed', { count: foreign.length })
    t.check(missing.length === 0, 'missing', factsOf(missing))
    t.check(twice.length === 0, 'twice', factsOf(twice))
    t.check(foreign.length === 0, 'changed', { count: foreign.length })
    t.check(disordered === undefined, 'resultOrder', { key: disordered ?? '' })
    await judgeOffsets(t, bench, work)
  },

  'process-batches': async (t, subject, bench) => {
    // As large as records may be, in several batches: who lets a fetch bring little gets few of them at a time.
    const source = await bench.topic(t.dice.freshWord(), 2)
    const records = recordsFor(t, [0, waiting]).map((one) => ({ ...one, value: one.value.padEnd(950, '.') }))
    for (let at = 0; at < records.length; at += portion)
      await fill(bench, source, records.slice(at, at + portion))
    const work = await Work.of(t, bench, {
      source,
      // One result in a hundred: what is counted here is transactions.
      records: records.map((one) => ({ ...one, results: one.offset % 100 === 50 ? one.results : [] })),
    })
    const client = learnerClient(t, bench)
    const running = await subject.startProcessor(client.kafka, work.settings(client))
    const transactions = () => client.asked('EndTxn').filter(({ isCommit }) => isCommit === true).length
    await work.readOn(t, () => transactions() > transactionsMax)
    const portions = client.answered('Fetch').filter((one) => one.records > 0).length
    t.check(transactions() <= transactionsMax, portions < transactions() ? 'many' : 'portions', {
      count: transactions(),
      portions,
      records: work.calls.length,
      max: transactionsMax,
    })
    t.check(work.calls.length >= waiting, 'stuck', {
      count: work.calls.length,
      wanted: waiting,
    })
    t.check(transactions() > 0, 'none', { wanted: waiting })
    await t.attemptLater(() => running.stop())
  },

  'process-apart': async (t, subject, bench) => {
    const [one, two] = [await sourceOf(t, bench, t.dice.shuffle([4, 7, 0])), await sourceOf(t, bench, [3])]
    const [first, second] = t.dice.freshWords(2)
    const service = `\ufeff ${t.dice.freshWord()}e\u0301😀`
    // Names that contain each other, with spaces at the ends, a byte order mark, and characters of several code units.
    const groups = [` ${first}e\u0301😀`, ` ${first}e\u0301😀 `, `\ufeff${second}`]
    const names = groups.map((group) => ({
      group: `${group}${bench.topicName('')}`,
      // Differs from the others by its last number only.
      transactionalId: bench.topicName(service),
    }))
    const works = [
      await Work.of(t, bench, one, names[0]),
      await Work.of(t, bench, one, names[1]),
      await Work.of(t, bench, two, names[2]),
    ]
    const [shared, own] = [learnerClient(t, bench), learnerClient(t, bench)]
    const clients = [shared, shared, own]
    const running = await Promise.all(
      works.map((work, i) => {
        const client = clients[i] ?? own
        return subject.startProcessor(client.kafka, work.settings(client))
      }),
    )
    const hasFailed = () => works.some(({ ended }) => ended.length > 0)
    await Promise.all(works.map((work) => work.readOn(t, hasFailed)))
    const stopped = works.find(({ ended }) => ended.length > 0)
    const facts = { count: works.length, one: works[0]?.transactionalId ?? '' }
    t.check(stopped === undefined, 'ended', { ...facts, why: String(stopped?.ended[0]?.why) })
    for (const work of works) {
      await isSettled(bench, work.target)
      const { missing, twice } = await tally(bench, work)
      t.check(missing.length === 0, 'missing', { ...facts, ...factsOf(missing), at: works.length })
      t.check(twice.length === 0, 'twice', { ...facts, ...factsOf(twice), at: works.length })
    }
    await Promise.all(running.map((one) => t.attemptLater(() => one.stop())))
  },

  'process-stop': async (t, subject, bench) => {
    const work = await Work.of(t, bench, await sourceOf(t, bench, [t.dice.int(17, 23)]))
    // A record that has results: it is seen whether they and its offset go together.
    const at = t.dice.pick([4, 6, 7, 8])
    const gate = t.gate()
    const client = learnerClient(t, bench)
    const startedAt = performance.now()
    const settings = work.settings(client, ({ offset }) => (offset >= at ? gate.pass() : undefined))
    const running = await subject.startProcessor(client.kafka, settings)
    const joinMs = performance.now() - startedAt
    await work.readOn(t, () => gate.waiting > 0)
    t.check(gate.waiting > 0, 'never', { got: work.calls.length })
    const stopping = running.stop()
    // One that waits does nothing now; one that does not leaves the group, and is given the time to end what it began.
    const hasLeft = () => client.asked('LeaveGroup').length > 0
    const ms = Math.min(waitMs.max, Math.max(waitMs.min, joinMs))
    const leaves = await t.until(hasLeft, { during: stopping, ms })
    const waited = leaves === 'holds' ? await t.until(() => false, { during: stopping, ms: 2_000 }) : leaves
    t.check(waited === 'late', 'early', { place: placeName({ partition: 0, offset: at }) })
    gate.open()
    await stopping
    const calls = work.calls.length
    t.check(work.ended.length === 0, 'said', { why: String(work.ended[0]?.why) })
    t.check(await isSettled(bench, work.target, 500), 'open', {})
    const committed = (await committedBy(bench, work)).get(0) ?? 0
    const isSame = async () => {
      const { missing, twice, foreign } = await tally(
        bench,
        work,
        work.records.filter(({ offset }) => offset < committed),
      )
      const beyond = await tally(
        bench,
        work,
        work.records.filter(({ offset }) => offset >= committed),
      )
      const wanted = work.records
        .filter(({ offset }) => offset >= committed)
        .reduce((sum, { results }) => sum + results.length, 0)
      return missing.length + twice.length + foreign.length === 0 && beyond.missing.length === wanted
    }
    t.check(await isSame(), 'apart', { committed })
    const callsNow = await t.quiet(() => work.calls.length, 60)
    t.check(callsNow === calls, 'afterwards', { count: callsNow - calls })

    const next = learnerClient(t, bench)
    const again = await subject.startProcessor(next.kafka, work.settings(next))
    await work.readOn(t)
    await t.attemptLater(() => again.stop())
    await isSettled(bench, work.target)
    const { missing, twice } = await tally(bench, work)
    t.check(twice.length === 0, 'twice', factsOf(twice))
    t.check(missing.length === 0, 'missing', factsOf(missing))
  },
}

/** The group has committed the offset after the last record, in each partition; markers behind it may be covered too. */
async function judgeOffsets(
  t: Trial<'thisOffset' | 'behind' | 'ahead'>,
  bench: KafkaBench,
  work: Work,
): Promise<void> {
  const { lasts } = work
  const committed = await committedBy(bench, work, (offsets) =>
    lasts.every(({ partition, offset }) => (offsets.get(partition) ?? 0) > offset),
  )
  const facts = ({ partition, offset }: Known) => ({
    partition,
    last: offset,
    committed: committed.get(partition) ?? '—',
    wanted: offset + 1,
  })
  const behind = lasts.find(({ partition, offset }) => (committed.get(partition) ?? 0) <= offset)
  if (behind !== undefined) {
    const isThisOffset = lasts.every(({ partition, offset }) => committed.get(partition) === offset)
    t.check(!isThisOffset, 'thisOffset', facts(behind))
  }
  t.check(behind === undefined, 'behind', behind === undefined ? {} : facts(behind))
  const ends = await bench.offsets(work.source)
  const ahead = lasts.find(
    ({ partition }) =>
      (committed.get(partition) ?? 0) >
      (ends.find((one) => one.partition === partition)?.end ?? Number.POSITIVE_INFINITY),
  )
  t.check(ahead === undefined, 'ahead', ahead === undefined ? {} : facts(ahead))
}
