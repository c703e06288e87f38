/**
 * After green, for real: the learner's functions on a broker that keeps what they write, where kcat and everybody else
 * can see it. A lab that has something to show exports `real` from labs/NN-slug/real.ts.
 *
 *   export const real = defineReal<FirstRecord>({ topics: ['greetings'], run: async ({ subject, kafka, say }) => { … } })
 *
 * RE1  nothing is judged: an error of the learner's code ends the run and is shown as it is
 * RE2  a run may be repeated: topics are there from the last time, with records in them, and that is fine
 * RE3  what it says is in both languages and short; the learner's own values are shown by `show`
 */
import { existsSync } from 'node:fs'
import type { Kafka } from 'kafkajs'
import { inRepository, labFolder } from './catalog.ts'
import type { LabText, Lang, Text } from './lab.ts'

export interface Stage<Subject> {
  /** The exports of the learner's file. */
  readonly subject: Subject
  /** A kafkajs client of the broker; it logs nothing. */
  readonly kafka: Kafka
  /** One more client: kafkajs does not let two members of a group share one. */
  newKafka(): Kafka
  /** `host:port`, one or several. */
  readonly bootstrap: string
  readonly lang: Lang
  /** One line, with facts filled in. */
  say(text: Text, facts?: Readonly<Record<string, string | number>>): void
  /** A call and what came of it: `readAll(kafka, "greetings")`, then the value, a line per element of a list. */
  show(call: string, value: unknown): void
}

export interface Real<Subject> {
  /** Topics that hold something afterwards: each gets its kcat line. */
  readonly topics: readonly string[]
  readonly run: (stage: Stage<Subject>) => Promise<void>
}

/** Whether the lab has something to show. */
export const hasReal = (lab: LabText): boolean => existsSync(inRepository(`${labFolder(lab)}/real.ts`))

/** Declares what a lab shows for real. */
export const defineReal = <Subject>(real: Real<Subject>): Real<Subject> => real
