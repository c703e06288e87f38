/**
 * The membrane: a suite calls `subject.murmur2(bytes)` as if the function were its own, and the call goes
 * through to the thread that holds the learner's code and comes back.
 *
 * Data is copied both ways. A function or an object with methods that the code hands out stays where it is; the
 * suite gets a stand-in, whose calls and reads go the same way. So `createLog(…).append(…)`,
 * `createPartitioner()(…)` and a broker that runs on the learner's log work, and no code of the one side ever
 * runs on the other.
 *
 *   suite        subject.createLog(5) -> stand-in 7      log.append(bytes, 3) -> 5
 *   ----------------- membrane: values taken apart and put together, shapes, the log of calls ----------------
 *   worker       createLog(5) -> object, kept as 7       7.append(copy, 3) -> 5, is the copy unchanged?
 *
 * - an answer that has not the type that the lab's page promises never reaches a test: `Misfit`
 * - functions and objects with methods that the suite hands over cross the other way (functions.ts)
 * - what is found beside the answer (an argument changed, an answer changed later) is noted in that log; it is the
 *   runner that blames a check for it
 */
import type { Kafka } from 'kafkajs'
import type { Exported } from '../exports.ts'
import { show } from '../show.ts'
import { callInWords } from './call-in-words.ts'
import { type CallLog, digestible } from './call-log.ts'
import { atOnce, Functions } from './functions.ts'
import type { Handed } from './handed.ts'
import type { Answer, Target } from './protocol.ts'
import { fits, type Shape } from './shapes.ts'
import type { Question, SubjectWorker } from './subject-worker.ts'
import { asTheyAre, ClientToken, clientsIn, KeptToken, Memory, MemoryView } from './tokens.ts'
import type { KeptValue, SubjectThread, SubjectTools } from './tools.ts'
import {
  APromise,
  LearnerError,
  overwrittenItem,
  putTogether,
  sameWire,
  takeApart,
  type Wire,
} from './values.ts'

/** The file does not export what a test asks for, or exports something else under that name. */
export class MissingExport extends Error {
  readonly missing: string
  readonly found: readonly Exported[]
  constructor(missing: string, found: readonly Exported[]) {
    super(`${missing} is not exported`)
    this.missing = missing
    this.found = found
  }
}

/** What callers have put into lists that they were given, in any check: a list may be kept for longer than a check. */
const overwrittenItems = new Set<number>()

/** An answer of another type than the page promises. */
export class Misfit extends Error {
  readonly call: string
  readonly got: unknown
  readonly wanted: Shape
  /** It holds what the caller of an earlier call put into the list that it was given. */
  readonly isOverwritten: boolean
  constructor(call: string, got: unknown, wanted: Shape) {
    super(`${call} gave ${show(got)}`)
    this.isOverwritten =
      Array.isArray(got) && got.some((item) => typeof item === 'number' && overwrittenItems.has(item))
    this.call = call
    this.got = got
    this.wanted = wanted
  }
}

interface StandIn {
  readonly target: Target
  readonly label: string
  readonly gives: Shape
  readonly number: number
}

export interface MembraneOptions {
  readonly worker: SubjectWorker
  readonly slot: number
  readonly exports: Readonly<Record<string, Shape>>
  readonly wants: 'value' | 'promise'
  readonly handed?: Handed | undefined
  /** Exports whose answer depends on the arguments alone: each call is made twice. */
  readonly pure?: readonly string[] | undefined
  /** Starts another thread with the same file, for this check. */
  readonly thread?: (() => Promise<SubjectThread>) | undefined
}

let memories = 0
let sames = 0
let keptValues = 0

