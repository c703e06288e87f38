/** What an implementation of lab 05 exports, as far as anybody knows, and the brokers that its checks run on. */
import type { Kafka } from 'kafkajs'
import type { CaseOf, Surroundings } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Member {
  readonly id: string
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
}

export interface Topic {
  readonly topic: string
  readonly partitions: number
}

export interface Share {
  readonly id: string
  readonly partitions: readonly TopicPartition[]
}

export interface GroupEvent {
  readonly atMs: number
  readonly worker: string
  readonly instanceId: string | null
  readonly what: 'starts' | 'stops' | 'crashes'
}

/** A record as the learner's worker hands it over. */
export interface Handed {
  readonly topic: string
  readonly partition: number
  readonly offset: unknown
  readonly value: unknown
}

export interface Settings {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionMs: number
  readonly heartbeatMs: number
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>
  onRecord(record: Handed): Promise<void>
}

export interface Worker {
  stop(): Promise<unknown>
}

export interface ConsumerGroups {
  assign(members: readonly Member[], topics: readonly Topic[]): readonly Share[]
  cooperativeRound(members: readonly Member[], target: readonly Share[]): readonly Share[]
  memberChanges(events: readonly GroupEvent[], sessionMs: number): readonly number[]
  startWorker(kafka: Kafka, settings: Settings): Promise<Worker>
}

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: ConsumerGroups,
    rooms: Rooms,
  ) => void | Promise<void>
}

/** How long brokers stay after their check, ms: until its clients have been cut off, and what they did is told. */
const leaveMs = 1_000

/**
 * A broker for each check, if it may be ours: code that names all groups alike then disturbs only the check that has
 * two of them, and one check may let time pass without the others. On a cluster that was given all checks run side by
 * side, each with groups and topics of its own.
 */
export class Rooms {
  readonly #surroundings: Surroundings
  readonly #shared: KafkaBench
  readonly #opened = new Set<KafkaBench>()

  constructor(surroundings: Surroundings, shared: KafkaBench) {
    this.#surroundings = surroundings
    this.#shared = shared
  }

  async use(t: { isQueued: boolean }, run: (bench: KafkaBench) => Promise<void>): Promise<void> {
    if (!this.#shared.ours) return run(this.#shared)
    t.isQueued = true
    const bench = await KafkaBench.open({ ...this.#surroundings, isRehearsed: false }, { brokers: 1 })
    this.#opened.add(bench)
    t.isQueued = false
    return run(bench).finally(() => setTimeout(() => void this.#leave(bench), leaveMs).unref())
  }

  async #leave(bench: KafkaBench): Promise<void> {
    if (this.#opened.delete(bench)) await bench.close().catch(() => {})
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened].map((bench) => this.#leave(bench)))
    await this.#shared.close()
  }
}
