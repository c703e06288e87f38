/** Lab 12: a shop as a check sees it: its database, its topic, the relays that work on it, and the waiting until all is sent. */
import type { Instance } from '../engine/instance.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { type LearnerClient, learnerClient } from '../engine/wire/learner-client.ts'
import type { ReadBack } from '../engine/wire/log.ts'
import { type AtStep, type Connection, Store } from './store.ts'
import { type Outbox, type OutboxRow, type Running, sentMs } from './subject.ts'

/** A program's two ways out: to the database and to Kafka. */
export interface Line {
  readonly connection: Connection
  readonly client: LearnerClient
}

/** After so many questions in a row for rows to be sent that gave none, no more are sent. */
const idleAnswers = 5
/** After the last row most programs look for more within this time, ms. */
const lookMs = 200
/** What a program has on its way to the broker arrives within this time, ms. */
const settleMs = 60

export class Shop {
  readonly store: Store
  readonly topic: string

  constructor(store: Store, topic: string) {
    this.store = store
    this.topic = topic
  }

  static async open(t: Trial<string>, bench: KafkaBench, partitions = 1): Promise<Shop> {
    return new Shop(new Store(t.dice.int(20, 400)), await bench.topic(t.dice.freshWord(), partitions))
  }

  /** A line of the learner's thread, or of an instance. */
  line(t: Trial<string>, bench: KafkaBench, options: LineOptions = {}): Line {
    const client = options.instance?.client() ?? learnerClient(t, bench)
    return { connection: this.store.connect(options.atStep), client }
  }

  relay(subject: Outbox, { connection, client }: Line): Promise<Running> {
    return subject.relay(connection.db, client.kafka, this.topic)
  }

  /** All rows that were ever committed, by id. */
  get rows(): readonly OutboxRow[] {
    return this.store.committed.toSorted((a, b) => a.id - b.id)
  }

  /**
   * Waits until no row is left to be sent: `through`; `idle` when the relays have looked for rows several times, and found
   * none although there are some; `late` when nothing happened for `ms`.
   */
  async sent(t: Trial<string>, lines: readonly Line[], options: WaitOptions = {}): Promise<Sent> {
    const { store } = this
    const produced = () => lines.reduce((sum, { client }) => sum + client.asked('Produce').length, 0)
    const stored = () =>
      lines
        .flatMap(({ client }) => client.answered('Produce'))
        .reduce((sum, { errors, records }) => sum + (errors.length === 0 ? records : 0), 0)
    const moves = () => store.moves + stored()
    const isThrough = () => store.unsent.length === 0 || options.isEnough?.() === true
    // One that sends the same rows again and again would move for ever.
    const isRunaway = () => stored() > 60 + 3 * store.committed.length
    const begun = () => lines.reduce((sum, { connection }) => sum + connection.begun, 0)
    for (;;) {
      const [before, answers] = [moves(), lines.map(({ connection }) => connection.emptyAnswers)]
      const isIdle = () =>
        options.mayIdle !== false &&
        begun() > 0 &&
        lines.every(({ connection }, i) => connection.emptyAnswers - (answers[i] ?? 0) >= idleAnswers)
      const how = await t.until(() => isThrough() || isIdle() || moves() > before, {
        ms: options.ms ?? sentMs,
      })
      if (isThrough()) {
        // Who looks again at once has found nothing more by then.
        const looked = () => lines.every((line, i) => line.connection.emptyAnswers > (answers[i] ?? 0))
        await t.until(looked, { ms: lookMs })
        await t.quiet(produced, settleMs)
        return 'through'
      }
      if (moves() === before && isIdle()) return 'idle'
      if (how === 'late' || isRunaway()) return 'late'
    }
  }

  read(bench: KafkaBench): Promise<ReadBack[]> {
    return bench.read(this.topic)
  }
}

export type Sent = 'through' | 'idle' | 'late'

export interface LineOptions {
  readonly instance?: Instance<Outbox>
  readonly atStep?: AtStep
}

export interface WaitOptions {
  readonly ms?: number
  /** False: to find nothing for a while is no sign that nothing will be sent. */
  readonly mayIdle?: boolean
  readonly isEnough?: () => boolean
}

/** Rows that differ in their values, of a few keys in turn. */
export function eventsFor(
  t: Trial<string>,
  count: number,
  keys: readonly string[],
): { readonly key: string; readonly value: string }[] {
  return t.dice.freshWords(count).map((value, i) => ({ key: keys[(i * 7) % keys.length] ?? '', value }))
}

export const never = (): Promise<never> => new Promise(() => {})
