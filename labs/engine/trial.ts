/**
 * A trial: one test of one implementation, while it runs. It hands out dice, counts assertions and turns a
 * broken promise into a `Failure`: a case, the facts, and a picture. It never formats words; the lab's text
 * does that, in the learner's language.
 *
 * - a trial that ends without an assertion has shown nothing: inconclusive, never passed
 * - a failure is about behaviour; the text of the learner's error messages is never compared
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dice } from './dice.ts'
import { Gate } from './gate.ts'
import type { Picture } from './picture.ts'
import type { SubjectTools } from './subject/tools.ts'
import { LearnerError } from './subject/values.ts'
import type { Text } from './text.ts'
import { fill, words } from './words.ts'

export type Facts = Readonly<Record<string, string | number | Text>>

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
  readonly id: number
  /** What it is called where several are told apart. */
  readonly name: Text | undefined
  readonly openSockets: number
  /** Called when something was asked or answered. */
  onNews: () => void
  did(): Text | undefined
  /** Cuts its connections, and refuses new ones. */
  end(): void
}

/** Bytes that say "closed" may be on their way when a call has ended: what is told of a client waits for them, ms. */
const settleMsMax = 1_000
/** What the learner's code should do comes within this time, unless a suite says otherwise, ms. */
const untilMsMax = 5_000
/** Of clients with names, what so many did is told. */
const toldMax = 4
const tickMs = 10

/** How waiting ended: what was waited for is there; all calls have ended, and it is not; the time is over. */
export type Waited = 'holds' | 'ended' | 'late'

export class Trial<Case extends string> {
  readonly dice: Dice
  /** Calls in bulk, shared memory, clients: what a suite may ask of the learner's side beside calls. */
  readonly tools: SubjectTools
  #assertions = 0
  /** True while the test stands in a queue: its time is not running then. */
  isQueued = false
  /** How long one call of the learner's functions may take in this run, ms. */
  readonly limitMs: number
  constructor(dice: Dice, tools: SubjectTools, limitMs: number) {
    this.dice = dice
    this.tools = tools
    this.limitMs = limitMs
  }

  /** The longest timer that the learner's code has set during this check, ms. */
  longestTimerMs = 0
  readonly #clients: ClientOfCheck[] = []
  readonly #folders: string[] = []
  readonly #lookers = new Set<() => void>()
  #asked: ClientOfCheck | undefined
  #instances = 0

  /** Ends the check: an assertion that failed in a function that nobody of the suite's awaits. */
  onFault: (error: unknown) => void = () => {}

  /** A client whose doings belong to this check: told when it fails, cut off when it has ended. */
  follow(client: ClientOfCheck): void {
    this.#clients.push(client)
    client.onNews = () => this.look()
  }

  /** Of several clients, what this one did is told if the check fails now. */
  ask(client: ClientOfCheck): void {
    this.#asked = client
  }

  /** Something has happened: whoever waits for a condition looks again. */
  look(): void {
    for (const looker of [...this.#lookers]) looker()
  }

  /** The number of the next instance of this check, from 1. */
  nextInstance(): number {
    return ++this.#instances
  }

  heardTimer(ms: number): void {
    this.longestTimerMs = Math.max(this.longestTimerMs, ms)
  }

  /**
   * What clients of this check did; undefined when it had none. Those that have names are all told; else the one that a
   * suite has named, else the one that the failing call was handed (`handed`: their numbers), else the last that did something.
   */
  did(handed: readonly number[] = []): Text | undefined {
    if (this.#did !== undefined) return this.#did
    if (this.#asked !== undefined) return this.#asked.did()
    const last = (clients: readonly ClientOfCheck[]) =>
      clients.map((client) => client.did()).findLast((did) => did !== undefined)
    const named = this.#clients.filter(({ name }) => name !== undefined)
    if (named.length > 0) {
      const told = named.flatMap((client) => client.did() ?? []).slice(-toldMax)
      const join = (lang: 'en' | 'ru') => told.map((text) => text[lang]).join(' ')
      return told.length === 0 ? undefined : { en: join('en'), ru: join('ru') }
    }
    return last(this.#clients.filter(({ id }) => handed.includes(id))) ?? last(this.#clients)
  }
  #did: Text | undefined

  /** Waits until the clients have closed their connections, for a moment at most. */
  async settled(): Promise<void> {
    const until = performance.now() + settleMsMax
    while (this.#clients.some(({ openSockets }) => openSockets > 0) && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  /** The check has ended: connections that the learner's code has left open do not disturb the next. */
  end(handed: readonly number[] = []): void {
    this.#did = this.did(handed)
    for (const client of this.#clients) client.end()
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true })
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

  /**
   * Waits until something holds that the learner's code should bring about. `during`: calls that are open meanwhile; when
   * one rejects, its error is thrown; when all have ended, so does the waiting.
   */
  async until(
    holds: () => boolean,
    options: { readonly during?: Promise<unknown> | readonly Promise<unknown>[]; readonly ms?: number } = {},
  ): Promise<Waited> {
    const calls = options.during === undefined ? [] : [options.during].flat()
    let leftMs = options.ms ?? untilMsMax
    let isOver = false
    return new Promise<Waited>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const end = (finish: () => void) => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        this.#lookers.delete(look)
        finish()
      }
      const look = () => {
        try {
          if (!isOver && holds()) end(() => resolve('holds'))
        } catch (error) {
          end(() => reject(error))
        }
      }
      // Ticks are counted, not time: while a busy machine runs no code of ours, little passes.
      const tick = () => {
        leftMs -= tickMs
        look()
        if (leftMs <= 0) end(() => resolve('late'))
        else if (!isOver) timer = setTimeout(tick, tickMs)
      }
      this.#lookers.add(look)
      look()
      if (isOver) return
      timer = setTimeout(tick, tickMs)
      if (calls.length > 0)
        Promise.all(calls).then(
          () => {
            look()
            end(() => resolve('ended'))
          },
          (error: unknown) => end(() => reject(error)),
        )
    })
  }

  /** Waits until a value has not changed for so many ms, and gives it. */
  async quiet<T>(value: () => T, ms = 150): Promise<T> {
    let [last, sameMs] = [value(), 0]
    while (sameMs < ms) {
      await new Promise((resolve) => setTimeout(resolve, tickMs))
      const now = value()
      sameMs = Object.is(now, last) ? sameMs + tickMs : 0
      last = now
    }
    return last
  }

  /** A place where calls of the learner's code wait. */
  gate(): Gate {
    return new Gate()
  }

  /** An empty folder on disk, removed when the check has ended. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'offset-zero-check-'))
    this.#folders.push(folder)
    return folder
  }

  /** Without so many records in flight at the crash, the check has not seen what it is there to see. */
  inFlight(count: number, least: number): void {
    if (count < least) this.inconclusive(fill(words.notInFlight, { count, least }))
  }

  /** Runs a scenario again while it is inconclusive, so many times at most. */
  async tries<T>(times: number, scenario: () => Promise<T>): Promise<T> {
    for (let left = times - 1; ; left--) {
      try {
        return await scenario()
      } catch (error) {
        if (!(error instanceof Inconclusive) || left <= 0) throw error
      }
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
