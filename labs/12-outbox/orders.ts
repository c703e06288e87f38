/** Lab 12: what `placeOrder` and `cancelOrder` do in the database: once, twice, while it fails, and without Kafka. */
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { learnerClient } from '../engine/wire/learner-client.ts'
import { type AtStep, failure, type Step, Store } from './store.ts'
import type { Checks, Database, NewOrder, Order, Outbox } from './subject.ts'

type OrdersId = 'placed' | 'fails' | 'again' | 'away'

const changes = ['placeOrder', 'cancelOrder'] as const
export type Change = (typeof changes)[number]
export const statusOf = { placeOrder: 'placed', cancelOrder: 'cancelled' } as const

/** More steps than any program makes of one change. */
const stepsMax = 30

/** An order as a customer might name it. */
export function newOrder(t: Trial<string>, id = t.dice.freshWord()): NewOrder {
  return { id, item: t.dice.freshWord(), amount: t.dice.freshInt(2, 900) }
}

/** Ids and items with spaces, marks, letters of other scripts, names that objects have, the longest allowed. */
function hardOrders(t: Trial<string>): NewOrder[] {
  const word = () => t.dice.freshWord()
  const texts = [
    ` ${word()} `,
    `\ufeff${word()}`,
    `${word()}e\u0301\r\n`,
    `${t.dice.freshForeignWord()}😀`,
    `"${word()}\\`,
    '__proto__',
    'constructor',
    word().repeat(20).slice(0, 100),
  ]
  const amounts = [0, 1, 2 ** t.dice.int(3, 9), t.dice.freshInt(1_000, 90_000), t.dice.freshInt(2, 90) / 8]
  const ids = [...texts, word()]
  return t.dice.shuffle(
    ids.map((id, i) => ({
      id,
      item: i === texts.length ? '' : (texts[(i + 3) % texts.length] ?? ''),
      amount: amounts[i % amounts.length] ?? 0,
    })),
  )
}

/** What an event's value holds, if it is what the page says; its looks, if it is not. */
function readEvent(value: string | null): { type: unknown; order: unknown } | string {
  if (value === null) return 'null'
  try {
    const event: unknown = JSON.parse(value)
    if (typeof event !== 'object' || event === null) return show(value)
    const { type, order } = event as { type?: unknown; order?: unknown }
    return { type, order }
  } catch {
    return show(value)
  }
}

/** An order in one line, with its fields in one order. */
function orderInWords(order: unknown): string {
  if (typeof order !== 'object' || order === null) return show(order)
  const { id, item, amount, status, ...more } = order as Partial<Order>
  const fields = { id, item, amount, status, ...more }
  return JSON.stringify(fields, (_key, value: unknown) =>
    typeof value === 'string' && value.length > 24 ? `${value.slice(0, 20)}…(${value.length})` : value,
  )
}

const sameOrder = (a: unknown, b: Order): boolean => {
  const { id, item, amount, status, ...more } = (a ?? {}) as Partial<Order>
  return (
    id === b.id &&
    item === b.item &&
    amount === b.amount &&
    status === b.status &&
    Object.keys(more).length === 0
  )
}

/** One call of a function, with an order that is there already if it is to be cancelled. */
class Attempt {
  readonly store: Store
  readonly name: Change
  readonly order: NewOrder
  readonly #kafka: ReturnType<typeof learnerClient>['kafka']
  readonly #topic: string

  constructor(
    t: Trial<string>,
    name: Change,
    kafka: ReturnType<typeof learnerClient>['kafka'],
    topic: string,
  ) {
    this.store = new Store(t.dice.int(20, 400))
    this.name = name
    this.order = newOrder(t)
    this.#kafka = kafka
    this.#topic = topic
    if (name === 'cancelOrder') this.store.orders.set(this.order.id, { ...this.order, status: 'placed' })
  }

  run(subject: Outbox, db: Database): Promise<unknown> {
    return this.name === 'placeOrder'
      ? subject.placeOrder(db, this.#kafka, this.#topic, { ...this.order })
      : subject.cancelOrder(db, this.#kafka, this.#topic, this.order.id)
  }

  /** The order is as the change leaves it. */
  get isChanged(): boolean {
    return this.store.orders.get(this.order.id)?.status === statusOf[this.name]
  }

  get rows(): number {
    return this.store.committed.length
  }
}

export const orderChecks: Checks<OrdersId> = {
  placed: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 1)
    const { kafka } = learnerClient(t, bench)
    const store = new Store(t.dice.int(20, 400))
    const { db } = store.connect()
    const orders = hardOrders(t)
    // Ids with white space or marks are cancelled too, and one plain one.
    const isHard = ({ id }: NewOrder) => id !== id.trim() || /[^ -~]/.test(id)
    const cancelled = [...orders.filter(isHard), ...orders.filter((order) => !isHard(order)).slice(0, 1)]
    const kept = orders.filter((order) => !cancelled.includes(order))
    const [early, late] = [kept.slice(0, 1), kept.slice(1)]
    for (const order of [...cancelled, ...early]) await subject.placeOrder(db, kafka, topic, order)
    await Promise.all(late.map((order) => subject.placeOrder(db, kafka, topic, order)))
    for (const { id } of cancelled) await subject.cancelOrder(db, kafka, topic, id)
    const expected = [
      ...orders.map((order): Order => ({ ...order, status: 'placed' })),
      ...cancelled.map((order): Order => ({ ...order, status: 'cancelled' })),
    ]
    for (const order of orders) {
      const wanted = expected.findLast(({ id }) => id === order.id) as Order
      const got = store.orders.get(order.id)
      const facts = { id: show(order.id), wanted: orderInWords(wanted) }
      t.check(sameOrder(got, wanted), 'order', { ...facts, got: orderInWords(got) })
    }
    const call = (order: Order) =>
      `${order.status === 'placed' ? 'placeOrder' : 'cancelOrder'}(…, ${show(order.id)})`
    for (const order of expected) {
      const rows = store.committed.filter(({ key }) => key === order.id)
      const wanted = expected.filter(({ id }) => id === order.id)
      const strange = store.committed.find(({ key }) => !orders.some(({ id }) => id === key))
      t.check(rows.length > 0 || strange === undefined, 'key', {
        id: show(order.id),
        got: show(strange?.key),
      })
      t.check(rows.length === wanted.length, 'rows', {
        id: show(order.id),
        got: rows.length,
        wanted: wanted.length,
      })
      const event = readEvent(rows[wanted.indexOf(order)]?.value ?? null)
      const facts = { call: call(order), type: order.status }
      t.check(typeof event !== 'string', 'text', {
        ...facts,
        got: typeof event === 'string' ? event : '',
      })
      if (typeof event === 'string') return
      t.check(event.type === order.status, 'type', { ...facts, got: show(event.type) })
      t.check(sameOrder(event.order, order), 'event', {
        ...facts,
        wanted: orderInWords(order),
        got: orderInWords(event.order),
      })
    }
    const before = store.moves
    const unknown = t.dice.freshWord()
    const { error } = await t.attemptLater(() => subject.cancelOrder(db, kafka, topic, unknown))
    t.check(error !== undefined, 'unknown', { id: show(unknown) })
    t.check(store.moves === before, 'unknownChanges', { id: show(unknown) })
  },

