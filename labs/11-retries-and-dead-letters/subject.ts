/** What an implementation of lab 11 exports, as far as anybody knows, and what its checks are. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface Retry {
  readonly topic: string
  readonly delayMs: number
}

export interface Plan {
  readonly retries: number
  readonly firstMs: number
  readonly maxMs: number
}

export interface Options {
  readonly topic: string
  readonly group: string
  readonly retries: readonly Retry[]
  readonly dead: string
}

export interface Running {
  stop(): Promise<unknown>
}

/** What `handle` is called with, if the code keeps the page's promise. */
export interface Received {
  readonly partition: unknown
  readonly offset: unknown
  readonly key: unknown
  readonly value: unknown
  readonly attempt: unknown
}
export type Handle = (record: Received) => Promise<void>

export interface Retries {
  readonly planRetries: (topic: string, plan: Plan) => Promise<readonly Partial<Retry>[]>
  readonly consumeWithRetries: (kafka: Kafka, options: Options, handle: Handle) => Promise<Running>
}

/** Headers that a copy has beside those of the record. */
export const marks = {
  topic: 'retry-topic',
  partition: 'retry-partition',
  offset: 'retry-offset',
  attempts: 'retry-attempts',
  due: 'retry-due',
  error: 'retry-error',
} as const

/** An hour: nothing that waits so long comes back during a check. */
export const hourMs = 3_600_000

/** The page: a record comes at most so long after it is due, ms. */
export const lateMs = 2_000

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: Retries,
    bench: KafkaBench,
  ) => void | Promise<void>
}

/** What the two runs of a program are called, where one crashes. */
export const runs = {
  first: { en: 'The first run', ru: 'Первый запуск' },
  second: { en: 'The second run', ru: 'Второй запуск' },
} as const
