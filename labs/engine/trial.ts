/**
 * A trial: one test of one implementation, while it runs. It hands out dice, counts assertions and turns a
 * broken promise into a `Failure`: a case, the facts, and a picture. It never formats words; the lab's text
 * does that, in the learner's language.
 *
 * T1  a trial that ends without an assertion has shown nothing: inconclusive, never passed
 * T2  a failure is about behaviour; the text of the learner's error messages is never compared
 */
import { inspect } from 'node:util'
import type { Dice } from './dice.ts'
import type { Text } from './lab.ts'
import type { Picture } from './picture.ts'

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

export class Trial<Case extends string> {
  readonly dice: Dice
  #assertions = 0
  /** True while the test stands in a queue: its time is not running then. */
  isQueued = false
  constructor(dice: Dice) {
    this.dice = dice
  }

  get assertions(): number {
    return this.#assertions
  }

  /** One assertion. When it does not hold, the case's words are filled with `facts` and shown with the picture. */
  check(holds: boolean, says: Case, facts: Facts = {}, picture?: Picture | (() => Picture)): void {
    this.#assertions++
    if (!holds) throw new Failure(says, facts, typeof picture === 'function' ? picture() : picture)
  }

  /** Ends the test without a verdict. */
  inconclusive(reason: Text): never {
    throw new Inconclusive(reason)
  }
}

/** A value in one short line, for a message. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Uint8Array)
    return `<${Buffer.from(value.subarray(0, 24)).toString('hex')}${value.length > 24 ? '…' : ''}>`
  const text = inspect(value, {
    depth: 2,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
    maxStringLength: 60,
  })
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
