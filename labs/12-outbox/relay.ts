/** Lab 12: what a relay sends, and in which order: while nothing fails, and while connections break. */
import { show } from '../engine/show.ts'
import { differing, hardPairs } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { ReadBack } from '../engine/wire/log.ts'
import type { Fate } from '../engine/wire/point.ts'
import { foreign, idFault, missing, outOfOrder, type Row, repeated, sides, spread } from './judge.ts'
import type { relaySendsCases } from './messages-relay.ts'
import { eventsFor, type Line, Shop } from './shop.ts'
import { backMs, type Checks, closedMs, type Outbox } from './subject.ts'

type RelayId = 'relay-sends' | 'relay-order' | 'relay-backlog'

/** More than default retries of a client of the bench, so that a send fails for good; elsewhere retries take their time. */
const cuts = (bench: KafkaBench) => (bench.ours ? 6 : 3)

const nothing = { key: undefined, value: undefined }

/** The page: key and value of a row together, bytes. */
const rowBytesMax = 8_000

/** The longest key that is tried, bytes. */
const keyBytesMax = 1_000

/** Keys and values that lose something on the way if one is not careful, and values that are null. */
function hardEvents(t: Trial<string>): { readonly key: string; readonly value: string | null }[] {
  const pairs = hardPairs(t.dice, { key: keyBytesMax, value: rowBytesMax - keyBytesMax })
  const tombstones = t.dice.freshWords(2).map((key) => ({ key, value: null }))
  const names = ['__proto__', 'constructor'].map((key) => ({ key, value: t.dice.freshWord() }))
  const texts = pairs.map(({ key, value }) => ({ key: key ?? '', value }))
  return t.dice.shuffle([...texts, ...tombstones, ...names])
}

/** Rows that no record is of, beside the records that are of no row; both lists are of one length. */
function changed(rows: readonly Row[], records: readonly ReadBack[]) {
  const strange = foreign(rows, records)
  const pairs = missing(rows, records).map((row, i) => ({ wanted: row, got: strange[i] ?? nothing }))
  return differing(pairs)
}

/** Rows with texts that lose something on the way if one is not careful, and some that were sent before. */
async function sendsHardRows(
  t: Trial<keyof typeof relaySendsCases>,
  subject: Outbox,
  bench: KafkaBench,
): Promise<void> {
  const shop = await Shop.open(t, bench, 1)
  const { store } = shop
  const old = store.add(eventsFor(t, 3, [t.dice.freshWord()]))
  store.rows = store.rows.map((row) => ({ ...row, sent: true }))
  const rows: readonly Row[] = store.add(hardEvents(t))
  const [twin] = eventsFor(t, 1, [t.dice.freshWord()])
  const twins: readonly Row[] = twin === undefined ? [] : store.add([twin, twin])
  const line = shop.line(t, bench)
  const running = await shop.relay(subject, line)
  await shop.sent(t, [line])
  await t.attemptLater(() => running.stop())
  const all = await shop.read(bench)
  const records = all.filter(({ value }) => value !== twin?.value)
  t.check(records.length > 0, 'nothing', { wanted: rows.length })
  const again = old.filter((row) => records.some(({ value }) => value === row.value))
  t.check(again.length === 0, 'old', { count: again.length })
  t.check(records.length >= rows.length, 'missing', { got: records.length, wanted: rows.length })
  t.check(records.length === rows.length, 'twice', {
    got: records.length,
    wanted: rows.length,
    unsent: store.unsent.length,
  })
  const loss = changed(rows, records)
  t.check(loss === undefined, 'differs', { count: loss?.count ?? 0 }, loss?.picture)
  checkIds(t, rows, records)
  const [one, other, ...more] = all.filter(({ value }) => value === twin?.value)
  t.check(one !== undefined && other !== undefined, 'twinMissing', { count: one === undefined ? 0 : 1 })
  t.check(more.length === 0, 'twice', { got: all.length, wanted: rows.length + twins.length, unsent: 0 })
  t.check(one?.headers.id !== other?.headers.id, 'sameId', {
    other: twins[0]?.id ?? '',
    row: twins[1]?.id ?? '',
    id: show(one?.headers.id),
  })
  const weak = line.client.asked('Produce').find(({ acks }) => acks !== -1)
  t.check(weak === undefined, 'acks', { acks: weak?.acks ?? '' })
}

/** The header `id` of records while no row is sent twice. */
function checkIds(
  t: Trial<keyof typeof relaySendsCases>,
  rows: readonly Row[],
  records: readonly ReadBack[],
): void {
  const fault = idFault(rows, records)
  t.check(fault?.kind !== 'noId', 'noId', { row: fault?.row.id ?? '' })
  t.check(fault?.kind !== 'sameId', 'sameId', {
    row: fault?.row.id ?? '',
    other: fault?.kind === 'sameId' ? fault.other.id : '',
    id: fault?.kind === 'sameId' ? show(fault.id) : '',
  })
}

