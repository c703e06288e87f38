/** What lab 09 reads off a target and off a client's requests: which results count, and how far offsets are confirmed. */
import { describe, expect, it } from 'vitest'
import { type Known, recordsFor, tally, Work } from '../../09-exactly-once/work.ts'
import { Dice } from '../../engine/dice.ts'
import type { Trial } from '../../engine/trial.ts'
import type { KafkaBench } from '../../engine/wire/bench.ts'
import type { Exchange } from '../../engine/wire/exchange.ts'
import type { LearnerClient } from '../../engine/wire/learner-client.ts'

const records: Known[] = [
  {
    partition: 0,
    offset: 0,
    key: null,
    value: 'tea',
    results: [
      { key: 'a', value: 't1' },
      { key: 'a', value: 't2' },
    ],
  },
  { partition: 0, offset: 1, key: null, value: 'milk', results: [] },
  { partition: 1, offset: 0, key: null, value: 'bread', results: [{ key: 'b', value: 'b1' }] },
]

/** A bench whose target holds these records. */
const benchWith = (read: readonly { key: string; value: string }[]) =>
  ({
    topic: async (word: string) => word,
    topicName: (word: string) => word,
    read: async () => read.map((one) => ({ partition: 0, offset: 0, headers: {}, timestamp: 0, ...one })),
  }) as unknown as KafkaBench

const trial = { dice: new Dice(9, 'work') } as unknown as Trial<string>
const workOn = (bench: KafkaBench) => Work.of(trial, bench, { source: 'sales', records })

const clientWith = (exchanges: readonly Partial<Exchange>[]) =>
  ({
    exchanges: exchanges.map((one) => ({ errors: [], isAnswered: true, records: 0, ...one })),
  }) as unknown as LearnerClient

async function tallied(read: readonly { key: string; value: string }[]) {
  const bench = benchWith(read)
  return tally(bench, await workOn(bench))
}

describe('the tally of a target', () => {
  it('finds nothing wrong where each result counts once', async () => {
    const { missing, twice, foreign, disordered } = await tallied([
      { key: 'b', value: 'b1' },
      { key: 'a', value: 't1' },
      { key: 'a', value: 't2' },
    ])
    expect([missing, twice, foreign, disordered]).toEqual([[], [], [], undefined])
  })

  it('tells what is missing, what counts twice, and what is no result', async () => {
    const { missing, twice, foreign } = await tallied([
      { key: 'a', value: 't1' },
      { key: 'a', value: 't1' },
      { key: 'a', value: 'T2' },
      { key: 'b', value: 'b1' },
    ])
    expect(missing.map(({ result }) => result.value)).toEqual(['t2'])
    expect(twice.map(({ result }) => result.value)).toEqual(['t1'])
    expect(foreign.map(({ value }) => value)).toEqual(['T2'])
  })

  it('tells the key whose results are in another order', async () => {
    const { disordered } = await tallied([
      { key: 'a', value: 't2' },
      { key: 'a', value: 't1' },
      { key: 'b', value: 'b1' },
    ])
    expect(disordered).toBe('a')
  })
})

describe('how far offsets are confirmed', () => {
  async function confirmed(exchanges: (group: string) => readonly Partial<Exchange>[]) {
    const work = await workOn(benchWith([]))
    work.settings(clientWith(exchanges(work.group)))
    return Object.fromEntries(work.confirmed())
  }
  const offsets = [{ topic: 'sales', partition: 0, offset: 2, metadata: null }]
  const inTransaction = (group: string) => ({
    api: 'TxnOffsetCommit',
    group,
    transactionalId: 'p-0',
    offsets,
  })
  const end = { api: 'EndTxn', transactionalId: 'p-0', isCommit: true }

  it('a transaction confirms its offsets when it has been committed', async () => {
    expect(await confirmed((group) => [inTransaction(group), end])).toEqual({ 0: 2 })
  })

  it('one that is open, aborted, refused, or of another id confirms none', async () => {
    expect(await confirmed((group) => [inTransaction(group)])).toEqual({})
    expect(await confirmed((group) => [inTransaction(group), { ...end, isCommit: false }])).toEqual({})
    expect(
      await confirmed((group) => [inTransaction(group), { ...end, errors: ['INVALID_PRODUCER_EPOCH'] }]),
    ).toEqual({})
    expect(await confirmed((group) => [inTransaction(group), { ...end, transactionalId: 'p-1' }])).toEqual({})
  })

  it('one that was aborted is not confirmed by the commit of the next one', async () => {
    expect(
      await confirmed((group) => [
        inTransaction(group),
        { ...end, isCommit: false },
        { ...inTransaction(group), offsets: [] },
        end,
      ]),
    ).toEqual({})
  })

  it('a plain commit confirms by itself, of this group only', async () => {
    expect(await confirmed((group) => [{ api: 'OffsetCommit', group, offsets }])).toEqual({ 0: 2 })
    expect(await confirmed(() => [{ api: 'OffsetCommit', group: 'other', offsets }])).toEqual({})
  })
})

describe('a piece of work', () => {
  it('WORK-1: gives the same results at each call with a record, and no value of a result twice', async () => {
    const known = recordsFor(trial, [5, 0, 3])
    const values = known.flatMap(({ results }) => results.map(({ value }) => value))
    expect(new Set(values).size).toBe(values.length)
    const work = await Work.of(trial, benchWith([]), { source: 'sales', records: known })
    const { transform } = work.settings(clientWith([]))
    const [first] = known
    expect(await transform({ ...first, partition: 0, offset: '0', key: null, value: 'x' })).toEqual(
      first?.results,
    )
    expect(await transform({ ...first, partition: 0, offset: 0n, key: null, value: 'x' })).toEqual(
      first?.results,
    )
  })

  it('WORK-2: a call belongs to the start whose settings it came by, also after a later start', async () => {
    const work = await workOn(benchWith([]))
    const old = work.settings(clientWith([]))
    const next = work.settings(clientWith([]))
    const record = { partition: 0, offset: '1', key: null, value: 'milk' }
    await next.transform(record)
    await old.transform(record)
    await old.onEnded('fenced')
    expect(work.calls.map(({ life }) => life)).toEqual([2, 1])
    expect(work.ended).toEqual([{ life: 1, why: 'fenced' }])
  })
})
