/** Lab 03: the tests of createLog and append. */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import type { CaseOf } from '../engine/lab.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import {
  bytesPicture,
  firstDifference,
  freshStart,
  given,
  type LogMaker,
  logOf,
  longBatch,
  lots,
  Model,
  randomBatch,
  someCounts,
} from './model.ts'
import { rangeOf, readFault, stampFault } from './reading.ts'

type TrialOf<T extends keyof (typeof text)['tests']> = Trial<CaseOf<typeof text, T>>

const stampLabel = { en: 'base offset', ru: 'базовое смещение' }
const restLabel = { en: 'bytes from 8 on', ru: 'байты начиная с 8' }

export function checkEmpty(t: TrialOf<'empty-log'>, subject: LogMaker): void {
  for (const wanted of [freshStart(t.dice), 0, 1, 2 ** t.dice.int(2, 30), 2 ** 40 + t.dice.int(1, 999)]) {
    const log = subject.createLog(wanted)
    const { startOffset: start, endOffset: end } = log
    t.check(start === wanted && end === wanted, 'offsets', { wanted, start: show(start), end: show(end) })
    const { got, error } = given(t, () => log.read(wanted, lots))
    t.check(error === undefined, 'threw', { wanted, got: show(error) })
    t.check(got?.length === 0, 'read', { wanted, got: show(got) })
  }
}

export function checkOffsets(t: TrialOf<'append-offsets'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  let wanted = start
  // Five and more at first: with two, an end that is one too low looks as if it had grown by 1.
  const counts = Array.from({ length: 5 }, () => t.dice.freshInt(5, 40))
  for (const [index, count] of [...counts, 1, 1].entries()) {
    const n = index + 1
    // Eight bytes are enough for a batch: there is room for its offset.
    const bytes = count === 1 ? t.dice.bytes(8) : randomBatch(t.dice)
    const { got, error } = given(t, () => log.append(bytes, count))
    if (error !== undefined && bytes.length > 8) throw error
    t.check(error === undefined, 'eight', { got: show(error) })
    const base = { n, count, got: show(got), wanted }
    t.check(got === wanted || got !== wanted + count, 'new-end', base)
    t.check(got === wanted || got !== wanted + count - 1, 'last', base)
    t.check(got === wanted, 'base', base)
    const before = wanted
    wanted += count
    const now = log.endOffset
    const end = { n, count, got: show(now), wanted }
    t.check(now === wanted || now !== before, 'not-at-all', end)
    t.check(now === wanted || now !== before + 1, 'by-one', end)
    t.check(now === wanted || now !== before + bytes.length, 'by-bytes', end)
    t.check(now === wanted, 'end', end)
    t.check(log.startOffset === start, 'start', { got: show(log.startOffset), wanted: start })
  }
}

/** A log that begins somewhere, then one that begins at 0: there, too, bytes of the producer's stand in front. */
export function checkStamps(t: TrialOf<'stamped'>, subject: LogMaker): void {
  for (const start of [t.dice.freshInt(70_000, 9_000_000), 0]) checkStampsFrom(t, subject, start)
}

/** The byte that holds the version of a batch, and all its values: bytes that the log has nothing to do with. */
const versionAt = 16
const versions = [2, 0, 1, 2]

