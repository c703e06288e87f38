/**
 * Functions that the suite hands to the learner's code: handlers, stores, clocks. They stay in the judge; the learner's side
 * gets one that calls through.
 *
 *   suite     { topic, handler: async (record) => … }      store with get and put
 *   wire      ['callback', 3, 'handler', false]            ['stand', 7, data, { get: […], put: […] }]
 *   worker    handler(record) -> callback 3 -> the suite's function -> its answer, or what it threw
 *
 * - a function is asynchronous over there, unless it is one that answers at once
 * - the same function or object is the same on the other side, each time that it is handed over
 *
 * FUNCTIONS-1  what a function of the suite's throws is thrown into the learner's code: an error with name, message and data, anything
 *              else (a text, nothing) as it is
 * FUNCTIONS-2  an assertion that fails in one ends the check; the learner's code hears nothing of it
 */
import { EnvironmentTrouble, Failure, Inconclusive } from '../trial.ts'
import type { CallLog } from './call-log.ts'
import type { CameOfCallback } from './protocol.ts'
import type { Callback } from './subject-worker.ts'
import { SubjectGone } from './subject-worker.ts'
import { takeApart, type Wire } from './values.ts'

type Run = (...args: unknown[]) => unknown

const answeringAtOnce = new WeakSet<object>()
let stands = 0

/** Marks a function: it answers at once, and the learner's code need not await it. */
export function atOnce<F extends object>(fn: F): F {
  answeringAtOnce.add(fn)
  return fn
}

export interface Crossing {
  /** Gives the number of a function that the worker may call. */
  readonly callback: (callback: Callback) => number
  readonly toLearner: (value: unknown) => Wire
  readonly fromLearner: (wire: Wire, name: string) => unknown
  readonly log: CallLog
}

/** The functions that one check hands over to one worker. */
export class Functions {
  readonly #crossing: Crossing
  readonly #wires = new Map<object, Wire>()
  readonly #stands = new Map<object, { readonly id: number; readonly methods: Record<string, Wire> }>()

  constructor(crossing: Crossing) {
    this.#crossing = crossing
  }

  /** A function as it crosses. `key`: the property that it stands under. */
  wireOf(fn: object, key: string | undefined): Wire {
    const known = this.#wires.get(fn)
    if (known !== undefined) return known
    const wire = this.#wire(fn as Run, (fn as Run).name || (key ?? 'function'), answeringAtOnce.has(fn))
    this.#wires.set(fn, wire)
    return wire
  }

  /** An object with methods as it crosses; `held` is its data. */
  standOf(object: object, methods: readonly string[], held: Wire, key: string | undefined): Wire {
    const known = this.#stands.get(object)
    const stand = known ?? { id: ++stands, methods: {} }
    if (known === undefined) this.#stands.set(object, stand)
    const own = object as Record<string, Run>
    for (const name of methods) {
      const label = key === undefined ? name : `${key}.${name}`
      stand.methods[name] ??= this.#wire(
        (...args) => own[name]?.(...args),
        label,
        answeringAtOnce.has(own[name] as object),
      )
    }
    return ['stand', stand.id, held, stand.methods]
  }

  #wire(fn: Run, name: string, isAtOnce: boolean): Wire {
    const { callback } = this.#crossing
    const id = isAtOnce
      ? callback({ isAtOnce, run: (args) => this.#now(fn, name, args) })
      : callback({ isAtOnce, run: (args) => this.#later(fn, name, args) })
    return ['callback', id, name, isAtOnce]
  }

  #now(fn: Run, name: string, args: readonly Wire[]): CameOfCallback {
    const { fromLearner, toLearner, log } = this.#crossing
    const done = log.calledBack(name)
    try {
      const ok = toLearner(fn(...args.map((arg) => fromLearner(arg, name))))
      done(false)
      return { ok }
    } catch (error) {
      done(true)
      if (isVerdict(error)) log.onFault(error)
      return threw(error)
    }
  }

  async #later(fn: Run, name: string, args: readonly Wire[]): Promise<CameOfCallback> {
    const { fromLearner, toLearner, log } = this.#crossing
    const done = log.calledBack(name)
    try {
      const ok = toLearner(await fn(...args.map((arg) => fromLearner(arg, name))))
      done(false)
      return { ok }
    } catch (error) {
      done(true)
      if (!isVerdict(error)) return threw(error)
      log.onFault(error)
      return new Promise(() => {})
    }
  }
}

function isVerdict(error: unknown): boolean {
  return (
    error instanceof Failure ||
    error instanceof Inconclusive ||
    error instanceof EnvironmentTrouble ||
    error instanceof SubjectGone
  )
}

function threw(error: unknown): CameOfCallback {
  if (!(error instanceof Error)) return { threwValue: takeApart(error) }
  const { name, message } = error
  const fields = Object.fromEntries(
    Object.entries(error).filter(([key, value]) => !['report'].includes(key) && typeof value !== 'function'),
  )
  return { threw: { name, message, fields: takeApart(fields) } }
}
