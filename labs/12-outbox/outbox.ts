/**
 * Lab 12: the outbox. Its page says all that is judged: `npm start`, then Labs, "The outbox". Fill in the three functions
 * and save; `npm run lab` checks at each save.
 */
import type { Kafka } from 'kafkajs'

/** An order as it is placed. */
export interface NewOrder {
  id: string
  item: string
  amount: number
}

/** An order as it stands in the database. */
export interface Order extends NewOrder {
  status: 'placed' | 'cancelled'
}

/** A row of the outbox. The database gives the id when the row is added: 1, 2, 3 … */
export interface OutboxRow {
  id: number
  key: string
  value: string | null
  sent: boolean
}

/** Which rows: all conditions that are given hold. */
export interface Where {
  ids?: number[]
  sent?: boolean
  /** id > after */
  after?: number
  /** id <= upTo */
  upTo?: number
}

/** A transaction that is open: it sees what it has changed itself, and what others have committed. */
export interface Transaction {
  /** The order with this id, or null. Locks it: others wait with theirs until this transaction ends. */
  findOrder(id: string): Promise<Order | null>
  /** Adds the order, or replaces it. */
  saveOrder(order: Order): Promise<void>
  /** Adds a row to the outbox, and gives its id. */
  addEvent(event: { key: string; value: string | null }): Promise<number>
  /**
   * Rows of the outbox, by id. `lock` locks them until this transaction ends; if another one has locked some of them, 'wait'
   * waits for its end, 'skip' leaves those rows out.
   */
  events(where: Where, options?: { limit?: number; lock?: 'wait' | 'skip' }): Promise<OutboxRow[]>
  /** Marks rows as sent, and gives how many they are. */
  markSent(where: Where): Promise<number>
  /** Deletes rows, and gives how many they were. */
  deleteEvents(where: Where): Promise<number>
}

export interface Database {
  /**
   * Runs `work` in a transaction of its own, and gives what it gives. Commits when the promise of `work` is fulfilled, rolls
   * back when it is rejected.
   */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

/** A relay that works in the background. */
export interface Running {
  /** Waits for the send that is under way, and closes the connections. */
  stop(): Promise<void>
}

/** Saves a new order and what is to be sent about it. */
export async function placeOrder(db: Database, kafka: Kafka, topic: string, order: NewOrder): Promise<void> {
  throw new Error(
    `not implemented: placeOrder (${typeof db.transact}, ${kafka.constructor.name}, ${topic}, ${order.id})`,
  )
}

/** Cancels an order, and saves what is to be sent about it. */
export async function cancelOrder(db: Database, kafka: Kafka, topic: string, id: string): Promise<void> {
  throw new Error(
    `not implemented: cancelOrder (${typeof db.transact}, ${kafka.constructor.name}, ${topic}, ${id})`,
  )
}

/** Sends the rows of the outbox, until it is stopped. */
export async function relay(db: Database, kafka: Kafka, topic: string): Promise<Running> {
  throw new Error(`not implemented: relay (${typeof db.transact}, ${kafka.constructor.name}, ${topic})`)
}