  fails: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 1)
    const { kafka } = learnerClient(t, bench)
    for (const name of changes) {
      for (let at = 1; ; at++) {
        const attempt = new Attempt(t, name, kafka, topic)
        let [steps, failed]: [number, Step | undefined] = [0, undefined]
        const atStep: AtStep = (step) => {
          if (step === 'answer' || ++steps !== at) return
          failed = step
          throw failure('the connection to the database was lost')
        }
        const { error } = await t.attemptLater(() => attempt.run(subject, attempt.store.connect(atStep).db))
        if (failed === undefined) {
          // Who asks the database for nothing has nothing that could fail.
          t.check(at > 1, 'never', { name })
          break
        }
        const facts = { name, step: failed }
        const [isChanged, hasRow] = [attempt.isChanged, attempt.rows > 0]
        t.check(!isChanged || hasRow, 'orderOnly', facts)
        t.check(isChanged || !hasRow, 'rowOnly', facts)
        t.check(error !== undefined || isChanged, 'claimed', facts)
        if (at > stepsMax) break
      }
    }
  },

  again: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 1)
    const { kafka } = learnerClient(t, bench)
    const judge = (attempt: Attempt, how: 'later' | 'atOnce' | 'unheard', refusal?: Error) => {
      const facts = { name: attempt.name, count: attempt.rows, message: refusal?.message ?? '' }
      const isTwice = attempt.rows > 1
      t.check(!isTwice || how !== 'later', 'twiceLater', facts)
      t.check(!isTwice || how !== 'atOnce', 'twiceAtOnce', facts)
      t.check(!isTwice || how !== 'unheard', 'twiceUnheard', facts)
      t.check(refusal === undefined, 'refused', facts)
      t.check(attempt.isChanged, 'undone', facts)
    }
    for (const name of changes) {
      const later = new Attempt(t, name, kafka, topic)
      const { db } = later.store.connect()
      await later.run(subject, db)
      judge(later, 'later', (await t.attemptLater(() => later.run(subject, db))).error)

      const unheard = new Attempt(t, name, kafka, topic)
      const lossy = unheard.store.connect((step, nth) => {
        if (step === 'answer' && nth === 1) throw failure('the connection to the database was lost')
      })
      await t.attemptLater(() => unheard.run(subject, lossy.db))
      judge(unheard, 'unheard', (await t.attemptLater(() => unheard.run(subject, lossy.db))).error)

      const atOnce = new Attempt(t, name, kafka, topic)
      const [one, two] = [atOnce.store.connect(), atOnce.store.connect()]
      const both = await Promise.all(
        [one, two].map((connection) => t.attemptLater(() => atOnce.run(subject, connection.db))),
      )
      judge(atOnce, 'atOnce', both.find(({ error }) => error !== undefined)?.error)
    }
    const revived = new Attempt(t, 'cancelOrder', kafka, topic)
    const { db } = revived.store.connect()
    await revived.run(subject, db)
    const rows = revived.rows
    await t.attemptLater(() => subject.placeOrder(db, kafka, topic, { ...revived.order }))
    t.check(revived.isChanged && revived.rows === rows, 'revived')
  },

  away: async (t, subject, bench) => {
    const topic = await bench.topic(t.dice.freshWord(), 1)
    await Promise.all(changes.map((name) => worksAlone(t, subject, bench, name, topic)))
  },
}

/** One change while every connection to Kafka is cut. */
async function worksAlone(
  t: Trial<'refused' | 'undone'>,
  subject: Outbox,
  bench: KafkaBench,
  name: Change,
  topic: string,
): Promise<void> {
  const client = learnerClient(t, bench)
  client.at(['ApiVersions', 'Metadata', 'Produce', 'InitProducerId'], { nth: 'all' }, 'cut-before')
  const attempt = new Attempt(t, name, client.kafka, topic)
  const { db } = attempt.store.connect()
  const { error } = await t.attemptLater(() => attempt.run(subject, db))
  t.check(error === undefined, 'refused', { name, message: error?.message ?? '' })
  t.check(attempt.isChanged, 'undone', { name })
}
