/** A queue for each key: keys are sent side by side, the rows of a key one after the other; the send is repeated by the program. */
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
  const producer = kafka.producer({ retry: { retries: 0 } })
  await producer.connect()
  const life = { isStopped: false }
  const ended = look(db, producer, topic, life)
  const stop = async () => {
    life.isStopped = true
    await ended
    await producer.disconnect()
  }
  return { stop }
}

async function look(db: Database, producer: Producer, topic: string, life: { isStopped: boolean }) {
  for (;;) {
    const how = await db.transact((tx) => round(tx, producer, topic, life)).catch(() => 'failed')
    if (life.isStopped) return
    if (how !== 'sent') await pause(how === 'failed' ? 200 : 80)
  }
}

async function round(tx: Transaction, producer: Producer, topic: string, life: { isStopped: boolean }) {
  const rows = await tx.events({ sent: false, after: 0 }, { limit: 60, lock: 'wait' })
  const queues = new Map<string, Row[]>()
  for (const row of rows) queues.set(row.key, [...(queues.get(row.key) ?? []), row])
  const sent: number[] = []
  const inTurn = async (queue: Row[]) => {
    for (let at = 0; at < queue.length; at += 7) {
      const some = queue.slice(at, at + 7)
      const messages = some.map(({ id, key, value }) => ({ key, value, headers: { id: `event ${id}` } }))
      for (let tries = 1; ; tries++) {
        try {
          await producer.send({ topic, acks: -1, timeout: 10_000, messages })
          break
        } catch {
          if (tries === 4 || life.isStopped) return
          await pause(40)
        }
      }
      sent.push(...some.map(({ id }) => id))
    }
  }
  await Promise.all([...queues.values()].map(inTurn))
  if (sent.length > 0) await tx.markSent({ ids: sent })
  if (rows.length === 0) return 'nothing'
  return sent.length === rows.length ? 'sent' : 'failed'
}