function checkStampsFrom(t: TrialOf<'stamped'>, subject: LogMaker, start: number): void {
  const log = subject.createLog(start)
  const model = new Model(start)
  const handedIn = someCounts(t.dice, versions.length).map((count, i) => {
    const bytes = randomBatch(t.dice)
    bytes[versionAt] = versions[i] ?? 2
    model.append(bytes, count)
    log.append(bytes, count)
    return bytes
  })
  for (const [number, batch] of model.batches.entries()) {
    const offset = batch.base
    // So much and no more: whether a read gives several batches is for other tests.
    const got = log.read(offset, batch.bytes.length)[0] ?? new Uint8Array(0)
    t.check(got.length > 0, 'lost', { offset })
    const text = Buffer.from(Buffer.from(handedIn[number] ?? got).toString())
    t.check(!isText(got, text) || got.length === batch.bytes.length, 'as-text', { offset })
    t.check(got.length === batch.bytes.length, 'length', {
      offset,
      got: got.length,
      wanted: batch.bytes.length,
    })
    const draw = () => bytesPicture(got, batch.bytes, stampLabel)
    const fault = stampFault(got, batch, { given: handedIn[number] ?? got, start, number })
    const rest = firstDifference(got.subarray(8), batch.bytes.subarray(8))
    t.check(rest === -1 || fault !== undefined, 'rest', { offset, at: rest + 8 }, () =>
      bytesPicture(got, batch.bytes, restLabel, 8),
    )
    // A log that begins elsewhere has passed.
    const isOnlyZero = start === 0 && offset === 0 && fault?.says === 'not-stamped'
    if (fault !== undefined) t.check(false, isOnlyZero ? 'zero' : fault.says, fault.facts, draw)
    t.check(rest === -1, 'rest', { offset, at: rest + 8 }, draw)
  }
}

const isSameRest = (a: Uint8Array, b: Uint8Array) => firstDifference(a.subarray(8), b.subarray(8)) === -1

/** Whether the bytes behind the stamp are those of the text. */
const isText = (bytes: Uint8Array, text: Buffer) =>
  bytes.length === text.length && firstDifference(bytes.subarray(8), text.subarray(8)) === -1

/** Past 2³², past 2⁴⁸, and up to the last number that is exact. */
export function checkHuge(t: TrialOf<'huge-offsets'>, subject: LogMaker): void {
  const max = 2 ** 31 - 1
  const big = () => t.dice.freshInt(2 ** 29, 2 ** 30)
  const top = 2 ** 53 - 1 - max - 40
  const runs: [number, number[]][] = [
    [freshStart(t.dice), [max, big(), max, big(), 7]],
    [2 ** 31 - 40, [35, 9, 11]],
    [2 ** 32 - t.dice.freshInt(41, 60), [30, 12, 70, 9]],
    [2 ** 48 + 2 ** 40 + 2 ** 33 + t.dice.freshInt(100, 900), [11, 5]],
    [2 ** 48 - 100, [99, 5, max, 8]],
    [top, [max, 35, 3, 2]],
    [2 ** 53 - 2, [1]],
  ]
  for (const [start, counts] of runs) checkHugeLog(t, subject.createLog(start), start, counts)
}

function checkHugeLog(
  t: TrialOf<'huge-offsets'>,
  log: LogPart,
  start: number,
  counts: readonly number[],
): void {
  const model = new Model(start)
  const handedIn = counts.map((count) => {
    const bytes = randomBatch(t.dice)
    const wanted = model.append(bytes, count)
    const { got, error } = given(t, () => log.append(bytes, count))
    t.check(error === undefined, 'refused', { wanted, count, got: show(error) })
    judge(got, wanted)
    judge(log.endOffset, wanted + count)
    return bytes
  })
  function judge(got: number | undefined, wanted: number): void {
    const facts = { wanted, got: show(got) }
    const isLow = got !== wanted && (got === wanted % 2 ** 32 || got === (wanted | 0))
    t.check(!isLow, 'wrapped', facts)
    t.check(got === wanted, 'base', facts)
  }
  for (const [number, batch] of model.batches.entries()) {
    const first = batch.base
    const last = batch.base + batch.count - 1
    for (const offset of [first, last, first + Math.floor(batch.count / 2)]) {
      const { got: list } = given(t, () => log.read(offset, batch.bytes.length))
      const got = list?.[0]
      const isBatch = got !== undefined && firstDifference(got.subarray(8), batch.bytes.subarray(8)) === -1
      const came = model.batches.find((one) => got !== undefined && isSameRest(got, one.bytes))
      t.check(isBatch, 'read', {
        offset,
        first,
        last,
        got: got === undefined ? '[]' : came === undefined ? `<${got.length} B>` : rangeOf(came),
      })
      if (got === undefined) continue
      const fault = stampFault(got, batch, { given: handedIn[number] ?? got, start, number })
      if (fault !== undefined)
        t.check(false, fault.says, fault.facts, () => bytesPicture(got, batch.bytes, stampLabel))
    }
  }
}

