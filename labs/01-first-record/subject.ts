/** What an implementation of lab 01 exports, as far as anybody knows, and the brokers that its checks run on. */
import type { Kafka } from 'kafkajs'
import type { CaseOf, Surroundings } from '../engine/lab.ts'
import type { Trial } from '../engine/trial.ts'
import { type BenchOptions, KafkaBench } from '../engine/wire/bench.ts'
import type { text } from './lab.ts'

export interface FirstRecord {
  createTopic(kafka: Kafka, topic: string, partitions: number): Promise<boolean>
  sendRecord(kafka: Kafka, topic: string, record: TextRecord): Promise<unknown>
  describeTopic(kafka: Kafka, topic: string): Promise<readonly unknown[]>
  readAll(kafka: Kafka, topic: string): Promise<readonly unknown[]>
}

export interface TextRecord {
  readonly key: string | null
  readonly value: string
}

/** How long brokers stay after their check, ms: until its clients have been cut off, and what they did is told. */
const leaveMs = 1_000

/** The functions of a suite, as defineSuite wants them; each file of checks holds some. */
export type Checks<Id extends keyof (typeof text)['tests']> = {
  readonly [T in Id]: (
    t: Trial<CaseOf<typeof text, T>>,
    subject: FirstRecord,
    rooms: Rooms,
  ) => void | Promise<void>
}

/**
 * A broker for each check, if it may be ours: two readers with the same group id would share the partitions,
 * and a check would fail for another's reason. On a cluster that was given, the checks queue instead; the clock of
 * one that waits for its turn does not run.
 */
export class Rooms {
  readonly #surroundings: Surroundings
  readonly #shared: KafkaBench
  readonly #opened = new Set<KafkaBench>()
  /** All that were opened, those that are closed included. */
  readonly #seen: KafkaBench[] = []
  #last: Promise<unknown> = Promise.resolve()

  constructor(surroundings: Surroundings, shared: KafkaBench) {
    this.#surroundings = surroundings
    this.#shared = shared
  }

  /** Groups that the learner's program has joined in this run, on any broker. */
  groupsUsed(): readonly string[] {
    return [...new Set([this.#shared, ...this.#seen].flatMap((kafka) => kafka.proxy.joinedGroups))]
  }

  /** Runs a check on brokers of its own, or when it is its turn on the given ones. */
  async use(
    t: { isQueued: boolean },
    options: BenchOptions,
    run: (kafka: KafkaBench) => Promise<void>,
  ): Promise<void> {
    t.isQueued = true
    if (this.#shared.ours) {
      const kafka = await KafkaBench.open({ ...this.#surroundings, isRehearsed: false }, options)
      this.#opened.add(kafka)
      this.#seen.push(kafka)
      t.isQueued = false
      return run(kafka).finally(() => setTimeout(() => void this.#leave(kafka), leaveMs).unref())
    }
    const turn = this.#last.then(() => {
      t.isQueued = false
      return run(this.#shared)
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  async #leave(kafka: KafkaBench): Promise<void> {
    if (this.#opened.delete(kafka)) await kafka.close().catch(() => {})
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened].map((kafka) => this.#leave(kafka)))
    await this.#shared.close()
  }
}
