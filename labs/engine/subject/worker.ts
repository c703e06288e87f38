/**
 * The worker that holds the learner's code: a thread of the judge, with a realm and an event loop of its own.
 *
 * It loads the file, makes the calls that the judge asks for, and says what came of them. It decides nothing:
 * whether an answer is right is found out on the other side, by code that the learner's cannot reach.
 *
 * - arguments are compared with what they were when a call has ended; answers are held until the end of the check, and
 *   looked at again
 *
 * WORKER-1  everything that is needed later is taken before the file is loaded: port, counter (worker-port.ts), built-ins
 * WORKER-2  each call runs in an async context that names its check, so that what is printed, thrown or set
 *           later (from a timer, a callback) is laid at the door of that check
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { describeExports } from '../exports.ts'
import { prepareClients } from './client.ts'
import {
  asHandedOver,
  handleAt,
  keepValue,
  keptNow,
  later,
  makeMemory,
  now,
  putting,
  settleCallback,
  writeMemory,
} from './numbered.ts'
import { observe } from './observe.ts'
import type { Answer, ChangedPlace, Target, ToWorker } from './protocol.ts'
import {
  isStill,
  overwrittenItem,
  putTogether,
  reportOf,
  type Taking,
  takeApart,
  type Wire,
  whereChanged,
} from './values.ts'
import { answer, isClientNeeded, listen, standStill, tell } from './worker-port.ts'

const { isExtensible } = Object
const { apply } = Reflect
const { isArray } = Array
const then = Promise.prototype.then
const fillBytes = Uint8Array.prototype.fill
const mapGet = Map.prototype.get
const mapSet = Map.prototype.set
const exit = process.exit.bind(process)
const checks = new AsyncLocalStorage<string>()
const checkNow = checks.getStore.bind(checks)
const inCheck = checks.run.bind(checks)

const modules: Record<string, unknown>[] = []
interface Held {
  readonly call: number
  readonly value: unknown
  readonly wire: Wire
  readonly taking: Taking
}
const held = new Map<string, Held[]>()
const heldMax = 2_000
/** Of many calls at once, so many are watched for changed arguments. */
const watchedMax = 50

/** What an argument looks like, to compare it afterwards; what only this side knows is not compared. */
function looksOf(args: readonly Wire[], values: readonly unknown[]): Wire[] {
  const looks: Wire[] = []
  for (let i = 0; i < args.length; i++) {
    const wire = args[i]
    if (!isArray(wire) || wire[0] === 'client' || wire[0] === 'callback' || wire[0] === 'stand')
      looks[i] = undefined
    // A Buffer is made as a copy of what came: that stays as it was.
    else looks[i] = wire[0] === 'b' && wire[2] === 'Buffer' ? wire : takeApart(values[i], asHandedOver)
  }
  return looks
}

function changedArgument(before: readonly Wire[], values: readonly unknown[]): ChangedPlace | undefined {
  for (let i = 0; i < before.length; i++) {
    const [was, value] = [before[i], values[i]]
    if (was === undefined) continue
    // All that is handed over can be written to: who freezes it changes it.
    const isFrozen = typeof value === 'object' && value !== null && !isExtensible(value)
    if (isFrozen || !isStill(was, value, asHandedOver))
      return { argument: i, path: whereChanged(was, takeApart(value, asHandedOver)) }
  }
  return undefined
}

/** The argument that is the answer itself: a list or an object that the caller still owns. */
function sameArgument(value: unknown, values: readonly unknown[]): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (let i = 0; i < values.length; i++) if (values[i] === value) return i
  return undefined
}

type Called = (...args: unknown[]) => unknown

