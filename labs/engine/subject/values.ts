/**
 * Values that cross between the judge and the learner's code: two realms, two threads.
 *
 * A class of one realm means nothing in the other, and a learner's object may do anything when it is touched
 * (getters, proxies, patched prototypes). So a value is taken apart on its own side into plain tuples, and
 * put together on the other with that side's classes:
 *
 *   1, 'a', true, null, undefined, 5n    as they are
 *   ['b', bytes, class]                  a copy of a Buffer, typed array, DataView or ArrayBuffer
 *   ['a', items]   ['o', keys, values]   an array; an object that only holds data (getters are read)
 *   ['m', pairs]   ['t', items]   ['d', ms]   Map, Set, Date
 *   ['e', report]                        an error: name, message, stack, and the built-in classes it descends from
 *   ['h', id, kind, methods, keys, values]  a function, or an object with methods: it stays, and gets a number
 *                                        (what else the object holds: `isWhole`)
 *   ['p']                                a promise, where a value was asked for
 *   ['?', text]                          anything else, for a message
 *
 * - bytes are copied, so that nothing on this side changes when the learner's memory does
 * - "is it a RangeError" is asked of the prototypes, not of `instanceof`, which a class may answer as it likes
 *
 * VALUES-1  taking apart uses functions kept from before the learner's file was loaded
 */
import { inspect, types } from 'node:util'

export type Wire = unknown

/** An error of the other realm. */
export interface ErrorReport {
  readonly name: string
  readonly message: string
  readonly stack: string
  /** Names of built-in classes among its prototypes: RangeError, Error. */
  readonly kinds: readonly string[]
}

const { getPrototypeOf, getOwnPropertyDescriptor, keys: keysOf, getOwnPropertyNames } = Object
const { isArray } = Array
const { isView } = ArrayBuffer
const { apply } = Reflect
const isNotNumber = Number.isNaN
const Bytes = Uint8Array
const objectPrototype = Object.prototype
const bufferPrototype = Buffer.prototype as object
const setBytes = Uint8Array.prototype.set
const compareBytes = Buffer.compare
const forEachOfMap = Map.prototype.forEach
const forEachOfSet = Set.prototype.forEach
const timeOf = Date.prototype.getTime
const tagOf = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get
const builtIns: readonly (readonly [object, string])[] = [
  [RangeError.prototype, 'RangeError'],
  [TypeError.prototype, 'TypeError'],
  [SyntaxError.prototype, 'SyntaxError'],
  [ReferenceError.prototype, 'ReferenceError'],
  [Error.prototype, 'Error'],
]
const {
  isPromise,
  isNativeError,
  isMap,
  isSet,
  isDate,
  isAnyArrayBuffer,
  isDataView,
  isRegExp,
  isBoxedPrimitive,
} = types

const depthMax = 24
const itemsMax = 4_000_000

export interface Taking {
  /** Keeps a function or an object with methods, and gives its number. Left out: they are only named. */
  readonly keep?: (value: object) => number
  /** What a plain object holds beside its methods goes along with its number: it is read without a crossing. */
  readonly isWhole?: boolean
  /**
   * Takes apart what only this side knows (a client's description, a remote handle); undefined: nothing special. `key`: the
   * property that the value was found under.
   */
  readonly special?: (value: object, key: string | undefined) => Wire | undefined
  /** Takes apart an object with methods, for who keeps none: names of its methods, and what else it holds. */
  readonly stand?: (value: object, methods: readonly string[], held: Wire, key: string | undefined) => Wire
  /** Objects that were taken apart before, for many lists of arguments that share some. */
  readonly memo?: Map<object, Wire>
}