export function checkRefusals(t: TrialOf<'bad-append'>, subject: LogMaker): void {
  const { log, model } = logOf(t.dice, subject, 2)
  const counts = [
    0,
    -1,
    1.5,
    -t.dice.freshInt(2, 60),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2.999,
  ]
  const cases: [Uint8Array, number, 'count' | 'short'][] = counts.map((count) => [
    randomBatch(t.dice),
    count,
    'count',
  ])
  for (const length of [7, 0, t.dice.int(1, 6)])
    cases.push([t.dice.bytes(length), t.dice.freshInt(41, 90), 'short'])
  // Whether a log gives what was appended at all is for other tests.
  const isFaithful = readFault(model, log.read(model.start, lots), model.batches) === undefined
  // Another limit each time, above all that is there: what is kept for an equal question is for other tests.
  let limit = lots
  const readAll = () => log.read(log.startOffset, ++limit)
  for (const [bytes, count, says] of t.dice.shuffle(cases)) {
    const kept = { end: log.endOffset, batches: readAll().length }
    const { got, error } = t.attempt(() => log.append(bytes, count))
    const asked = { bytes: bytes.length, count }
    t.check(error !== undefined, says, { ...asked, got: show(got) })
    t.check(error?.isA('RangeError') === true, 'other', { ...asked, got: show(error) })
    t.check(log.endOffset === kept.end, 'end', { got: show(log.endOffset), wanted: kept.end })
    const now = readAll()
    t.check(now.length === kept.batches, 'kept', { got: now.length, wanted: kept.batches })
    if (isFaithful) judgeKept(t, model, now, 'altered', asked)
    const good = randomBatch(t.dice)
    model.append(good, 2)
    const next = given(t, () => log.append(good, 2))
    t.check(next.error === undefined, 'broken', { got: show(next.error) })
    t.check(next.got === kept.end, 'end', { got: show(next.got), wanted: kept.end })
    if (isFaithful) judgeKept(t, model, readAll(), 'shifted', asked)
  }
}

/** Each batch of the log as it was appended, stamps apart. */
function judgeKept(
  t: TrialOf<'bad-append'>,
  model: Model,
  all: readonly Uint8Array[],
  says: 'altered' | 'shifted',
  asked: { readonly bytes: number; readonly count: number },
): void {
  const at = model.batches.findIndex((batch, i) => !isSameRest(all[i] ?? new Uint8Array(0), batch.bytes))
  const [batch, got = new Uint8Array(0)] = [model.batches[at], all[at]]
  if (batch === undefined) return t.check(true, says)
  const facts = { ...asked, first: rangeOf(batch), got: got.length, wanted: batch.bytes.length }
  t.check(false, says, facts, () => bytesPicture(got, batch.bytes, restLabel, 8))
}

/** The same array, and another array with the same bytes. */
export function checkTwice(t: TrialOf<'same-batch-twice'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const bytes = randomBatch(t.dice)
  const count = t.dice.freshInt(2, 40)
  const memory = t.tools.memory(bytes.length)
  memory.write(0, bytes)
  const bases = [bytes, bytes, memory.view(0, bytes.length), memory.view(0, bytes.length), bytes].map(
    (batch, i) => {
      const wanted = start + i * count
      const got = log.append(batch, count)
      t.check(got === wanted && log.endOffset === wanted + count, 'dropped', {
        got: show(got),
        wanted,
        end: show(log.endOffset),
      })
      return wanted
    },
  )
  const got = log.read(start, lots)
  t.check(got.length === bases.length, 'read', { got: got.length, wanted: bases.length })
  const stamps = got.map((batch) => String(Buffer.from(batch).readBigInt64BE(0)))
  const isSame = stamps.every((stamp, i) => stamp === String(bases[i]))
  t.check(isSame, 'stamps', { wanted: bases.length, got: stamps.join(', '), offsets: bases.join(', ') })
}