/** The subject as one check sees it, and the tools that go with it. */
export function membrane(
  options: MembraneOptions,
  check: string,
  log: CallLog,
): { subject: unknown; tools: SubjectTools } {
  const { worker, slot, wants } = options
  const standIns = new WeakMap<object, StandIn>()
  const made = new Map<number, object>()
  const callOf = new WeakMap<object, number>()
  const sameOf = new WeakMap<object, number>()

  const toLearner = (value: unknown, memo?: Map<object, Wire>): Wire =>
    takeApart(value, {
      ...(memo === undefined ? {} : { memo }),
      special: (one, key) => {
        if (one instanceof ClientToken) return ['client', one.spec]
        if (one instanceof MemoryView) return ['view', one.memory, one.at, one.length, one.kind]
        if (one instanceof KeptToken) return ['kept', one.id]
        const same = sameOf.get(one)
        if (same !== undefined) return ['same', same, takeApart(one)]
        const known = standIns.get(one)
        if (known !== undefined && known.number >= 0) return ['h', known.number]
        return typeof one === 'function' ? functions.wireOf(one, key) : undefined
      },
      stand: (one, methods, held, key) => functions.standOf(one, methods, held, key),
    })

  const fromLearner = (wire: Wire, label: () => string, gives: Shape): unknown =>
    putTogether(wire, {
      handle: (id, kind, methods, held) => {
        const known = made.get(id)
        if (known !== undefined) return known
        const stand =
          kind === 'function' ? functionOf(id, label(), gives) : objectOf(id, methods, gives, held)
        made.set(id, stand)
        return stand
      },
    })

  const functions = new Functions({
    callback: (one) => worker.callback(one),
    toLearner: (value) => toLearner(value),
    fromLearner: (wire, name) => fromLearner(wire, () => name, 'anything'),
    log,
  })

  /** The value of an answer, or the error that it is. */
  const settle = (answer: Answer, label: () => string, gives: Shape, seq?: number): unknown => {
    log.answered(answer)
    if ('missing' in answer) throw new MissingExport(answer.missing, answer.found)
    if ('changed' in answer && answer.changed !== undefined)
      log.findings.push({
        kind: 'argument-changed',
        call: label(),
        argument: answer.changed.argument + 1,
        path: answer.changed.path,
      })
    if ('same' in answer && answer.same !== undefined)
      log.findings.push({ kind: 'argument-returned', call: label(), argument: answer.same + 1 })
    if ('threw' in answer) throw new LearnerError(answer.threw)
    if (!('ok' in answer)) throw new Error('membrane: an answer of no known kind')
    const value = fromLearner(answer.ok, label, gives)
    if (value instanceof APromise || !fits(value, gives)) throw new Misfit(label(), value, gives)
    if (seq !== undefined && typeof value === 'object' && value !== null) {
      callOf.set(value, seq)
      log.labels.set(seq, label)
    }
    return value
  }

  const call = (target: Target, name: string, gives: Shape, args: readonly unknown[]): unknown => {
    const said = args.map(asTheyAre)
    options.handed?.note(name, said)
    const label = () => callInWords(name, said)
    const done = log.begin(label, clientsIn(args))
    const question: Question = {
      op: 'call',
      slot,
      check,
      target,
      args: args.map((arg) => toLearner(arg)),
      wants,
    }
    if (wants === 'promise') {
      const asked = worker.ask(question)
      const seq = worker.lastSeq
      const came = asked.then((answer) => settle(answer, label, gives, seq)).finally(done)
      // A suite may look at a call when it has long failed: that is no error of the judge's.
      came.catch(() => {})
      return came
    }
    // A call that never came back stays open in the log: it is the one to name.
    const answer = worker.askNow(question)
    done()
    const seq = worker.lastSeq
    if (target[0] === 'export' && options.pure?.includes(name) === true) {
      const again = worker.askNow(question)
      if (!sameWire(digestible(answer), digestible(again)))
        log.findings.push({ kind: 'answer-differs', call: label() })
    }
    return settle(answer, label, gives, seq)
  }

  const functionOf = (id: number, label: string, gives: Shape): object => {
    const shape = typeof gives === 'object' && 'function' in gives ? gives.function : 'anything'
    return callable(['handle', id], label, shape, id)
  }

  const callable = (target: Target, name: string, gives: Shape, number = -1): object => {
    const fn = (...args: unknown[]) => call(target, name, gives, args)
    standIns.set(fn, { target, label: name, gives, number })
    return fn
  }

  const objectOf = (
    id: number,
    methods: readonly string[],
    gives: Shape,
    held: ReadonlyMap<string, unknown>,
  ): object => {
    const shapes = typeof gives === 'object' && 'object' in gives ? gives.object : {}
    const calls = new Map<string, object>()
    const stand = new Proxy(Object.create(null) as object, {
      get(_target, name) {
        if (typeof name !== 'string') return undefined
        if (!methods.includes(name)) {
          if (held.has(name)) return held.get(name)
          if (name === 'then' || name === 'toJSON') return undefined
          const shape = shapes[name] ?? 'anything'
          return settle(
            worker.askNow({ op: 'get', check, handle: id, name }),
            () => `.${name}`,
            typeof shape === 'object' && 'function' in shape ? 'anything' : shape,
          )
        }
        const known = calls.get(name)
        if (known !== undefined) return known
        const shape = shapes[name]
        const own = typeof shape === 'object' && 'function' in shape ? shape.function : 'anything'
        const method = callable(['method', id, name], name, own, -1)
        calls.set(name, method)
        return method
      },
      has: () => true,
    })
    standIns.set(stand, { target: ['handle', id], label: '', gives, number: id })
    return stand
  }

  const exported = new Map<string, object>()
  for (const [name, gives] of Object.entries(options.exports))
    exported.set(name, callable(['export', name], name, gives))
  const subject = Object.freeze(Object.fromEntries(exported))

  const tools: SubjectTools = {
    each(fn, list) {
      const stands = (typeof fn === 'function' ? [fn] : fn).map((one) => standIns.get(one))
      const [stand] = stands
      if (stand === undefined || stands.includes(undefined))
        throw new Error('each: not a function of the subject')
      const done = log.begin(() => callInWords(stand.label, (list[0] ?? []).map(asTheyAre)))
      for (const args of list.slice(0, 500)) options.handed?.note(stand.label, args.map(asTheyAre))
      const memo = new Map<object, Wire>()
      const places = new Map<object, number>()
      const order = Uint32Array.from(list, (args) => {
        const at = places.get(args) ?? places.size
        places.set(args, at)
        return at
      })
      const answer = worker.askNow({
        op: 'each',
        slot,
        check,
        targets: stands.map((one) => (one ?? stand).target),
        list: Array.from(places.keys() as Iterable<readonly unknown[]>, (args) =>
          args.map((arg) => toLearner(arg, memo)),
        ),
        order,
      })
      done()
      if ('plain' in answer) {
        log.answered(answer)
        const odd = answer.plain.findIndex((value) => !fits(value, stand.gives))
        if (odd === -1) return answer.plain as never
        throw new Misfit(
          callInWords(stand.label, (list[odd] ?? []).map(asTheyAre)),
          answer.plain[odd],
          stand.gives,
        )
      }
      if (!('list' in answer)) return [settle(answer, () => stand.label, stand.gives)] as never
      log.answered(answer)
      return answer.list.map((one, i) => {
        const label = () => callInWords(stand.label, (list[i] ?? []).map(asTheyAre))
        if ('ok' in one && one.changed === undefined && one.same === undefined) {
          const value = fromLearner(one.ok, () => stand.label, stand.gives)
          if (value instanceof APromise || !fits(value, stand.gives))
            throw new Misfit(label(), value, stand.gives)
          return value as never
        }
        log.begin(label)()
        return settle(one, label, stand.gives) as never
      })
    },
    memory: (size) => new Memory(worker, memories++, size),
    overwrite(answer, fill) {
      const seq = typeof answer === 'object' && answer !== null ? callOf.get(answer) : undefined
      if (seq === undefined) return true
      overwrittenItems.add(overwrittenItem(fill))
      const done = worker.askNow({ op: 'overwrite', call: seq, fill })
      return !('ok' in done) || done.ok !== false
    },
    keep<T extends object>(value: T): KeptValue<T> {
      const token = new KeptToken(keptValues++, value)
      const send = () => worker.askNow({ op: 'kept', kept: token.id, value: toLearner(token.value) })
      send()
      return {
        value: token as unknown as T,
        become(next) {
          token.value = next
          send()
        },
        now() {
          const answer = worker.askNow({ op: 'kept-now', kept: token.id })
          return 'ok' in answer ? fromLearner(answer.ok, () => '', 'anything') : undefined
        },
      }
    },
    same(value) {
      if (!sameOf.has(value)) sameOf.set(value, sames++)
      return value
    },
    client: (spec) => new ClientToken(spec) as unknown as Kafka,
    atOnce,
    thread: options.thread ?? (() => Promise.reject(new Error('membrane: no further threads here'))),
  }
  return { subject, tools }
}

/**
 * The answers of a check that are not any more what they were when they were given. Where other checks run beside
 * this one (`promise`), the judge does not sleep meanwhile: brokers and proxies live in its thread.
 */
export async function lookAgain(
  worker: SubjectWorker,
  wants: 'value' | 'promise',
  check: string,
  log: CallLog,
): Promise<void> {
  const question = { op: 'look-again', check } as const
  const answer = wants === 'promise' ? await worker.ask(question) : worker.askNow(question)
  if (!('calls' in answer)) return
  if (answer.timers > 0)
    log.findings.push({ kind: 'left-timer', call: log.lastCall() ?? '', count: answer.timers })
  for (const seq of answer.calls)
    log.findings.push({ kind: 'answer-changed', call: log.labels.get(seq)?.() ?? '' })
}
