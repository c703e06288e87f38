/** What an implementation of lab 12 exports, as far as anybody knows, and the database that it is handed. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface NewOrder {
  readonly id: string
  readonly item: string
  readonly amount: number
}

export interface Order extends NewOrder {
  readonly status: 'placed' | 'cancelled'
}

export interface OutboxRow {
  readonly id: number
  readonly key: string
  readonly value: string | null
  readonly sent: boolean
}

/** Which rows: all conditions that are given hold. */
export interface Where {
  readonly ids?: readonly number[]
  readonly sent?: boolean
  readonly after?: number
  readonly upTo?: number
}

export interface SelectOptions {
  readonly limit?: number
  readonly lock?: 'wait' | 'skip'
}

export interface Transaction {
  findOrder(id: string): Promise<Order | null>
  saveOrder(order: Order): Promise<void>
  addEvent(event: { readonly key: string; readonly value: string | null }): Promise<number>
  events(where: Where, options?: SelectOptions): Promise<OutboxRow[]>
  markSent(where: Where): Promise<number>
  deleteEvents(where: Where): Promise<number>
}

export interface Database {
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

export interface Running {
  stop(): Promise<unknown>
}

export interface Outbox {
  readonly placeOrder: (db: Database, kafka: Kafka, topic: string, order: NewOrder) => Promise<unknown>
  readonly cancelOrder: (db: Database, kafka: Kafka, topic: string, id: string) => Promise<unknown>
  readonly relay: (db: Database, kafka: Kafka, topic: string) => Promise<Running>
}

/** The page: 2 seconds. A little more, for the machine may be busy, ms. */
export const sentMs = 2_500
/** The page: 5 seconds after Kafka and the database work again, ms. */
export const backMs = 5_500
/** The page: a second after `stop()`. A little more, for the machine may be busy, ms. */
export const closedMs = 1_500

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: Outbox,
    bench: KafkaBench,
  ) => void | Promise<void>
}
