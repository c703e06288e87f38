/** What an implementation of lab 09 exports, as far as anybody knows, and what its checks are. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface Outgoing {
  readonly key: string
  readonly value: string
}

export interface Addressed extends Outgoing {
  readonly topic: string
}

/** What `transform` is called with, if the code keeps the page's promise. */
export interface Received {
  readonly partition: unknown
  readonly offset: unknown
  readonly key: unknown
  readonly value: unknown
}

export type Transform = (record: Received) => Promise<Outgoing[]>

export interface Settings {
  readonly source: string
  readonly target: string
  readonly group: string
  readonly transactionalId: string
  readonly transform: Transform
  readonly onEnded: (why: unknown) => Promise<void>
}

export interface Running {
  stop(): Promise<unknown>
}

export interface ExactlyOnce {
  readonly sendOnce: (kafka: Kafka, topic: string, records: readonly Outgoing[]) => Promise<unknown>
  readonly writeTogether: (
    kafka: Kafka,
    transactionalId: string,
    records: readonly Addressed[],
  ) => Promise<unknown>
  readonly startProcessor: (kafka: Kafka, settings: Settings) => Promise<Running>
}

/** The page: work goes on within 5 seconds. A little more, for the machine may be busy, ms. */
export const stepMs = 5_500

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: ExactlyOnce,
    bench: KafkaBench,
  ) => void | Promise<void>
}