/** Rows of some keys, in three partitions; more of them come later; then the relay is stopped, and another one runs. */
async function sendsAndGoesOn(
  t: Trial<keyof typeof relaySendsCases>,
  subject: Outbox,
  bench: KafkaBench,
): Promise<void> {
  const shop = await Shop.open(t, bench, 3)
  const keys = t.dice.freshWords(4)
  const line = shop.line(t, bench)
  const first = eventsFor(t, 21, keys)
  shop.store.add(first)
  const running = await shop.relay(subject, line)
  const present = await shop.sent(t, [line])
  const later = eventsFor(t, 7, keys)
  for (const event of later) shop.store.add([event])
  if (present === 'through') await shop.sent(t, [line])
  await t.attemptLater(() => running.stop())
  const atLast = await shop.read(bench)
  const next = shop.line(t, bench)
  const again = await shop.relay(subject, next)
  await t.until(() => next.connection.emptyAnswers >= 3, { ms: 2_500 })
  await t.attemptLater(() => again.stop())

  const { rows } = shop
  const records = await shop.read(bench)
  const lost = missing(rows.slice(0, first.length), atLast)
  t.check(lost.length < first.length, 'nothing', { wanted: first.length })
  t.check(lost.length === 0, 'missing', { got: first.length - lost.length, wanted: first.length }, () =>
    sides(rows, atLast, { marked: lost }),
  )
  const lostLater = missing(rows, atLast)
  t.check(lostLater.length === 0, 'laterMissing', { count: lostLater.length, wanted: later.length }, () =>
    sides(rows, atLast, { marked: lostLater }),
  )
  const twice = repeated(rows, records)
  t.check(twice.length === 0, 'twice', {
    got: records.length,
    wanted: rows.length,
    unsent: shop.store.unsent.length,
  })
  const wide = spread(records)
  t.check(wide === undefined && records.every(({ key }) => key !== null), 'spread', {
    key: wide?.key ?? keys[0] ?? '',
    count: wide?.partitions ?? 0,
  })
  checkOrder(t, rows, records)
  t.check(shop.store.unsent.length === 0, 'unmarked', {
    count: shop.store.unsent.length,
    wanted: rows.length,
  })
}

function checkOrder(t: Trial<'order'>, rows: readonly Row[], records: readonly ReadBack[]): void {
  const found = outOfOrder(rows, records)
  t.check(
    found === undefined,
    'order',
    { key: found?.row.key ?? '', row: found?.row.id ?? '', before: found?.before.id ?? '' },
    () => sides(rows, records, { key: found?.row.key, marked: found === undefined ? [] : [found.row] }),
  )
}

export const relayChecks: Checks<RelayId> = {
  'relay-sends': async (t, subject, bench) => {
    await Promise.all([sendsHardRows(t, subject, bench), sendsAndGoesOn(t, subject, bench)])
  },

  'relay-order': async (t, subject, bench) => {
    const shop = await Shop.open(t, bench, 3)
    const keys = t.dice.freshWords(3)
    shop.store.add(eventsFor(t, 12, keys))
    const line: Line = shop.line(t, bench)
    const { client } = line
    // Several times in a row the broker gets nothing; later it stores something, and the answer is lost.
    let left = cuts(bench)
    const before = (): Fate => (left-- > 0 ? 'cut' : 'pass')
    const point = client.at('Produce', { nth: 'all' }, { before })
    client.at('Produce', { nth: 2, where: () => left < 0 }, 'cut-after')
    const running = await shop.relay(subject, line)
    await t.until(() => point.isReached)
    shop.store.add(eventsFor(t, 9, keys))
    await shop.sent(t, [line], { ms: backMs, mayIdle: false })
    await t.attemptLater(() => running.stop())
    await t.until(() => client.openSockets() === 0, { ms: closedMs })
    const count = client.openSockets()
    const { rows } = shop
    const records = await shop.read(bench)
    t.inFlight(point.times, 1)
    const lost = missing(rows, records)
    t.check(lost.length === 0, 'missing', { count: lost.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: lost }),
    )
    checkOrder(t, rows, records)
    const wide = spread(records)
    t.check(wide === undefined, 'spread', { key: wide?.key ?? '', count: wide?.partitions ?? 0 })
    t.check(count === 0, 'open', { count })
  },

  'relay-backlog': async (t, subject, bench) => {
    const shop = await Shop.open(t, bench, 1)
    const keys = t.dice.freshWords(3)
    // 140 rows of 8,000 bytes are more than 1 MB, and half as many letters; the rest is small.
    const big = eventsFor(t, 140, keys).map(({ key, value }) => {
      const length = rowBytesMax - Buffer.byteLength(key + value)
      return { key, value: `${value}${'ж'.repeat(length / 2)}` }
    })
    shop.store.add([...big, ...eventsFor(t, 860, keys)])
    const line = shop.line(t, bench)
    const running = await shop.relay(subject, line)
    const how = await shop.sent(t, [line])
    await t.attemptLater(() => running.stop())
    const { rows } = shop
    const records = await shop.read(bench)
    const tooLarge = line.client
      .answered('Produce')
      .some(({ errors }) => errors.includes('MESSAGE_TOO_LARGE'))
    const lost = missing(rows, records)
    const facts = { got: rows.length - lost.length, wanted: rows.length }
    t.check(lost.length === 0 || !tooLarge, 'tooLarge', facts)
    t.check(lost.length === 0 || how !== 'idle', 'idle', facts)
    t.check(lost.length === 0, 'stuck', facts)
    const twice = repeated(rows, records)
    t.check(twice.length === 0, 'twice', { count: twice.length, wanted: rows.length })
    checkOrder(t, rows, records)
  },
}
