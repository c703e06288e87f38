/** One row at a time, which is deleted when it is confirmed; the producer is idempotent. Look, save and stop are classes of one shop. */
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

abstract class Change {
  readonly db: Database
  constructor(db: Database) {
    this.db = db
  }

  protected abstract next(known: Order | null): Order | undefined

  make(id: string): Promise<number | undefined> {
    return this.db.transact(async (tx) => {
      const order = this.next(await tx.findOrder(id))
      if (order === undefined) return undefined
      const value = `{"type":"${order.status}","order":${JSON.stringify(order)}}`
      const row = await tx.addEvent({ key: id, value })
      await tx.saveOrder(order)
      return row
    })
  }
}

class Placing extends Change {
  readonly order: Order
  constructor(db: Database, { id, item, amount }: NewOrder) {
    super(db)
    this.order = { status: 'placed', amount, item, id }
  }
  protected next(known: Order | null) {
    return known === null ? this.order : undefined
  }
}

class Cancelling extends Change {
  protected next(known: Order | null): Order | undefined {
    if (known === null) throw new RangeError('no such order')
    return known.status === 'placed' ? { ...known, status: 'cancelled' } : undefined
  }
}

export const placeOrder = (db: Database, _kafka: Kafka, _topic: string, order: NewOrder) =>
  new Placing(db, order).make(order.id)

export const cancelOrder = (db: Database, _kafka: Kafka, _topic: string, id: string) =>
  new Cancelling(db).make(id)

class Relay {
  readonly #db: Database
  readonly #producer: Producer
  readonly #topic: string
  readonly #ended: Promise<void>
  #wake: () => void = () => {}
  #isStopped = false

  constructor(db: Database, producer: Producer, topic: string) {
    this.#db = db
    this.#producer = producer
    this.#topic = topic
    this.#ended = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#wake()
    await this.#ended
    await this.#producer.disconnect()
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      let isEmpty = true
      try {
        isEmpty = await this.#sendFirst()
      } catch {}
      if (isEmpty && !this.#isStopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 120)
          this.#wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
    }
  }

  #sendFirst(): Promise<boolean> {
    return this.#db.transact(async (tx) => {
      const rows = await tx.events({ sent: false }, { limit: 20, lock: 'wait' })
      for (const { id, key, value } of rows) {
        const message = { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }
        await this.#producer.send({
          topic: this.#topic,
          messages: [{ ...message, headers: { id: Buffer.from(`${this.#topic}/${id}`), kind: 'order' } }],
        })
        await tx.deleteEvents({ ids: [id] })
      }
      return rows.length === 0
    })
  }
}

export async function relay(db: Database, kafka: Kafka, topic: string): Promise<Relay> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  return new Relay(db, producer, topic)
}
