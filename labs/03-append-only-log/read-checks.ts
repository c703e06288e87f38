/** Lab 03: the tests of read. */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import type { CaseOf } from '../engine/lab.ts'
import type { Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import { Misfit } from '../engine/subject/membrane.ts'
import { LearnerError } from '../engine/subject/values.ts'
import type { Trial } from '../engine/trial.ts'
import type { text } from './lab.ts'
import type { ReadCase } from './messages-read.ts'
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
  type ModelBatch,
  randomBatch,
  readPicture,
  sameBatches,
  someCounts,
} from './model.ts'
import { type ReadFault, rangeOf, readFault } from './reading.ts'

type TrialOf<T extends keyof (typeof text)['tests']> = Trial<CaseOf<typeof text, T>>

const restLabel = { en: 'bytes from 8 on', ru: 'байты начиная с 8' }
const allLabel = { en: 'all that was read', ru: 'всё прочитанное' }

/** Reads, and says what is wrong with what came. */
export function readAndJudge(
  t: Trial<ReadCase>,
  log: LogPart,
  model: Model,
  offset: number,
  maxBytes: number,
): void {
  judgeRead(t, model, log.read(offset, maxBytes), offset, maxBytes)
}

/** What came of a read that was made a while ago, or just now. */
export function judgeRead(
  t: Trial<ReadCase>,
  model: Model,
  got: Uint8Array[],
  offset: number,
  maxBytes: number,
): void {
  const wanted = model.read(offset, maxBytes)
  const fault = readFault(model, got, wanted)
  if (fault !== undefined)
    t.check(false, fault.says, { offset, maxBytes, ...fault.facts }, () =>
      drawFault(model, wanted, got, fault),
    )
  t.check(true, 'differs')
}

/** The batches in a row; of one that came with other bytes, these bytes. */
function drawFault(model: Model, wanted: readonly ModelBatch[], got: unknown, fault: ReadFault): Picture {
  const { bytes } = fault
  return bytes === undefined
    ? readPicture(model, wanted, got)
    : bytesPicture(bytes.got, bytes.wanted, restLabel, 8)
}

export function checkBase(t: TrialOf<'read-base'>, subject: LogMaker): void {
  const { log, model } = logOf(t.dice, subject, 6)
  for (const { base } of t.dice.shuffle(model.batches)) readAndJudge(t, log, model, base, lots)
}

export function checkInside(t: TrialOf<'read-inside'>, subject: LogMaker): void {
  const { log, model } = logOf(t.dice, subject, 6)
  // The last batch last: behind it there is nothing that a search could find by mistake.
  const order = [...t.dice.shuffle(model.batches.slice(0, -1)), ...model.batches.slice(-1)]
  for (const { base, count } of order) {
    for (const offset of new Set([base + count - 1, base + 1, base + Math.floor(count / 2)]))
      readAndJudge(t, log, model, offset, lots)
  }
}