/** The function that is meant, and its `this`; or why there is none. */
function find(slot: number, target: Target): { run: Called; self: unknown } | Answer {
  if (target[0] === 'handle') return { run: handleAt(target[1]) as Called, self: undefined }
  if (target[0] === 'method') {
    const self = handleAt(target[1]) as Record<string, unknown>
    const run = self[target[2]]
    if (typeof run === 'function') return { run: run as Called, self }
    return { missing: target[2], found: describeExports({ [target[2]]: run }) }
  }
  const module = modules[slot] ?? {}
  const run = module[target[1]]
  if (typeof run === 'function') return { run: run as Called, self: undefined }
  return { missing: target[1], found: describeExports(module) }
}

function hold(check: string, one: Held): void {
  const { wire } = one
  if (!isArray(wire) || wire[0] === 'h' || wire[0] === 'e' || wire[0] === '?' || wire[0] === 'p') return
  const list = apply(mapGet, held, [check]) as Held[] | undefined
  if (list === undefined) apply(mapSet, held, [check, [one]])
  else if (list.length < heldMax) list[list.length] = one
}

/** Makes one call whose value is wanted at once. */
function callNow(
  run: Called,
  self: unknown,
  args: readonly Wire[],
): { answer: Answer; value?: unknown; wire?: Wire } {
  const values: unknown[] = []
  for (let i = 0; i < args.length; i++) values[i] = putTogether(args[i], putting)
  const before = looksOf(args, values)
  try {
    const value = apply(run, self, values)
    const wire = takeApart(value, now)
    if (isArray(wire) && wire[0] === 'p') apply(then, value, [() => {}, () => {}])
    const found = { changed: changedArgument(before, values), same: sameArgument(value, values) }
    return { answer: { ok: wire, ...found }, value, wire }
  } catch (error) {
    return { answer: { threw: reportOf(error), changed: changedArgument(before, values) } }
  }
}

/** One of many calls: arguments that the calls share are the same objects, and are not compared afterwards. */
function callFast(run: Called, self: unknown, values: readonly unknown[]): Answer {
  try {
    return { ok: takeApart(apply(run, self, values as unknown[]), now) }
  } catch (error) {
    return { threw: reportOf(error) }
  }
}

/** The same answers without their wrapping, if all of them are plain values. */
function plainOf(answers: readonly Answer[]): Answer | undefined {
  const plain: Wire[] = []
  for (let i = 0; i < answers.length; i++) {
    const one = answers[i] as Answer
    if (!('ok' in one) || one.changed !== undefined || (typeof one.ok === 'object' && one.ok !== null))
      return undefined
    plain[i] = one.ok
  }
  return { plain }
}

async function callLater(run: Called, self: unknown, args: readonly Wire[]) {
  const values: unknown[] = []
  for (let i = 0; i < args.length; i++) values[i] = putTogether(args[i], putting)
  const before = looksOf(args, values)
  try {
    const value = await apply(run, self, values)
    const wire = takeApart(value, later)
    const found = { changed: changedArgument(before, values), same: sameArgument(value, values) }
    return { answer: { ok: wire, ...found }, value, wire }
  } catch (error) {
    return { answer: { threw: reportOf(error), changed: changedArgument(before, values) } }
  }
}

/** Writes over everything that a call has given: its bytes, and its lists' items. Gives whether all of it can be changed. */
function overwrite(value: unknown, fill: number): boolean {
  if (ArrayBuffer.isView(value)) apply(fillBytes, value, [fill])
  else if (isArray(value)) {
    let isOpen = true
    for (const item of value) isOpen = overwrite(item, fill) && isOpen
    try {
      value.length = 0
      value[0] = overwrittenItem(fill)
    } catch {
      return false
    }
    return isOpen
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) if (!overwrite(item, fill)) return false
  }
  return true
}

