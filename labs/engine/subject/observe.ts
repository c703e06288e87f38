/**
 * What the learner's code does beside answering: it prints, sets timers, rolls dice, looks at the clock. This
 * file watches, and changes nothing: a timer lasts as long as it was set for.
 *
 * - a timer that a client library sets for itself is not told: the file that called counts
 *
 * OBSERVE-1  what is printed is told with the check that printed it, whole; the judge caps it
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { FromWorker } from './protocol.ts'

interface Watch {
  readonly tell: (message: FromWorker) => void
  readonly checkNow: () => string | undefined
}

/** Begins to watch. Gives a function that tells how many timers of a check are still to fire. */
export function observe({ tell, checkNow }: Watch): (check: string) => number {
  watchOutput(tell, checkNow)
  const timersLeft = watchTimers(tell, checkNow)
  watchDice(tell, checkNow)
  syncBuiltinESMExports()
  return timersLeft
}

type Tell = Watch['tell']
type CheckNow = Watch['checkNow']

function watchOutput(tell: Tell, checkNow: CheckNow): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: unknown, encoding?: unknown, done?: unknown) => {
      const printed = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString()
      tell({ printed, check: checkNow() })
      const call = typeof encoding === 'function' ? encoding : done
      if (typeof call === 'function') queueMicrotask(() => call())
      return true
    }) as typeof stream.write
  }
}

const require = createRequire(import.meta.url)
/** This thread's own program is one module; what calls it from elsewhere is a library or the learner's code. */
const own = import.meta.url

/** Whether the code that called this lies in a file of the learner's. */
function isLearners(): boolean {
  const frames = (new Error('where').stack ?? '').split('\n').slice(1)
  const caller = frames.find((line) => line.includes('at ') && !line.includes(own) && !line.includes('node:'))
  return caller !== undefined && !caller.includes('/node_modules/')
}

/** Node's own timer: whether it has fired or was cleared. */
interface NodeTimer {
  readonly _destroyed?: boolean
}

function watchTimers(tell: Tell, checkNow: CheckNow): (check: string) => number {
  const timersOf = new Map<string, NodeTimer[]>()
  const told = (ms: unknown, timer?: NodeTimer) => {
    const check = checkNow()
    if (check === undefined || !(Number(ms) > 0) || !isLearners()) return
    tell({ timer: Number(ms), check })
    if (timer !== undefined) timersOf.set(check, [...(timersOf.get(check) ?? []), timer])
  }
  const timers = require('node:timers') as { setTimeout: unknown; setInterval: unknown }
  const promised = require('node:timers/promises') as {
    setTimeout: (ms?: number, value?: unknown, options?: object) => Promise<unknown>
  }
  const { setTimeout: later, setInterval: again } = globalThis
  const { setTimeout: laterPromised } = promised
  globalThis.setTimeout = Object.assign((...args: Parameters<typeof later>) => {
    const timer = later(...args)
    told(args[1], timer as NodeTimer)
    return timer
  }, later) as typeof setTimeout
  globalThis.setInterval = ((...args: Parameters<typeof again>) => {
    const timer = again(...args)
    told(args[1], timer as NodeTimer)
    return timer
  }) as typeof setInterval
  timers.setTimeout = globalThis.setTimeout
  timers.setInterval = globalThis.setInterval
  promised.setTimeout = (ms, value, options) => {
    told(ms)
    return laterPromised(ms, value, options)
  }
  return (check) => (timersOf.get(check) ?? []).filter(({ _destroyed }) => _destroyed === false).length
}

/** Sources of answers that differ from run to run. Each is told once a check. */
function watchDice(tell: Tell, checkNow: CheckNow): void {
  const told = new Set<string>()
  const tellOnce = (dice: string) => {
    const check = checkNow()
    if (check === undefined || told.has(`${check} ${dice}`)) return
    told.add(`${check} ${dice}`)
    tell({ dice, check })
  }
  const watched = <T extends object>(holder: T, name: keyof T & string, label: string) => {
    const real = holder[name] as unknown as (...args: unknown[]) => unknown
    const watching = (...args: unknown[]) => {
      tellOnce(label)
      return Reflect.apply(real, holder, args)
    }
    Object.defineProperty(holder, name, {
      value: Object.assign(watching, real),
      writable: true,
      configurable: true,
    })
  }
  watched(Math, 'random', 'Math.random')
  watched(Date, 'now', 'Date.now')
  watched(performance, 'now', 'performance.now')
  watched(process, 'hrtime', 'process.hrtime')
  watched(process.hrtime, 'bigint', 'process.hrtime')
  watched(globalThis.crypto, 'getRandomValues', 'crypto.getRandomValues')
  watched(globalThis.crypto, 'randomUUID', 'crypto.randomUUID')
  const crypto = require('node:crypto') as Record<string, unknown>
  for (const name of ['randomUUID', 'randomBytes', 'randomInt']) watched(crypto, name, `crypto.${name}`)
  globalThis.Date = new Proxy(Date, {
    construct(target, args, newTarget) {
      if (args.length === 0) tellOnce('new Date()')
      return Reflect.construct(target, args, newTarget) as object
    },
  })
}
