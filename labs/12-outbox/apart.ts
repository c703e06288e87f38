/**
 * Lab 12: two shops in one program, each with a database of its own; they share the topic and the client. What one of them does is
 * nothing to the other.
 */
import { show } from '../engine/show.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { missing, sides } from './judge.ts'
import { newOrder } from './orders.ts'
import { eventsFor, Shop } from './shop.ts'
import { Store } from './store.ts'
import type { Checks, Order } from './subject.ts'

export const apartChecks: Checks<'apart'> = {
  apart: async (t, subject, bench) => {
    const first = await Shop.open(t, bench, 2)
    const second = new Shop(new Store(t.dice.int(20, 400)), first.topic)
    const client = learnerClient(t, bench)
    const lines = [first, second].map((shop) => ({ shop, connection: shop.store.connect(), client }))
    const { kafka } = client
    const order = newOrder(t)
    const lacks = (status: Order['status']) =>
      lines.find(({ shop }) => shop.store.orders.get(order.id)?.status !== status)

    // An order with this id in both databases, at the same time.
    await Promise.all(
      lines.map(({ shop, connection }) => subject.placeOrder(connection.db, kafka, shop.topic, { ...order })),
    )
    t.check(lacks('placed') === undefined, 'orders', { name: 'placeOrder', id: show(order.id) })
    await Promise.all(
      lines.map(({ shop, connection }) => subject.cancelOrder(connection.db, kafka, shop.topic, order.id)),
    )
    t.check(lacks('cancelled') === undefined, 'orders', { name: 'cancelOrder', id: show(order.id) })

    const keys = t.dice.freshWords(2)
    for (const { shop } of lines) shop.store.add(eventsFor(t, 4, keys))
    const [one, other] = await Promise.all(lines.map((line) => line.shop.relay(subject, line)))
    for (const line of lines) {
      await line.shop.sent(t, [line])
      const lost = missing(line.shop.rows, await line.shop.read(bench))
      t.check(lost.length === 0, 'missing', { count: lost.length, wanted: line.shop.rows.length })
    }

    await t.attemptLater(async () => one?.stop())
    const later = second.store.add(eventsFor(t, 3, keys))
    await second.sent(t, lines.slice(1))
    await t.attemptLater(async () => other?.stop())
    const records = await second.read(bench)
    const lost = missing(later, records)
    t.check(lost.length === 0, 'stopped', { count: lost.length, wanted: later.length }, () =>
      sides(second.rows, records, { marked: lost }),
    )
  },
}