function serve(message: ToWorker): void {
  switch (message.op) {
    case 'load':
      return void load(message.slot, message.url, message.seq)
    case 'call': {
      const { seq, slot, check, target, args, wants } = message
      return inCheck(check, () => {
        const found = find(slot, target)
        if (!('run' in found)) return answer(seq, found)
        const taking = wants === 'value' ? now : later
        const give = (done: { answer: Answer; value?: unknown; wire?: Wire }) => {
          if ('wire' in done) hold(check, { call: seq, value: done.value, wire: done.wire, taking })
          answer(seq, done.answer)
        }
        if (wants === 'value') return give(callNow(found.run, found.self, args))
        void callLater(found.run, found.self, args).then(give)
      })
    }
    case 'each': {
      const { seq, slot, check, targets, list, order } = message
      return inCheck(check, () => {
        const called: { run: Called; self: unknown }[] = []
        for (let i = 0; i < targets.length; i++) {
          const found = find(slot, targets[i] as Target)
          if (!('run' in found)) return answer(seq, found)
          called[i] = found
        }
        const answers: Answer[] = []
        const made: unknown[][] = []
        const once = { ...putting, memo: new Map<object, unknown>() }
        for (let i = 0; i < order.length; i++) {
          const { run, self } = called[i % called.length] as { run: Called; self: unknown }
          const at = order[i] as number
          const args = list[at] as readonly Wire[]
          if (i < watchedMax) {
            answers[i] = callNow(run, self, args).answer
            continue
          }
          let values = made[at]
          if (values === undefined) {
            values = []
            for (let j = 0; j < args.length; j++) values[j] = putTogether(args[j], once)
            made[at] = values
          }
          answers[i] = callFast(run, self, values)
        }
        answer(seq, plainOf(answers) ?? { list: answers })
      })
    }
    case 'get':
      return inCheck(message.check, () => {
        try {
          const object = handleAt(message.handle) as Record<string, unknown>
          answer(message.seq, { ok: takeApart(object[message.name], now) })
        } catch (error) {
          answer(message.seq, { threw: reportOf(error) })
        }
      })
    case 'look-again': {
      const calls: number[] = []
      const list = (apply(mapGet, held, [message.check]) as Held[] | undefined) ?? []
      for (let i = 0; i < list.length; i++) {
        const { call, value, wire, taking } = list[i] as Held
        if (!isStill(wire, value, taking)) calls[calls.length] = call
      }
      held.delete(message.check)
      return answer(message.seq, { calls, timers: timersLeft(message.check) })
    }
    case 'overwrite': {
      let isOpen = true
      for (const list of held.values()) {
        const at = list.findIndex(({ call }) => call === message.call)
        const [found] = at === -1 ? [] : list.splice(at, 1)
        if (found !== undefined) isOpen = overwrite(found.value, message.fill)
      }
      return answer(message.seq, { ok: isOpen })
    }
    case 'kept':
      keepValue(message.kept, message.value)
      return answer(message.seq, { ok: null })
    case 'kept-now':
      return answer(message.seq, { ok: keptNow(message.kept) })
    case 'memory':
      makeMemory(message.memory, message.size)
      return answer(message.seq, { ok: null })
    case 'write':
      writeMemory(message.memory, message.at, message.bytes)
      return answer(message.seq, { ok: null })
    case 'ping':
      return answer(message.seq, { ok: null })
    case 'called-back':
      return settleCallback(message.seq, message.came)
    case 'freeze':
      return standStill()
  }
}

async function load(slot: number, url: string, seq: number): Promise<void> {
  try {
    modules[slot] = { ...((await import(url)) as Record<string, unknown>) }
    answer(seq, { ok: null })
  } catch (error) {
    answer(seq, { threw: reportOf(error) })
  }
}

process.setSourceMapsEnabled(true)
if (isClientNeeded) await prepareClients()
const timersLeft = observe({ tell, checkNow })
process.exit = ((code?: number) => {
  tell({ exiting: code ?? 0, check: checkNow() })
  exit(code ?? 0)
}) as typeof process.exit
process.on('exit', (code) => tell({ exiting: code, check: undefined }))
const escaped = (error: unknown) => tell({ escaped: reportOf(error), check: checkNow() })
process.on('uncaughtException', escaped)
process.on('unhandledRejection', escaped)
// Node's own warnings (kafkajs sets a timer in the past) are not what the learner's code prints.
process.removeAllListeners('warning')
listen(serve)
tell({ ready: true })
