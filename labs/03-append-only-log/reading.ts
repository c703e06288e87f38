/**
 * What is wrong with the batches that a read gave? A list of bytes is compared with what should have come, and the
 * difference gets a name: it begins too late, leaves one out, is too long. The stamps (bytes 0 to 7) are compared
 * apart, for they have tests of their own.
 */

import type { ReadCase } from './messages-read.ts'
import type { StampCase } from './messages-stamp.ts'
import { firstDifference, type Model, type ModelBatch } from './model.ts'

interface Found<Case> {
  readonly says: Case
  readonly facts: Readonly<Record<string, string | number>>
  /** Of a batch that came with other bytes: these, and what they should be. */
  readonly bytes?: { readonly got: Uint8Array; readonly wanted: Uint8Array }
}

export type ReadFault = Found<ReadCase>

/** `1000–1004`: the offsets of a batch. */
export const rangeOf = ({ base, count }: { base: number; count: number }) =>
  count > 1 ? `${base}–${base + count - 1}` : String(base)

const sum = (list: readonly { readonly length: number }[]) =>
  list.reduce((all, { length }) => all + length, 0)

/** How the batches differ from the wanted ones; undefined when they do not, stamps apart. */
export function readFault(
  model: Model,
  got: readonly Uint8Array[],
  wanted: readonly ModelBatch[],
): Found<ReadCase> | undefined {
  const isSame = (bytes: Uint8Array | undefined, batch: ModelBatch | undefined) =>
    bytes !== undefined && batch !== undefined && restDifference(bytes, batch.bytes) === -1
  if (got.length === wanted.length && got.every((bytes, i) => isSame(bytes, wanted[i]))) return undefined
  const [first] = wanted
  const facts = {
    first: first === undefined ? '' : rangeOf(first),
    got: got.length,
    gotBytes: sum(got),
    wanted: wanted.length,
    bytes: sum(wanted.map(({ bytes }) => bytes)),
  }
  if (first === undefined) return { says: 'differs', facts }
  if (got.length === 0) return { says: 'nothing', facts }
  const known = namesOf(model, got, wanted)
  const stranger = known.indexOf(undefined)
  if (stranger !== -1) return strange(got[stranger] as Uint8Array, stranger, wanted, facts)
  const list = known as ModelBatch[]
  const repeated = list.find((batch, i) => list.indexOf(batch) !== i)
  if (repeated !== undefined) return { says: 'twice', facts: { ...facts, got: rangeOf(repeated) } }
  const bases = list.map(({ base }) => base)
  const sorted = [...bases].sort((a, b) => a - b)
  if (bases.some((base, i) => base !== sorted[i])) return { says: 'order', facts }
  const begins = list[0] as ModelBatch
  if (begins.base > first.base) return { says: 'later', facts: { ...facts, got: rangeOf(begins) } }
  if (begins.base < first.base) return { says: 'earlier', facts: { ...facts, got: rangeOf(begins) } }
  const from = model.batches.indexOf(first)
  const gap = list.findIndex((batch, i) => batch !== model.batches[from + i])
  if (gap !== -1)
    return { says: 'gap', facts: { ...facts, missing: rangeOf(model.batches[from + gap] as ModelBatch) } }
  return { says: got.length < wanted.length ? 'fewer' : 'more', facts }
}

/** Which batch of the log each of these is. Bytes that hold nothing but a stamp can only be told by their place. */
function namesOf(
  model: Model,
  got: readonly Uint8Array[],
  wanted: readonly ModelBatch[],
): (ModelBatch | undefined)[] {
  const contentOf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(8)).toString('latin1')
  const byContent = new Map(model.batches.map((batch) => [contentOf(batch.bytes), batch]))
  return got.map((bytes, i) => {
    const place = wanted[i]
    if (place !== undefined && restDifference(bytes, place.bytes) === -1) return place
    return bytes.length > 8 ? byContent.get(contentOf(bytes)) : undefined
  })
}

