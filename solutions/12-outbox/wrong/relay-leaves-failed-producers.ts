import type { Wrong } from '../../../labs/engine/lab.ts'

export const wrong: Wrong = {
  misconception: 'a-failed-producer-is-gone',
  belief: {
    en: 'A producer whose send has failed is broken and done with: I take a new one.',
    ru: 'Продюсер, у которого не удалась отправка, сломан, и с ним покончено: я беру новый.',
  },
  fails: ['relay-order'],
  breaks: ['closed'],
  explains: 'relay-order.open',
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
  let producer = await connected(kafka)
  let isStopped = false
  const run = async () => {
    while (!isStopped) {
      const count = await sendSome(db, producer, topic).catch(() => -1)
      if (count < 0) producer = await connected(kafka).catch(() => producer)
      if (count <= 0 && !isStopped) await pause(pauseMs)
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

async function connected(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer()
  await producer.connect()
  return producer
}

async function sendSome(db: Database, producer: Producer, topic: string): Promise<number> {
  return db.transact(async (tx) => {
    const rows = await tx.events({ sent: false }, { limit: 100, lock: 'wait' })
    if (rows.length === 0) return 0
    const messages = rows.map(({ id, key, value }) => ({ key, value, headers: { id: String(id) } }))
    await producer.send({ topic, acks: -1, messages })
    await tx.markSent({ ids: rows.map(({ id }) => id) })
    return rows.length
  })
}
