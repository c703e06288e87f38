/**
 * What both sides know by a number, as it is in the learner's thread. What the learner's code has handed out gets a number and
 * stays here (`keep`); what the judge hands in by number is made here once and is the same object each time: a client, a part of
 * a memory, a value that its caller keeps, a function or an object of the judge's.
 *
 *   wire ['view', memory, at, length, kind]   ['kept', id]   ['same', id, value]   ['client', description]
 *        ['callback', id, name, isAtOnce]     ['stand', id, data, methods]
 */
import { makeClient } from './client.ts'
import type { CameOfCallback, ClientSpec } from './protocol.ts'
import { putTogether, type Taking, takeApart, type Wire } from './values.ts'
import { askAtOnce, tell } from './worker-port.ts'

const { defineProperty, keys: keysOf } = Object
const { apply } = Reflect
const { isArray } = Array
const setBytes = Uint8Array.prototype.set
const mapGet = Map.prototype.get
const mapSet = Map.prototype.set
const isJudges = WeakSet.prototype.has

/** What the code has handed out and the judge may call later, by number. */
const handles: object[] = []
const handleOf = new WeakMap<object, number>()
const memories: Buffer[] = []
/** Lists and objects that the caller keeps, by number. */
const keptValues: unknown[] = []
const clients = new Map<string, object>()
const views = new Map<string, Uint8Array>()
/** Objects that several calls are handed, by number. */
const shared = new Map<number, unknown>()
const waitingCallbacks = new Map<number, (came: CameOfCallback) => void>()
const callbackOf = new Map<number, object>()
const standOf = new Map<number, object>()
/** What the judge has handed over and is no data: it is not compared afterwards, nor looked into. */
const judges = new WeakSet<object>()
let callbacks = 0

function keep(value: object): number {
  const known = handleOf.get(value)
  if (known !== undefined) return known
  handles.push(value)
  handleOf.set(value, handles.length - 1)
  return handles.length - 1
}

export const handleAt = (id: number): object | undefined => handles[id]

const notOurs = (value: object): Wire | undefined =>
  apply(isJudges, judges, [value]) ? ['?', '…'] : undefined
/** How answers are taken apart: those that come at once, and those that come later or go to a function of the judge's. */
export const now: Taking = { keep }
export const later: Taking = { keep, isWhole: true, special: notOurs }
export const asHandedOver: Taking = { special: notOurs }
export const putting = {
  handle: (id: number) => handles[id],
  special: (tuple: readonly unknown[]) => {
    const [kind, first, second, third, fourth] = tuple
    if (kind === 'callback') return callback(Number(first), String(second), third === true)
    if (kind === 'stand') return standIn(Number(first), second, third as Record<string, Wire>)
    if (kind === 'client') return clientOf(first as ClientSpec)
    if (kind === 'same') return sameOf(Number(first), second)
    if (kind === 'kept') return keptValues[Number(first)]
    if (kind === 'view') return viewOf(Number(first), Number(second), Number(third), String(fourth))
    return undefined
  },
}

/** The same client each time: two calls that are handed one may well share what they keep for it. */
function clientOf(spec: ClientSpec): object {
  // Each bench has a proxy of its own, which counts its clients from 1.
  const id = `${spec.proxyPort}:${spec.id}`
  const known = apply(mapGet, clients, [id]) as object | undefined
  const client = known ?? makeClient(spec)
  judges.add(client)
  if (known === undefined) apply(mapSet, clients, [id, client])
  return client
}

/** An object that several calls are handed is made once. */
function sameOf(id: number, wire: Wire): unknown {
  const known = apply(mapGet, shared, [id])
  if (known !== undefined) return known
  const made = putTogether(wire, putting)
  apply(mapSet, shared, [id, made])
  return made
}

/** The same part of a memory is the same object each time, as a Buffer is that a program uses again. */
function viewOf(memory: number, at: number, length: number, kind: string): Uint8Array {
  const name = `${memory} ${at} ${length} ${kind}`
  const known = apply(mapGet, views, [name]) as Uint8Array | undefined
  if (known !== undefined) return known
  const whole = memories[memory] as Buffer
  const view =
    kind === 'Buffer'
      ? whole.subarray(at, at + length)
      : new Uint8Array(whole.buffer, whole.byteOffset + at, length)
  apply(mapSet, views, [name, view])
  return view
}