/** Takes a value apart. A getter of the value may throw; that is passed on. */
export function takeApart(value: unknown, taking: Taking = {}): Wire {
  let items = 0
  const take = (one: unknown, depth: number, key?: string): Wire => {
    if (one === null || (typeof one !== 'object' && typeof one !== 'function'))
      return typeof one === 'symbol' ? ['?', String(one)] : one
    if (++items > itemsMax || depth > depthMax) return ['?', '…']
    const known = taking.memo?.get(one)
    if (known !== undefined) return known
    const wire = takeObject(one, depth, key)
    taking.memo?.set(one, wire)
    return wire
  }
  const takeObject = (one: object, depth: number, at?: string): Wire => {
    const special = taking.special?.(one, at)
    if (special !== undefined) return special
    if (typeof one === 'function') return handle(one, 'function', [])
    if (isView(one)) return ['b', copyOf(one), classOf(one)]
    if (isArray(one)) {
      const list: Wire[] = []
      for (let i = 0; i < one.length; i++) list[i] = take(one[i], depth + 1)
      return ['a', list]
    }
    if (isAnyArrayBuffer(one)) return ['b', copyOf(new Bytes(one)), 'ArrayBuffer']
    if (isPromise(one)) return ['p']
    if (isNativeError(one)) return ['e', reportOf(one)]
    if (isDate(one)) return ['d', apply(timeOf, one, [])]
    if (isMap(one)) {
      const pairs: Wire[] = []
      apply(forEachOfMap, one, [
        (of: unknown, key: unknown) => {
          pairs[pairs.length] = [take(key, depth + 1), take(of, depth + 1)]
        },
      ])
      return ['m', pairs]
    }
    if (isSet(one)) {
      const list: Wire[] = []
      apply(forEachOfSet, one, [
        (of: unknown) => {
          list[list.length] = take(of, depth + 1)
        },
      ])
      return ['t', list]
    }
    if (isRegExp(one) || isBoxedPrimitive(one)) return ['?', inspect(one)]
    const { data, methods } = membersOf(one)
    if (methods.length > 0 && taking.keep !== undefined) {
      if (taking.isWhole !== true || getPrototypeOf(one) !== objectPrototype)
        return handle(one, 'object', methods)
      return ['h', taking.keep(one), 'object', methods, data, valuesOf(one, data, depth)]
    }
    const held = ['o', data, valuesOf(one, data, depth)]
    return methods.length > 0 && taking.stand !== undefined ? taking.stand(one, methods, held, at) : held
  }
  const valuesOf = (one: object, data: readonly string[], depth: number): Wire[] => {
    const values: Wire[] = []
    for (let i = 0; i < data.length; i++) {
      const key = data[i] as string
      values[i] = take((one as Record<string, unknown>)[key], depth + 1, key)
    }
    return values
  }
  const handle = (one: object, kind: string, methods: readonly string[]): Wire =>
    taking.keep === undefined ? ['?', inspect(one, { depth: 0 })] : ['h', taking.keep(one), kind, methods]
  return take(value, 0)
}

/** Names of what an object holds (own and inherited getters) and of what it can do, up to Object.prototype. */
function membersOf(value: object): { data: string[]; methods: string[] } {
  const data = keysOf(value)
  const methods: string[] = []
  const held = data.slice()
  data.length = 0
  for (const name of held) {
    const own = getOwnPropertyDescriptor(value, name)
    if (own !== undefined && typeof own.value === 'function') methods.push(name)
    else data.push(name)
  }
  let at: object | null = getPrototypeOf(value)
  for (let steps = 0; at !== null && at !== objectPrototype && steps < 8; steps++) {
    for (const name of getOwnPropertyNames(at)) {
      if (name === 'constructor') continue
      const own = getOwnPropertyDescriptor(at, name)
      if (own?.get !== undefined) data.push(name)
      else if (typeof own?.value === 'function') methods.push(name)
    }
    at = getPrototypeOf(at)
  }
  return { data, methods }
}

function copyOf(view: ArrayBufferView): Uint8Array {
  const copy = new Bytes(view.byteLength)
  apply(setBytes, copy, [new Bytes(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength)])
  return copy
}

function classOf(view: ArrayBufferView): string {
  if (isDataView(view)) return 'DataView'
  return descendsFrom(view, bufferPrototype)
    ? 'Buffer'
    : ((tagOf === undefined ? undefined : (apply(tagOf, view, []) as string)) ?? 'Uint8Array')
}

function descendsFrom(value: object, prototype: object): boolean {
  let at: object | null = value
  for (let steps = 0; at !== null && steps < 32; steps++) {
    if (at === prototype) return true
    at = getPrototypeOf(at)
  }
  return false
}

/** What is known of an error; of something else that was thrown, its looks. */
export function reportOf(thrown: unknown): ErrorReport {
  if (typeof thrown !== 'object' || thrown === null || !isNativeError(thrown)) {
    return { name: '', message: inspect(thrown, { depth: 1 }).slice(0, 400), stack: '', kinds: [] }
  }
  const text = (read: () => unknown): string => {
    try {
      const value = read()
      return typeof value === 'string' ? value : ''
    } catch {
      return ''
    }
  }
  const kinds: string[] = []
  for (const [prototype, name] of builtIns) if (descendsFrom(thrown, prototype)) kinds.push(name)
  return {
    name: text(() => (thrown as Error).name),
    message: text(() => (thrown as Error).message),
    stack: text(() => (thrown as Error).stack),
    kinds,
  }
}

/** An error that the learner's code threw, on the judge's side. */
export class LearnerError extends Error {
  readonly report: ErrorReport
  constructor(report: ErrorReport) {
    super(report.message)
    this.name = report.name === '' ? 'Error' : report.name
    this.report = report
    this.stack = report.stack
  }
  /** Whether it descends from a built-in class: 'RangeError'. */
  isA(kind: string): boolean {
    return this.report.kinds.includes(kind)
  }
}

export interface Putting {
  /** Gives what stands for a handle of the other side. */
  readonly handle: (
    id: number,
    kind: string,
    methods: readonly string[],
    held: ReadonlyMap<string, unknown>,
  ) => unknown
  /** Makes what a special tuple describes (`['client', …]`, `['view', …]`). */
  readonly special?: (tuple: readonly unknown[]) => unknown
  /** Tuples that were put together before: the same tuple gives the same object. */
  readonly memo?: Map<object, unknown>
}

