/**
 * A trial: one test of one implementation, while it runs. It hands out dice, counts assertions and turns a
 * broken promise into a `Failure`: a case, the facts, and a picture. It never formats words; the lab's text
 * does that, in the learner's language.
 *
 * - a trial that ends without an assertion has shown nothing: inconclusive, never passed
 * - a failure is about behaviour; the text of the learner's error messages is never compared
 */
import type { Dice } from './dice.ts'
import type { Picture } from './picture.ts'
import type { SubjectTools } from './subject/tools.ts'
import { LearnerError } from './subject/values.ts'
import type { Text } from './text.ts'

export type Facts = Readonly<Record<string, string | number>>

/** The implementation broke a promise. */
export class Failure extends Error {
  readonly says: string
  readonly facts: Facts
  readonly picture: Picture | undefined
  constructor(says: string, facts: Facts, picture: Picture | undefined) {
    super(says)
    this.says = says
    this.facts = facts
    this.picture = picture
  }
}

/** The run could not show whether the promise holds. */
export class Inconclusive extends Error {
  readonly reason: Text
  constructor(reason: Text) {
    super(reason.en)
    this.reason = reason
  }
}

/** The broker cannot be reached, or our own machinery failed: no verdict on the learner's code. */
export class EnvironmentTrouble extends Error {
  readonly reason: Text
  constructor(reason: Text, cause?: unknown) {
    super(reason.en, { cause })
    this.reason = reason
  }
}

/** A client that the learner's code was handed, as far as a trial cares. */
export interface ClientOfCheck {
  readonly openSockets: number
  did(): Text | undefined
  cut(): void
}

/** Bytes that say "closed" may be on their way when a call has ended: what is told of a client waits for them, ms. */
const settleMsMax = 250

export class Trial<Case extends string> {
  readonly dice: Dice
  /** Calls in bulk, shared memory, clients: what a suite may ask of the learner's side beside calls. */
  readonly tools: SubjectTools
  #assertions = 0
  /** True while the test stands in a queue: its time is not running then. */
  isQueued = false
  constructor(dice: Dice, tools: SubjectTools) {
    this.dice = dice
    this.tools = tools
  }

  /** The longest timer that the learner's code has set during this check, ms. */
  longestTimerMs = 0
  readonly #clients: ClientOfCheck[] = []

  /** A client whose doings belong to this check: told when it fails, cut off when it has ended. */
  follow(client: ClientOfCheck): void {
    this.#clients.push(client)
  }

  heardTimer(ms: number): void {
    this.longestTimerMs = Math.max(this.longestTimerMs, ms)
  }

  /** What the clients of this check did; undefined when it had none. The last one that did something counts. */
  did(): Text | undefined {
    return this.#did ?? this.#clients.map((client) => client.did()).findLast((did) => did !== undefined)
  }
  #did: Text | undefined

  /** Waits until the clients have closed their connections, for a moment at most. */
  async settled(): Promise<void> {
    const until = performance.now() + settleMsMax
    while (this.#clients.some(({ openSockets }) => openSockets > 0) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** The check has ended: connections that the learner's code has left open do not disturb the next. */
  end(): void {
    this.#did = this.did()
    for (const client of this.#clients) client.cut()
  }

  get assertions(): number {
    return this.#assertions
  }

  /** One assertion. When it does not hold, the case's words are filled with `facts` and shown with the picture. */
  check(holds: boolean, says: Case, facts: Facts = {}, picture?: Picture | (() => Picture)): void {
    this.#assertions++
    if (!holds) throw new Failure(says, facts, typeof picture === 'function' ? picture() : picture)
  }

  /** What a call gives, or the error that the learner's code throws in it. A stub is none of both. */
  attempt<T>(call: () => T): { readonly got?: T; readonly error?: LearnerError } {
    try {
      return { got: call() }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { error }
    }
  }

  /** The same for a call that gives a promise. */
  async attemptLater<T>(
    call: () => Promise<T>,
  ): Promise<{ readonly got?: T; readonly error?: LearnerError }> {
    try {
      return { got: await call() }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { error }
    }
  }

  /** Ends the test without a verdict. */
  inconclusive(reason: Text): never {
    throw new Inconclusive(reason)
  }
}

/** An error that the learner's code threw on purpose: no stub's. */
function isRefusal(error: unknown): error is LearnerError {
  return error instanceof LearnerError && !/^not implemented\b/i.test(error.message)
}
