/** What an implementation of lab 07 exports, as far as anybody knows, and what its checks are. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface Running {
  stop(): Promise<unknown>
}

/** What `handle` is called with, if the code keeps the page's promise. */
export interface Received {
  readonly partition: unknown
  readonly offset: unknown
  readonly key: unknown
  readonly value: unknown
}
export type Handle = (record: Received) => Promise<void>

export interface Outgoing {
  readonly key: string | null
  readonly value: string
}

type Consume = (kafka: Kafka, topic: string, group: string, handle: Handle) => Promise<Running>
type Send = (kafka: Kafka, topic: string, records: readonly Outgoing[]) => Promise<unknown>

export interface Delivery {
  readonly consumeAtMostOnce: Consume
  readonly consumeAtLeastOnce: Consume
  readonly sendAtMostOnce: Send
  readonly sendAtLeastOnce: Send
}

export type Consumer = 'consumeAtMostOnce' | 'consumeAtLeastOnce'
export const consumers = ['consumeAtMostOnce', 'consumeAtLeastOnce'] as const
export const senders = ['sendAtMostOnce', 'sendAtLeastOnce'] as const

/** So many records of a partition a crash may cost, or repeat. */
export const costMax = 10

/** The page: work goes on within 5 seconds. A little more, for the machine may be busy, ms. */
export const stepMs = 5_500

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: Delivery,
    bench: KafkaBench,
  ) => void | Promise<void>
}
