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
export function randomBatch(dice: Dice, length = dice.int(62, 140)): Uint8Array {
  const bytes = dice.bytes(length)
  // The version of a real batch is tried on purpose, in `stamped`: here it would come up by chance, now and then.
  if (bytes[16] === 2) bytes[16] = 3
  return bytes
}

/** A long batch: the bytes of `from` again and again, with some of its own in front and at the end. */
export function longBatch(dice: Dice, from: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += from.length)
    bytes.set(from.subarray(0, Math.min(from.length, length - at)), at)
  bytes.set(dice.bytes(16))
  bytes.set(dice.bytes(16), length - 16)
  return bytes
}

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

/** So many batches of each lane are shown, from shortly before the first that differs. */
const shownMax = 6
const shownBefore = 2

/** The batches of the log, what was expected of a read, and what came: where the two part. */
export function readPicture(model: Model, wanted: readonly ModelBatch[], got: unknown): Picture {
  const name = ({ base, count, bytes }: ModelBatch): Cell =>
    withSize(count > 1 ? `${base}–${base + count - 1}` : `${base}`, bytes.length)
  const list: readonly unknown[] = Array.isArray(got) ? got : [got]
  const isBatch = (bytes: unknown, batch: ModelBatch | undefined) =>
    batch !== undefined &&
    bytes instanceof Uint8Array &&
    Buffer.compare(bytes.subarray(8), batch.bytes.subarray(8)) === 0
  const differs = Array.from({ length: Math.max(list.length, wanted.length) }, (_, i) => i).find(
    (i) => !isBatch(list[i], wanted[i]),
  )
  const from = Math.max(0, (differs ?? 0) - shownBefore)
  const known = (bytes: unknown, i: number): Cell => {
    if (!(bytes instanceof Uint8Array)) return show(bytes)
    const place = wanted[from + i]
    const batch =
      place !== undefined && isBatch(bytes, place) ? place : model.batches.find((one) => isBatch(bytes, one))
    return batch === undefined ? withSize('?', bytes.length) : name(batch)
  }
  const window = <T>(all: readonly T[]) => all.slice(from, from + shownMax)
  const expected = window(wanted).map(name)
  const cells = window(list).map(known)
  const wrong = cells.flatMap((cell, i) => {
    const one = expected[i]
    return one !== undefined && cellIn('en', one) === cellIn('en', cell) ? [] : [i]
  })
  const first = wanted[from] ?? wanted[0]
  const at = first === undefined ? 0 : Math.max(0, model.batches.indexOf(first) - (from === 0 ? 1 : 0))
  // What was left out in front is the same in all lanes.
  const before = from === 0 ? [] : [`… ${from}`]
  return {
    kind: 'timeline',
    lanes: [
      {
        name: { en: 'log', ru: 'журнал' },
        cells: [...before, ...model.batches.slice(at, at + shownMax).map(name)],
        wrong: [],
      },
      { name: { en: 'expected', ru: 'ожидалось' }, cells: [...before, ...expected], wrong: [] },
      {
        name: { en: 'got', ru: 'получено' },
        cells: [...before, ...cells],
        wrong: wrong.map((i) => i + before.length),
      },
    ],
  }
}

/** Where two batches differ first (from byte `at` on), as bytes with a caret. */
export function bytesPicture(
  got: Uint8Array,
  wanted: Uint8Array,
  label: { en: string; ru: string },
  at = 0,
): Picture {
  const rest = firstDifference(got.subarray(at), wanted.subarray(at))
  const from = rest === -1 ? at : rest + at
  const length = from < 8 ? 8 - from : Math.max(1, differingRun(got, wanted, from))
  return { kind: 'bytes', got: hex(got), expected: hex(wanted), from, length, label }
}

/** How many bytes differ one after the other, from here on; what is drawn is a row. */
function differingRun(a: Uint8Array, b: Uint8Array, from: number): number {
  let n = 0
  while (n < 16 && from + n < Math.max(a.length, b.length) && a[from + n] !== b[from + n]) n++
  return n
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
