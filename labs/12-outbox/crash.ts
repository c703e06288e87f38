/**
 * Lab 12: orders and topic together. The program dies in the middle of four changes; then it runs again, each call is
 * repeated, and a relay works.
 *
 *   before the commit   all that the transaction is to hold was said; the database has done nothing yet
 *   after the commit    the database has done it; the program never hears of it
 *
 * Whatever is in the topic must be in the database, at once and at the end; and at the end the other way round too.
 */
import { instance } from '../engine/instance.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { foreign, missing, outOfOrder, repeated, sides } from './judge.ts'
import { type Change, newOrder, statusOf } from './orders.ts'
import { type Line, never, Shop } from './shop.ts'
import type { AtStep } from './store.ts'
import type { Checks, NewOrder, Outbox } from './subject.ts'

type CrashId = 'crash' | 'whole'
type When = 'commit' | 'answer'

/** What a program does without waiting, it has done by then, ms. */
const settleMs = 80

/** One change that does not come to its end. */
interface Moment {
  readonly name: Change
  readonly when: When
  readonly shop: Shop
  readonly order: NewOrder
  readonly line: Line
  readonly isThere: () => boolean
}

async function momentOf(
  t: Trial<string>,
  bench: KafkaBench,
  name: Change,
  when: When,
  lineIn: (shop: Shop, atStep: AtStep) => Line,
): Promise<Moment> {
  const shop = await Shop.open(t, bench)
  const order = newOrder(t)
  if (name === 'cancelOrder') shop.store.orders.set(order.id, { ...order, status: 'placed' })
  let isThere = false
  const line = lineIn(shop, (step, _nth, changes) => {
    if (step !== when || changes === 0) return
    isThere = true
    return never()
  })
  return { name, when, shop, order, line, isThere: () => isThere }
}

const call = (subject: Outbox, { name, shop, order }: Moment, { connection, client }: Line) =>
  name === 'placeOrder'
    ? subject.placeOrder(connection.db, client.kafka, shop.topic, { ...order })
    : subject.cancelOrder(connection.db, client.kafka, shop.topic, order.id)

const isChanged = ({ name, shop, order }: Moment) =>
  shop.store.orders.get(order.id)?.status === statusOf[name]

export const crashChecks: Checks<CrashId> = {
  crash: async (t, _subject, bench) => {
    const first = await instance<Outbox>(t, bench, { name: { en: 'The first run', ru: 'Первый запуск' } })
    const kinds = (['placeOrder', 'cancelOrder'] as const).flatMap((name) =>
      (['commit', 'answer'] as const).map((when) => ({ name, when })),
    )
    const moments = await Promise.all(
      kinds.map(({ name, when }) =>
        momentOf(t, bench, name, when, (shop, atStep) => shop.line(t, bench, { instance: first, atStep })),
      ),
    )
    const ended = new Map<Moment, unknown>()
    for (const moment of moments)
      t.attemptLater(() => call(first.subject, moment, moment.line)).then(
        () => ended.set(moment, undefined),
        (stub: unknown) => ended.set(moment, stub),
      )
    await t.until(() => moments.every((moment) => moment.isThere() || ended.has(moment)))
    for (const stub of ended.values()) if (stub !== undefined) throw stub
    const missed = moments.find((moment) => !moment.isThere())
    t.check(missed === undefined, 'never', { name: missed?.name ?? '' })
    await t.quiet(() => moments.reduce((sum, { line }) => sum + line.client.exchanges.length, 0), settleMs)
    t.inFlight(moments.filter(({ when, shop }) => when === 'answer' && shop.store.moves > 0).length, 2)
    for (const { line } of moments) line.connection.end()
    await first.crash()

    for (const moment of moments) {
      const { name, shop } = moment
      const records = await shop.read(bench)
      const facts = { name, status: statusOf[name] }
      t.check(records.length === 0 || isChanged(moment), 'ghost', facts)
      t.check(!isChanged(moment) || shop.store.committed.length + records.length > 0, 'orderOnly', facts)
      t.check(isChanged(moment) || shop.store.committed.length === 0, 'rowOnly', facts)
    }

    const second = await instance<Outbox>(t, bench, { name: { en: 'The second run', ru: 'Второй запуск' } })
    await Promise.all(
      moments.map(async (moment) => {
        const { name, shop } = moment
        const line = shop.line(t, bench, { instance: second })
        const { error } = await t.attemptLater(() => call(second.subject, moment, line))
        t.check(error === undefined, 'refused', { name, message: error?.message ?? '' })
        await shop.relay(second.subject, line)
        await shop.sent(t, [line])
        const records = await shop.read(bench)
        const facts = { name, status: statusOf[name] }
        t.check(isChanged(moment), 'undone', facts)
        t.check(records.length > 0, 'lost', facts)
      }),
    )
  },

  whole: async (t, subject, bench) => {
    const shop = await Shop.open(t, bench, 2)
    const line = shop.line(t, bench)
    const running = await shop.relay(subject, line)
    const { connection, client } = line
    const orders = Array.from({ length: 6 }, () => newOrder(t))
    const place = (order: NewOrder) => subject.placeOrder(connection.db, client.kafka, shop.topic, order)
    await Promise.all(orders.map(place))
    const [one, two, three] = orders as [NewOrder, NewOrder, NewOrder]
    await Promise.all([
      subject.cancelOrder(connection.db, client.kafka, shop.topic, one.id),
      subject.cancelOrder(connection.db, client.kafka, shop.topic, two.id),
      place(three),
    ])
    await shop.sent(t, [line])
    await t.attemptLater(() => running.stop())
    const [rows, records] = [shop.rows, await shop.read(bench)]
    const lost = missing(rows, records)
    t.check(lost.length === 0, 'missing', { count: lost.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: lost }),
    )
    const strange = foreign(rows, records)
    t.check(strange.length === 0, 'foreign', { count: strange.length, wanted: rows.length })
    const twice = repeated(rows, records)
    t.check(twice.length === 0, 'twice', { count: twice.length, wanted: rows.length }, () =>
      sides(rows, records, { marked: twice }),
    )
    const found = outOfOrder(rows, records)
    t.check(found === undefined, 'order', { key: found?.row.key ?? '' }, () =>
      sides(rows, records, { key: found?.row.key, marked: found === undefined ? [] : [found.row] }),
    )
  },
}