/** A promise that was given where a value was asked for. */
export class APromise {}
/** Something that cannot cross: only its looks. */
export class Odd {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  [inspect.custom](): string {
    return this.text
  }
}

/** Puts a value together again. What the other side made up is shown as an `Odd`, and never trips this side. */
export function putTogether(wire: Wire, putting: Putting): unknown {
  if (!isArray(wire)) return wire
  const { memo } = putting
  if (memo === undefined) return put(wire, putting)
  const known = memo.get(wire)
  if (known !== undefined) return known
  const value = put(wire, putting)
  memo.set(wire, value)
  return value
}

function put(wire: readonly unknown[], putting: Putting): unknown {
  const [tag, first, second, third, fourth, fifth] = wire
  const each = (list: unknown) =>
    isArray(list) ? list.map((item: unknown) => putTogether(item, putting)) : []
  switch (tag) {
    case 'b':
      return bytesOf(first, String(second))
    case 'a':
      return each(first)
    case 'o': {
      const values = each(second)
      const object: Record<string, unknown> = {}
      for (const [i, key] of (isArray(first) ? first : []).entries())
        Object.defineProperty(object, String(key), {
          value: values[i],
          enumerable: true,
          writable: true,
          configurable: true,
        })
      return object
    }
    case 'm':
      return new Map((isArray(first) ? first : []).map((pair) => each(pair) as [unknown, unknown]))
    case 't':
      return new Set(each(first))
    case 'd':
      return new Date(Number(first))
    case 'e':
      return new LearnerError(first as ErrorReport)
    case 'p':
      return new APromise()
    case 'h':
      return putting.handle(
        Number(first),
        String(second),
        isArray(third) ? third.map(String) : [],
        new Map(each(fifth).map((value, i) => [String(isArray(fourth) ? fourth[i] : i), value])),
      )
    case '?':
      return new Odd(String(first))
    default:
      return putting.special?.(wire) ?? new Odd(inspect(wire))
  }
}

function bytesOf(bytes: unknown, kind: string): unknown {
  if (!(bytes instanceof Uint8Array)) return new Odd(inspect(bytes))
  // As Node makes small ones: a part of a pool, which `bytes.buffer` is all of.
  if (kind === 'Buffer') return Buffer.from(bytes)
  if (kind === 'ArrayBuffer') return bytes.buffer
  if (kind === 'DataView') return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes
}

/** Whether two values that were taken apart are the same, byte for byte. */
export function sameWire(a: Wire, b: Wire): boolean {
  if (a === b) return true
  if (typeof a !== typeof b) return false
  if (typeof a === 'number') return isNotNumber(a) && isNotNumber(b)
  if (typeof a !== 'object' || a === null || b === null) return false
  if (isView(a) && isView(b)) return compareBytes(a as Uint8Array, b as Uint8Array) === 0
  if (!isArray(a) || !isArray(b) || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!sameWire(a[i], b[i])) return false
  return true
}

/** Where two values that were taken apart differ first: `message.key`, `[3]`; empty when it is the whole value. */
export function whereChanged(a: Wire, b: Wire): string {
  if (!isArray(a) || !isArray(b) || a[0] !== b[0]) return ''
  const [tag, first, second] = a
  const join = (at: string, rest: string) => `${at}${rest === '' || rest[0] === '[' ? '' : '.'}${rest}`
  if (tag === 'a' && isArray(first) && isArray(b[1]) && first.length === b[1].length) {
    const at = first.findIndex((item, i) => !sameWire(item, b[1][i]))
    return at === -1 ? '' : join(`[${at}]`, whereChanged(first[at], b[1][at]))
  }
  if (tag === 'o' && isArray(first) && isArray(second) && sameWire(first, b[1]) && isArray(b[2])) {
    const at = second.findIndex((item, i) => !sameWire(item, b[2][i]))
    return at === -1 ? '' : join(String(first[at]), whereChanged(second[at], b[2][at]))
  }
  return ''
}

/** What a caller puts into a list that it was given, in place of all items: a number that no answer of a lab holds. */
export const overwrittenItem = (fill: number): number => fill + 0.5

/** Whether a value would still be taken apart like this. Bytes are compared where they are, without a copy. */
export function isStill(wire: Wire, value: unknown, taking: Taking = {}): boolean {
  if (!isArray(wire) || typeof value !== 'object' || value === null)
    return sameWire(wire, takeApart(value, taking))
  const [tag, first, second] = wire
  if (tag === 'b' && isView(value)) {
    const bytes = new Bytes(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
    return second === classOf(value) && compareBytes(first as Uint8Array, bytes) === 0
  }
  if (tag === 'a' && isArray(value) && isArray(first)) {
    if (value.length !== first.length) return false
    for (let i = 0; i < first.length; i++) if (!isStill(first[i], value[i], taking)) return false
    return true
  }
  return sameWire(wire, takeApart(value, taking))
}
