/** What an implementation of lab 13 exports, as far as anybody knows, and what its checks are. */
import type { CaseOf } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export type Policy = 'delete' | 'compact' | 'compact,delete'

export interface Agreement {
  readonly topic: string
  readonly partitions: number
  readonly retentionMs: number
  readonly policy: Policy
  /** Null: there is no such topic. */
  readonly existing: {
    readonly partitions: number
    /** What was set for this topic, by Kafka's names; defaults are not in it. */
    readonly configs: Readonly<Record<string, string>>
  } | null
}

export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly count: number
}

export interface Rewind {
  readonly group: string
  readonly topic: string
  readonly partitions: readonly number[]
  /** Ms since 1970. */
  readonly time: number
}

export interface Stuck {
  readonly topic: string
  readonly partition: number
  readonly why: 'nobody' | 'stands still'
}

/** What the page asks for; of a learner's code nothing is known but that it has these functions. */
export interface CommandLine {
  topicAsAgreed(agreement: Agreement): readonly string[]
  look(place: Place): string
  rewind(rewind: Rewind): readonly string[]
  stuck(before: string, after: string): readonly Stuck[]
}

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: CommandLine,
    bench: KafkaBench,
  ) => void | Promise<void>
}

/** How long a line may run, s, as the page says it. */
export const limit = { seconds: 4 } as const
/** When Ctrl-C is pressed: a little later, for the machine may be busy, ms. */
export const endMs = 4_500
