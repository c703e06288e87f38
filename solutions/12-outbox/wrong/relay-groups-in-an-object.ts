import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'an-object-is-empty',
  belief: {
    en: '{} is empty: any key is a name for something new in it.',
    ru: '{} пуст: любой ключ — имя для чего-то нового в нём.',
  },
  fails: ['relay-sends'],
  breaks: ['record'],
  explains: 'relay-sends.nothing',
}

import type { Kafka, Producer } from 'kafkajs'

interface NewOrder {
  id: string
  item: string
  amount: number
}
type Order = NewOrder & { status: 'placed' | 'cancelled' }
interface Row {
  id: number
  key: string
  value: string | null
}
interface Where {
  ids?: number[]
  sent?: boolean
  after?: number
  upTo?: number
}
interface Transaction {
  findOrder(id: string): Promise<Order | null>
  saveOrder(order: Order): Promise<void>
  addEvent(event: { key: string; value: string | null }): Promise<number>
  events(where: Where, options?: { limit?: number; lock?: 'wait' | 'skip' }): Promise<Row[]>
  markSent(where: Where): Promise<number>
  deleteEvents(where: Where): Promise<number>
}
interface Database {
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

const pauseMs = 50
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function placeOrder(db: Database, _kafka: Kafka, _topic: string, order: NewOrder) {
  const { id, item, amount } = order
  await db.transact(async (tx) => {
    if ((await tx.findOrder(id)) !== null) return
    await save(tx, { id, item, amount, status: 'placed' })
  })
}

export async function cancelOrder(db: Database, _kafka: Kafka, _topic: string, id: string) {
  await db.transact(async (tx) => {
    const order = await tx.findOrder(id)
    if (order === null) throw new Error(`there is no order ${id}`)
    if (order.status === 'cancelled') return
    await save(tx, { ...order, status: 'cancelled' })
  })
}

async function save(tx: Transaction, order: Order): Promise<void> {
  await tx.saveOrder(order)
  await tx.addEvent({ key: order.id, value: JSON.stringify({ type: order.status, order }) })
}

export async function relay(db: Database, kafka: Kafka, topic: string) {
  const producer = kafka.producer()
  await producer.connect()
  let isStopped = false
  const run = async () => {
    while (!isStopped) {
      const count = await sendSome(db, producer, topic).catch(() => 0)
      if (count === 0 && !isStopped) await pause(pauseMs)
    }
  }
  const running = run()
  return {
    stop: async () => {
      isStopped = true
      await running
      await producer.disconnect()
    },
  }
}

async function sendSome(db: Database, producer: Producer, topic: string): Promise<number> {
  return db.transact(async (tx) => {
    const rows = await tx.events({ sent: false }, { limit: 100, lock: 'wait' })
    if (rows.length === 0) return 0
    const groups: Record<string, Row[]> = {}
    for (const row of rows) {
      groups[row.key] ??= []
      groups[row.key]?.push(row)
    }
    const messages = Object.values(groups)
      .flat()
      .map(({ id, key, value }) => ({ key, value, headers: { id: String(id) } }))
    await producer.send({ topic, acks: -1, messages })
    await tx.markSent({ ids: rows.map(({ id }) => id) })
    return rows.length
  })
}
