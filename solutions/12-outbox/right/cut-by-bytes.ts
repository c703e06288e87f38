/** The producer connects when there is something to send; rows are asked for without a limit, and cut by their bytes. */
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

const bytesMax = 600_000

export async function relay(db: Database, kafka: Kafka, topic: string) {
  let producer: Producer | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let round: Promise<void> = Promise.resolve()
  const next = (ms: number) => {
    if (isStopped) return
    timer = setTimeout(() => {
      round = db.transact(sendAll).then(
        (count) => next(count > 0 ? 0 : 100),
        () => next(300),
      )
    }, ms)
  }
  const sendAll = async (tx: Transaction): Promise<number> => {
    let count = 0
    for (const part of parts(await tx.events({ sent: false }, { lock: 'wait' }))) {
      if (producer === undefined) {
        const opened = kafka.producer()
        await opened.connect()
        producer = opened
      }
      const messages = part.map(({ id, ...record }) => ({
        key: record.key,
        value: record.value,
        headers: { id: id.toString(36) },
      }))
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] })
      count += await tx.markSent({ ids: part.map(({ id }) => id), sent: false })
    }
    return count
  }
  next(0)
  return {
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await round
      await producer?.disconnect()
    },
  }
}

/** Rows in lists that fit into a batch. */
function* parts(rows: Row[]): Generator<Row[]> {
  let [part, bytes]: [Row[], number] = [[], 0]
  for (const row of rows) {
    const size = Buffer.byteLength(row.key) + Buffer.byteLength(row.value ?? '') + 100
    if (bytes + size > bytesMax) {
      yield part
      ;[part, bytes] = [[], 0]
    }
    part.push(row)
    bytes += size
  }
  if (part.length > 0) yield part
}