export function checkMaxBytes(t: TrialOf<'max-bytes'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  // The third is big and the fourth small: who skips the big one and goes on leaves a gap.
  const sizes = [
    [90, 120],
    [90, 120],
    [900, 990],
    [62, 80],
    [90, 120],
  ] as const
  const lengths = sizes.map(([min, max]) => t.dice.freshInt(min, max))
  for (const length of lengths) {
    const bytes = randomBatch(t.dice, length)
    const count = t.dice.freshInt(2, 40)
    model.append(bytes, count)
    log.append(bytes, count)
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = lengths
  for (const maxBytes of [
    a + b,
    a + b - 1,
    a + b + d,
    a + b + c - 1,
    a + b + c,
    a + b + c + d + e - 1,
    a + b + c + d + e,
    2 ** 31 - 1,
  ])
    readAndJudge(t, log, model, start, maxBytes)
  // From the second batch on: what lies before it does not count.
  const second = model.batches[1]?.base ?? start
  for (const maxBytes of [b + c - 1, b + c, 2 ** 31 - 2, 2 ** 31 - 1])
    readAndJudge(t, log, model, second + 1, maxBytes)
  for (const { base } of model.batches.slice(2)) readAndJudge(t, log, model, base, 2 ** 31 - 1)
}

export function checkTooBig(t: TrialOf<'first-too-big'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  // All of one length: what does not fit is the second as much as the first.
  const length = t.dice.int(62, 140)
  for (const count of someCounts(t.dice, 4)) {
    const bytes = randomBatch(t.dice, length)
    model.append(bytes, count)
    log.append(bytes, count)
  }
  for (const { base: offset, bytes } of t.dice.shuffle(model.batches)) {
    for (const maxBytes of [length - 1, 1, 0]) {
      const got = log.read(offset, maxBytes)
      const wanted = model.read(offset, maxBytes)
      const facts = { offset, maxBytes, bytes: bytes.length, got: got.length }
      // Whether it is the right batch is for other tests: here it must be one, and alone.
      t.check(got.length > 0, 'none', facts, () => readPicture(model, wanted, got))
      t.check(got.length === 1, maxBytes === 0 ? 'zero' : 'several', facts, () =>
        readPicture(model, wanted, got),
      )
      const [first = bytes] = got
      const isPart =
        first.length < bytes.length &&
        firstDifference(first.subarray(8), bytes.subarray(8, first.length)) === -1
      t.check(!isPart, 'cut', { ...facts, got: first.length })
    }
  }
}

export function checkEnd(t: TrialOf<'read-end'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  let last = lots
  given(t, () => log.read(start, last))
  for (const [i, count] of someCounts(t.dice, 4).entries()) {
    const bytes = randomBatch(t.dice)
    const before = log.endOffset
    log.append(bytes, count)
    // What was the end and empty a moment ago is no longer: the same read, directly before the append and after it.
    const again = given(t, () => log.read(before, last)).got
    t.check(again === undefined || again.length > 0 || before === log.endOffset, 'stale', { offset: before })
    const offset = log.endOffset
    for (const maxBytes of [0, i % 2 === 0 ? lots : lots - 1]) {
      const { got, error } = given(t, () => log.read(offset, maxBytes))
      t.check(error === undefined, 'refused', { offset, got: show(error) })
      const [only] = got ?? []
      const isLast =
        got?.length === 1 && only !== undefined && firstDifference(only.subarray(8), bytes.subarray(8)) === -1
      t.check(!isLast, 'last', { offset })
      t.check(got?.length === 0, 'got', { offset, got: show(got) })
      last = maxBytes
    }
  }
}

export function checkRange(t: TrialOf<'out-of-range'>, subject: LogMaker): void {
  // Logs with batches come first: what is special about an empty one is said only when these are right.
  for (const batches of [3, 0]) {
    for (const start of [freshStart(t.dice), batches === 0 ? 2 : 1, 2 ** 33 + t.dice.int(1, 999)]) {
      const log = subject.createLog(start)
      const counts = batches === 0 ? [] : someCounts(t.dice, batches)
      for (const count of counts) log.append(randomBatch(t.dice), count)
      const end = start + counts.reduce((sum, count) => sum + count, 0)
      const far = () => t.dice.freshInt(100, 900)
      const offsets = [start - 1, end + 1, start - far(), end + far(), -1, end + 2 ** 32, 2 ** 53 - 1]
      for (const maxBytes of [lots, 0]) {
        for (const offset of offsets) {
          const { got, error } = t.attempt(() => log.read(offset, maxBytes))
          const side = offset < start ? 'below' : 'above'
          t.check(error !== undefined, batches === 0 ? 'empty' : maxBytes === 0 ? 'zero' : side, {
            offset,
            maxBytes,
            got: show(got),
            start,
            end,
          })
          t.check(error?.isA('RangeError') === true, 'other', { offset, got: show(error) })
          const now = { start: log.startOffset, end: log.endOffset }
          t.check(now.start === start && now.end === end, 'changed', { ...now, before: `${start}, ${end}` })
        }
      }
    }
  }
}

export function checkAgain(t: TrialOf<'read-again'>, subject: LogMaker): void {
  const { log, model } = logOf(t.dice, subject, 6)
  const [one, two, three] = model.batches
  const asks: [number, number][] = [
    [model.start, lots],
    [(two?.base ?? 0) + 1, 300],
    [three?.base ?? 0, 0],
    [model.end, lots],
    [one?.base ?? 0, 150],
  ]
  const first = asks.map(([offset, maxBytes]) => log.read(offset, maxBytes))
  for (const round of [1, 2, 3]) {
    for (const i of round === 2 ? [4, 3, 2, 1, 0] : [0, 1, 2, 3, 4]) {
      const [offset, maxBytes] = asks[i] as [number, number]
      const [before, got] = [first[i] ?? [], log.read(offset, maxBytes)]
      const facts = { offset, maxBytes, before: before.length, got: got.length }
      t.check(got.length >= before.length, 'gone', facts)
      const isSame =
        got.length === before.length && got.every((bytes, n) => firstDifference(bytes, before[n]) === -1)
      t.check(isSame, 'differs', facts)
    }
  }
  // One batch more, and the first read again: only a list that lacks just this one was kept from before.
  const before = first[0] ?? []
  const [bytes, count] = [randomBatch(t.dice), t.dice.freshInt(2, 40)]
  const [offset, maxBytes] = [model.start, lots]
  log.read(offset, maxBytes)
  model.append(bytes, count)
  log.append(bytes, count)
  const got = log.read(offset, maxBytes)
  const wanted = model.batches.length
  const isStale = got.length === before.length && before.length === wanted - 1
  t.check(!isStale, 'stale', { offset, maxBytes, got: got.length, wanted })
}

/** How a batch was handed in, and how long it is; 0: as small ones are. */
const sources = [
  ['Uint8Array', 0],
  ['Buffer', 0],
  ['Uint8Array', 70_000],
  ['Buffer', 70_000],
  ['Uint8Array', 2_097_152],
  ['Buffer', 2_097_152],
] as const

export function checkCopyOut(t: TrialOf<'copy-out'>, subject: LogMaker): void {
  const large = t.dice.bytes(70_000)
  t.check(true, 'frozen')
  for (const [kind, size] of sources) {
    const offset = freshStart(t.dice)
    const log = subject.createLog(offset)
    const model = new Model(offset)
    for (const count of someCounts(t.dice, size > 2 ** 20 ? 1 : 3)) {
      const bytes = size === 0 ? randomBatch(t.dice) : longBatch(t.dice, large, size)
      model.append(bytes, count)
      // Whether the log takes batches of this size is for other tests.
      given(t, () => log.append(kind === 'Buffer' ? Buffer.from(bytes) : bytes, count))
    }
    if (log.endOffset === offset) continue
    const before = log.read(offset, lots)
    const isOpen = t.tools.overwrite(log.read(offset, lots), t.dice.int(1, 255))
    t.check(isOpen, 'frozen', { offset })
    const after = t.attempt(() => log.read(offset, lots)).got ?? []
    t.check(after.length === before.length, 'fewer', { offset, got: after.length, wanted: before.length })
    const at = before.findIndex((bytes, i) => firstDifference(bytes, after[i]) !== -1)
    const facts = { offset, kind, size: before[at]?.length ?? size }
    t.check(at === -1 && before.length > 0, 'changed', facts, () =>
      bytesPicture(after[at] ?? new Uint8Array(0), before[at] ?? new Uint8Array(0), allLabel),
    )
  }
  const { log } = logOf(t.dice, subject, 2)
  // The empty list, too: whether it is one is for other tests.
  const other = subject.createLog(freshStart(t.dice))
  if ([log, other].some((one) => listAtEnd(one)?.length !== 0)) return
  for (const one of [log, other]) {
    const empty = listAtEnd(one)
    if (empty?.length !== 0) continue
    t.tools.overwrite(empty, t.dice.int(2, 99))
    for (const next of [log, other]) {
      const again = listAtEnd(next)
      t.check(again === undefined || again.length === 0, 'grown', { got: show(again) })
    }
  }
}

/** What a read at the end gives, whatever is in the list; undefined when it gives none. */
function listAtEnd(log: LogPart): readonly unknown[] | undefined {
  try {
    return log.read(log.endOffset, lots)
  } catch (error) {
    if (error instanceof Misfit) return Array.isArray(error.got) ? error.got : undefined
    if (error instanceof LearnerError) return undefined
    throw error
  }
}

/** 8 bytes, and up to 2 MB, each in all the ways in which bytes come. */
export function checkLarge(t: TrialOf<'large-batches'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  const sizes = [8, 9, 255, 256, 65_535, 65_537, 1_048_588, 2_097_152]
  for (const [i, size] of sizes.entries()) {
    const kind = i % 2 === 0 ? 'Buffer' : 'Uint8Array'
    const bytes = t.dice.bytes(size)
    const count = t.dice.freshInt(2, 90)
    const memory = t.tools.memory(size + 64)
    memory.write(40, bytes)
    const { error } = given(t, () => log.append(memory.view(40, size, kind), count))
    t.check(error === undefined, 'refused', { kind, size, got: show(error) })
    const stored = log.read(model.end, 0)[0]?.length
    t.check(stored !== size + 64, 'whole-memory', { kind, size, got: size + 64 })
    model.append(bytes, count)
  }
  for (const { base } of model.batches) readAndJudge(t, log, model, base, 0)
  readAndJudge(t, log, model, start, 2 ** 31 - 1)
  readAndJudge(t, log, model, start, 1_000_000)
  checkFull(t, subject)
}

/** Eight batches of 2 MB: 16 MB, to the byte. */
function checkFull(t: TrialOf<'large-batches'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  const [kind, size, batches] = ['Uint8Array', 2_097_152, 8]
  const large = t.dice.bytes(70_000)
  for (let n = 1; n <= batches; n++) {
    const bytes = longBatch(t.dice, large, size)
    const { error } = given(t, () => log.append(bytes, n + 1))
    t.check(error === undefined, n === 1 ? 'refused' : 'full', {
      kind,
      size,
      n,
      total: n * size,
      got: show(error),
    })
    model.append(bytes, n + 1)
  }
  t.check(log.startOffset === start, 'start', { got: show(log.startOffset), wanted: start })
  // From the start, and from the middle: a limit of so many bytes a read and the border of a segment are told apart.
  const asks = [start, (model.batches[3]?.base ?? start) + 1].map((offset) => ({
    offset,
    got: log.read(offset, 2 ** 31 - 1),
  }))
  for (const { offset, got } of asks) judgeRead(t, model, got, offset, 2 ** 31 - 1)
}

const many = 5_000

export function checkMany(t: TrialOf<'many-batches'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  const batches = Array.from(
    { length: many },
    () => [t.dice.bytes(24), t.dice.int(1, 6)] as [Uint8Array, number],
  )
  t.tools.each(log.append, batches.slice(0, 5))
  const startAtFirst = log.startOffset
  t.tools.each(log.append, batches.slice(5))
  for (const [bytes, count] of batches) model.append(bytes, count)
  const { got: all = [] } = given(t, () => log.read(start, 2 ** 31 - 1))
  const startNow = log.startOffset
  const [first] = all
  const oldest = model.batches.find(
    ({ bytes }) => first !== undefined && firstDifference(bytes.subarray(8), first.subarray(8)) === -1,
  )
  const isCut = oldest !== undefined && oldest.base > start && all.length < many
  t.check(!isCut, 'oldest', { offset: start, got: oldest?.base ?? '' })
  judgeRead(t, model, all, start, 2 ** 31 - 1)
  for (let i = 0; i < 12; i++)
    readAndJudge(t, log, model, t.dice.int(start, model.end - 1), [0, 500, 24_000][i % 3] ?? 0)
  const [last] = model.batches.slice(-1)
  const atLast = log.read(model.end - 1, lots)
  if (last !== undefined)
    t.check(atLast.length > 0, 'last', { offset: model.end - 1, first: rangeOf(last), many })
  judgeRead(t, model, atLast, model.end - 1, lots)
  // A start that is wrong from the first has failed in its own tests.
  t.check(startNow === start || startAtFirst !== start, 'start', { got: show(startNow), wanted: start })
}

export function checkLongRun(t: TrialOf<'long-run'>, subject: LogMaker): void {
  const start = freshStart(t.dice)
  const log = subject.createLog(start)
  const model = new Model(start)
  for (let step = 1; step <= 600; step++) {
    if (step < 5 || t.dice.int(1, 3) === 1) {
      const [bytes, count] = [randomBatch(t.dice), t.dice.int(1, 50)]
      const wanted = model.append(bytes, count)
      const got = log.append(bytes, count)
      t.check(got === wanted, 'append', { step, got: show(got), wanted })
    } else {
      const anywhere = t.dice.int(start, model.end)
      const offset = t.dice.pick([start, model.end, anywhere, anywhere, anywhere, anywhere])
      const maxBytes = t.dice.int(1, 2_000)
      const got = log.read(offset, maxBytes)
      const wanted = model.read(offset, maxBytes)
      judgeRead(t, model, got, offset, maxBytes)
      t.check(sameBatches(got, wanted), 'stamps', { step, offset, maxBytes }, () =>
        readPicture(model, wanted, got),
      )
    }
  }
}
