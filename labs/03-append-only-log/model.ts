/**
 * What is right in lab 03: a model that lists batches and looks at each, and helpers to compare a log with it.
 * It is slow and obvious on purpose, and shares no idea with a good solution.
 */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import type { Dice } from '../engine/dice.ts'
import { type Cell, cellIn, hex, type Picture, withSize } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { LearnerError } from '../engine/subject/values.ts'
import type { Trial } from '../engine/trial.ts'

export interface ModelBatch {
  readonly base: number
  readonly count: number
  /** With the base offset stamped. */
  readonly bytes: Uint8Array
}

/** The batch as the log must give it back: `base` as int64 big-endian, then the rest of `bytes`. */
export function stamped(bytes: Uint8Array, base: number): Uint8Array {
  const high = Math.floor(base / 2 ** 32)
  const word = (n: number) => [n / 2 ** 24, n / 2 ** 16, n / 2 ** 8, n].map((part) => Math.floor(part) % 256)
  const copy = new Uint8Array(bytes)
  copy.set([...word(high), ...word(base % 2 ** 32)])
  return copy
}

export class Model {
  readonly batches: ModelBatch[] = []
  readonly start: number
  end: number
  constructor(start: number) {
    this.start = start
    this.end = start
  }

  append(bytes: Uint8Array, count: number): number {
    const base = this.end
    this.batches.push({ base, count, bytes: stamped(bytes, base) })
    this.end += count
    return base
  }

  read(offset: number, maxBytes: number): ModelBatch[] {
    const from = this.batches.findIndex((batch) => offset < batch.base + batch.count)
    if (from === -1) return []
    let room = maxBytes
    const fitting: ModelBatch[] = []
    for (const batch of this.batches.slice(from)) {
      room -= batch.bytes.length
      if (room < 0 && fitting.length > 0) break
      fitting.push(batch)
      if (room < 0) break
    }
    return fitting
  }
}

/** A batch of random bytes, as long as small real ones are. */
export const randomBatch = (dice: Dice, length = dice.int(62, 140)): Uint8Array => dice.bytes(length)

/** Appends `counts.length` batches to the log and to a model. */
export function filled(dice: Dice, log: LogPart, start: number, counts: readonly number[]): Model {
  const model = new Model(start)
  for (const count of counts) {
    const batch = randomBatch(dice)
    model.append(batch, count)
    log.append(batch.slice(), count)
  }
  return model
}

/** Whether a read gave exactly these batches, byte for byte. */
export function sameBatches(got: unknown, wanted: readonly ModelBatch[]): boolean {
  return (
    Array.isArray(got) &&
    got.length === wanted.length &&
    wanted.every((batch, i) => got[i] instanceof Uint8Array && Buffer.compare(got[i], batch.bytes) === 0)
  )
}

/** The batches of the log, what was expected of a read, and what came. */
export function readPicture(model: Model, wanted: readonly ModelBatch[], got: unknown): Picture {
  const name = ({ base, count, bytes }: ModelBatch): Cell =>
    withSize(count > 1 ? `${base}–${base + count - 1}` : `${base}`, bytes.length)
  const list: readonly unknown[] = Array.isArray(got) ? got.slice(0, 6) : []
  const known = (bytes: unknown): Cell => {
    if (!(bytes instanceof Uint8Array)) return show(bytes)
    const rest = hex(bytes.subarray(8))
    const batch = model.batches.find((one) => hex(one.bytes.subarray(8)) === rest)
    return batch === undefined ? withSize('?', bytes.length) : name(batch)
  }
  const cells = Array.isArray(got) ? list.map(known) : [show(got)]
  const wrong = cells.flatMap((cell, i) => {
    const one = wanted[i]
    return one !== undefined && cellIn('en', name(one)) === cellIn('en', cell) ? [] : [i]
  })
  const from = wanted[0] === undefined ? 0 : Math.max(0, model.batches.indexOf(wanted[0]) - 1)
  return {
    kind: 'timeline',
    lanes: [
      { name: { en: 'log', ru: 'журнал' }, cells: model.batches.slice(from, from + 6).map(name), wrong: [] },
      { name: { en: 'expected', ru: 'ожидалось' }, cells: wanted.slice(0, 6).map(name), wrong: [] },
      { name: { en: 'got', ru: 'получено' }, cells: cells.slice(0, 6), wrong },
    ],
  }
}

/** Where two batches differ first, as bytes with a caret. */
export function bytesPicture(
  got: Uint8Array,
  wanted: Uint8Array,
  label: { en: string; ru: string },
): Picture {
  const from = firstDifference(got, wanted)
  const length = from < 8 ? 8 - from : 1
  return { kind: 'bytes', got: hex(got), expected: hex(wanted), from, length, label }
}

/** The index of the first byte that differs, or -1. */
export function firstDifference(a: Uint8Array, b: Uint8Array = new Uint8Array(0)): number {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i
  return -1
}

/**
 * What a call gives, or how it refuses: with an error that its author meant. A slip (a name that does not exist, a
 * property of undefined) is thrown on: what is said of it then names the line.
 */
export function given<T>(
  t: Trial<string>,
  call: () => T,
): { readonly got?: T; readonly error?: LearnerError } {
  const answer = t.attempt(call)
  if (answer.error?.isA('ReferenceError') === true || answer.error?.isA('TypeError') === true)
    throw answer.error
  return answer
}

/** A log with `batches` batches in it, and the model of it. */
export function logOf(
  dice: Dice,
  subject: LogMaker,
  batches: number,
): { start: number; log: LogPart; model: Model } {
  const start = freshStart(dice)
  const log = subject.createLog(start)
  return { start, log, model: filled(dice, log, start, someCounts(dice, batches)) }
}

/** A limit that nothing here exceeds. */
export const lots = 5_000_000

export const freshStart = (dice: Dice) => dice.freshInt(1_000, 90_000)
export const someCounts = (dice: Dice, batches: number) =>
  Array.from({ length: batches }, () => dice.freshInt(2, 40))

/** What an implementation of the lab exports. */
export interface LogMaker {
  createLog(startOffset: number): LogPart
}