/** A function of the judge's, as the learner's code sees it: asynchronous, unless it answers at once. Always the same one. */
function callback(id: number, name: string, isAtOnce: boolean): object {
  const known = apply(mapGet, callbackOf, [id]) as object | undefined
  if (known !== undefined) return known
  const ask = (args: readonly unknown[]) => {
    const seq = ++callbacks
    const wires: Wire[] = []
    for (let i = 0; i < args.length; i++) wires[i] = takeApart(args[i], later)
    tell({ callback: id, seq, args: wires, isAtOnce })
    return seq
  }
  const promising = (...args: unknown[]) =>
    new Promise((resolve, reject) => {
      const settle = (came: CameOfCallback) => {
        if ('ok' in came) resolve(putTogether(came.ok, putting))
        else reject(thrownHere(came))
      }
      apply(mapSet, waitingCallbacks, [ask(args), settle])
    })
  const atOnce = (...args: unknown[]) => {
    const came = askAtOnce(() => ask(args))
    if (came === undefined) throw new Error(`${name} did not answer`)
    if (!('ok' in came)) throw thrownHere(came)
    return putTogether(came.ok, putting)
  }
  const made = isAtOnce ? atOnce : promising
  defineProperty(made, 'name', { value: name, configurable: true })
  judges.add(made)
  apply(mapSet, callbackOf, [id, made])
  return made
}

/** An object of the judge's with methods: the same one each time, its data as it was when it was handed over last. */
function standIn(id: number, held: unknown, methods: Record<string, Wire>): object {
  const known = apply(mapGet, standOf, [id]) as object | undefined
  const stand = known ?? {}
  if (known === undefined) {
    apply(mapSet, standOf, [id, stand])
    judges.add(stand)
  }
  const data = putTogether(held, putting) as object
  for (const name of keysOf(data)) define(stand, name, (data as Record<string, unknown>)[name])
  for (const name of keysOf(methods)) define(stand, name, putTogether(methods[name], putting))
  return stand
}

function define(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

/** What a function of the judge's threw: an error as this realm's, anything else as it is. */
function thrownHere(came: Exclude<CameOfCallback, { ok: Wire }>): unknown {
  if ('threwValue' in came) return putTogether(came.threwValue, putting)
  const { name, message, fields } = came.threw
  const error = new Error(message)
  if (name !== 'Error') defineProperty(error, 'name', { value: name, writable: true, configurable: true })
  const data = putTogether(fields, putting) as object
  for (const key of keysOf(data)) define(error, key, (data as Record<string, unknown>)[key])
  return error
}

/** The judge has answered a function of its own that was called here. */
export function settleCallback(seq: number, came: CameOfCallback): void {
  waitingCallbacks.get(seq)?.(came)
  waitingCallbacks.delete(seq)
}

export function makeMemory(memory: number, size: number): void {
  memories[memory] = Buffer.alloc(size)
}

export function writeMemory(memory: number, at: number, bytes: Uint8Array): void {
  apply(setBytes, memories[memory] as Buffer, [bytes, at])
}

/** A value that its caller keeps: made, or changed in place. */
export function keepValue(kept: number, wire: Wire): void {
  const next = putTogether(wire, putting)
  if (keptValues[kept] === undefined) keptValues[kept] = next
  else
    try {
      become(keptValues[kept], next)
    } catch {
      // Frozen by the learner's code: a call that is handed it shows what came of that.
    }
}

export const keptNow = (kept: number): Wire => takeApart(keptValues[kept])

/** Gives a list or an object the content of another, in place. What cannot be changed stays as it is. */
function become(kept: unknown, next: unknown): void {
  if (isArray(kept) && isArray(next)) {
    kept.length = 0
    for (let i = 0; i < next.length; i++) kept[i] = next[i] as unknown
  } else if (typeof kept === 'object' && kept !== null) {
    for (const name of keysOf(kept)) delete (kept as Record<string, unknown>)[name]
    for (const name of keysOf(next as object)) define(kept, name, (next as Record<string, unknown>)[name])
  }
}