/** Bytes that are no batch of the log. */
function strange(
  bytes: Uint8Array,
  at: number,
  wanted: readonly ModelBatch[],
  facts: Readonly<Record<string, string | number>>,
): Found<ReadCase> {
  const batch = wanted[at]
  const total = sum(wanted.map((one) => one.bytes))
  if (at === 0 && wanted.length > 1 && bytes.length === total) return { says: 'joined', facts }
  const isPart = batch !== undefined && bytes.length < batch.bytes.length && bytes.length > 0
  const whole = batch === undefined ? '' : Buffer.from(batch.bytes).toString('latin1')
  const part = Buffer.from(bytes).toString('latin1')
  if (isPart && batch !== undefined && (whole.endsWith(part) || whole.slice(8).startsWith(part.slice(8))))
    return {
      says: 'cut',
      facts: { ...facts, first: rangeOf(batch), gotBytes: bytes.length, bytes: batch.bytes.length },
    }
  const place = { n: at + 1, first: batch === undefined ? '—' : rangeOf(batch) }
  if (batch !== undefined && bytes.length === batch.bytes.length && bytes.length > 8) {
    const changed = bytes.reduce((sum, byte, i) => sum + (i >= 8 && byte !== batch.bytes[i] ? 1 : 0), 0)
    const from = 8 + firstDifference(bytes.subarray(8), batch.bytes.subarray(8))
    const altered = { ...facts, ...place, changed, at: from }
    return { says: 'altered', facts: altered, bytes: { got: bytes, wanted: batch.bytes } }
  }
  return { says: 'alien', facts: { ...facts, ...place } }
}

/** Where two batches differ behind the stamp, or -1. */
function restDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return 0
  return Buffer.compare(a.subarray(8), b.subarray(8)) === 0 ? -1 : 0
}

/** What stands in the first eight bytes instead of the base offset; undefined when it does. */
export function stampFault(
  got: Uint8Array,
  { base, count, bytes }: ModelBatch,
  /** The batch as it was handed in, the start of the log, and the batch's number in it. */
  from: { readonly given: Uint8Array; readonly start: number; readonly number: number },
): Found<StampCase> | undefined {
  if (firstDifference(got.subarray(0, 8), bytes.subarray(0, 8)) === -1) return undefined
  const view = new DataView(got.buffer, got.byteOffset, 8)
  const read = view.getBigInt64(0)
  const offset = BigInt(base)
  const facts = { offset: base, got: String(read), start: from.start }
  const is = (says: StampCase, holds: boolean): Found<StampCase> | undefined =>
    holds ? { says, facts } : undefined
  return (
    is('not-stamped', firstDifference(got.subarray(0, 8), from.given.subarray(0, 8)) === -1) ??
    is('little-endian', view.getBigInt64(0, true) === offset) ??
    is(
      'four-bytes',
      view.getInt32(0) === (base | 0) &&
        firstDifference(got.subarray(4, 8), from.given.subarray(4, 8)) === -1,
    ) ??
    is(
      'low-bits',
      base >= 2 ** 31 && BigInt.asUintN(32, read) === BigInt.asUintN(32, offset) && isExtended(read, 32),
    ) ??
    is(
      'low-48-bits',
      base >= 2 ** 47 && BigInt.asUintN(48, read) === BigInt.asUintN(48, offset) && isExtended(read, 48),
    ) ??
    is('floating-point', view.getFloat64(0) === base) ??
    is('last-offset', count > 1 && read === BigInt(base + count - 1)) ??
    is('next-offset', read === BigInt(base + count)) ??
    is('from-start', from.start > 0 && read === BigInt(base - from.start)) ??
    is('ordinal', read === BigInt(from.number) || read === BigInt(from.number + 1)) ?? {
      says: 'stamp',
      facts,
    }
  )
}

/** Whether what lies above the low bits is only zeros, or only copies of the highest of them. */
function isExtended(read: bigint, bits: number): boolean {
  return read === BigInt.asUintN(bits, read) || read === BigInt.asIntN(bits, read)
}