/** Where a batch lies in the caller's memory, how long it is, and how many follow one another there. */
const handings = [
  [24, 'Buffer', 0, 3],
  [24, 'Uint8Array', 0, 3],
  [0, 'Buffer', 0, 3],
  [0, 'Uint8Array', 0, 3],
  [24, 'Buffer', 70_000, 2],
  [0, 'Uint8Array', 70_000, 2],
  [24, 'Uint8Array', 2_097_152, 1],
  [0, 'Buffer', 2_097_152, 1],
] as const

export function checkCopyIn(t: TrialOf<'copy-in'>, subject: LogMaker): void {
  const large = t.dice.bytes(70_000)
  // One request's memory, used for several batches: as a view that does not begin at 0, as a Buffer, and whole.
  for (const [at, kind, size, times] of handings) {
    const log = subject.createLog(freshStart(t.dice))
    const length = size === 0 ? t.dice.int(62, 140) : size
    const memory = t.tools.memory(at === 0 ? length : length + 300)
    const batches = someCounts(t.dice, times).map((count) => {
      const bytes = size === 0 ? randomBatch(t.dice, length) : longBatch(t.dice, large, length)
      memory.write(at, bytes)
      const base = log.endOffset
      // Whether the log takes batches of this size is for other tests.
      const { error } = given(t, () => log.append(memory.view(at, length, kind), count))
      return { base, bytes, isKept: error === undefined }
    })
    const fill = t.dice.int(1, 255)
    memory.write(0, new Uint8Array(at === 0 ? length : length + 300).fill(fill))
    for (const { base, bytes, isKept } of batches) {
      if (!isKept) continue
      const got = log.read(base, length)[0] ?? new Uint8Array(0)
      const rest = firstDifference(got.subarray(8), bytes.subarray(8))
      // Whether it is the right batch at all is for other tests: here it must not have become what was written later.
      const isShared =
        rest !== -1 && got[rest + 8] === fill && got.subarray(rest + 8).every((byte) => byte === fill)
      t.check(!isShared, 'shared', { at: rest + 8, kind, size: length }, () =>
        bytesPicture(got, bytes, restLabel, 8),
      )
    }
  }
}

export function checkTwoLogs(t: TrialOf<'two-logs'>, subject: LogMaker): void {
  // Far from the offsets of other tests: what one list for all logs holds from there is not read here.
  const far = () => 1_000_000_000 + freshStart(t.dice)
  const same = far()
  const starts = [far(), same, same]
  const logs = starts.map((start) => subject.createLog(start))
  const look = (log: LogPart) => ({ end: log.endOffset, batches: log.read(log.startOffset, lots).length })
  // Two of them cannot be told apart by any number: the bytes in them are all that differs.
  const models = starts.map((start) => new Model(start))
  for (const counts of [someCounts(t.dice, 3), someCounts(t.dice, 3)]) {
    for (const [i, log] of logs.entries())
      for (const count of counts) {
        const bytes = randomBatch(t.dice, 90)
        models[i]?.append(bytes, count)
        log.append(bytes, count)
      }
    const got = logs.map((log, i) => log.read(starts[i] ?? same, lots))
    const [, first, second] = models
    const isMixed =
      got[2]?.length === first?.batches.length &&
      got[2]?.every((bytes, i) => isSameRest(bytes, first?.batches[i]?.bytes ?? bytes))
    if (first !== undefined && second !== undefined)
      t.check(isMixed !== true, 'mixed', { offset: same, maxBytes: lots }, () =>
        bytesPicture(
          got[2]?.[0] ?? new Uint8Array(0),
          second.batches[0]?.bytes ?? new Uint8Array(0),
          restLabel,
          8,
        ),
      )
  }
  for (const turn of t.dice.shuffle([0, 1, 2, 0, 1, 2])) {
    const before = logs.map(look)
    logs[turn]?.append(randomBatch(t.dice), t.dice.freshInt(2, 40))
    for (const [i, log] of logs.entries()) {
      if (i === turn) continue
      const after = look(log)
      t.check(after.end === before[i]?.end, 'end', { before: show(before[i]?.end), after: show(after.end) })
      t.check(after.batches === before[i]?.batches, 'batches', {
        before: before[i]?.batches ?? 0,
        after: after.batches,
      })
    }
  }
  const again = subject.createLog(same)
  t.check(again.endOffset === same, 'same', { start: same })
}
