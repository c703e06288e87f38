/** What an implementation of lab 08 exports, as far as anybody knows, and what its checks are. */
import type { Kafka } from 'kafkajs'
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

/** `isNew` is asked by `t.tools.each` only, which makes its calls at once. */
export interface Memory<Asked> {
  isNew(record: Asked): boolean
  saved(): Promise<string>
}

export interface Place {
  readonly partition: number
  readonly offset: number
}

export interface Identified {
  readonly id: string
  readonly timestamp: number
}

export interface Numbered {
  readonly producer: string
  readonly epoch: number
  readonly sequence: number
}

export interface Running {
  stop(): Promise<unknown>
}

/** What `handle` is called with, if the code keeps the page's promise. */
export interface Received {
  readonly partition: unknown
  readonly offset: unknown
  readonly timestamp: unknown
  readonly id: unknown
  readonly key: unknown
  readonly value: unknown
}

export type Changes = Readonly<Record<string, string | null>>
export type Handle = (record: Received) => Promise<Changes>

export interface Store {
  load(name: string): Promise<string | null>
  save(changes: Changes): Promise<void>
}

export interface ConsumeOptions {
  readonly keepMs: number
  readonly handle: Handle
  readonly store: Store
}

export interface Once {
  rememberOffsets(saved: string | null): Promise<Memory<Place>>
  rememberIds(keepMs: number, saved: string | null): Promise<Memory<Identified>>
  rememberSequences(saved: string | null): Promise<Memory<Numbered>>
  consumeOnce(kafka: Kafka, topic: string, group: string, options: ConsumeOptions): Promise<Running>
}

/** The page: work goes on within 5 seconds. A little more, for the machine may be busy, ms. */
export const stepMs = 5_500

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: Once,
    bench: KafkaBench,
  ) => void | Promise<void>
}
