/** The suite of lab 03: the log alone, call by call, and then under a broker that kafkajs talks to. */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'
import { defineSuite } from '../engine/lab.ts'
import { show } from '../engine/show.ts'
import { text } from './lab.ts'
import {
  bytesPicture,
  filled,
  firstDifference,
  freshStart,
  type LogMaker,
  logOf,
  Model,
  randomBatch,
  readPicture,
  sameBatches,
  sameRest,
  someCounts,
} from './model.ts'
import { LogBench, runOnBroker } from './wire.ts'

const lots = 5_000_000
const restLabel = { en: 'bytes from 8 on', ru: 'байты начиная с 8' }
const stampLabel = { en: 'base offset', ru: 'базовое смещение' }

export const suite = defineSuite<typeof text, LogMaker, LogBench>(text, {
  gives: {
    createLog: {
      object: {
        startOffset: 'number',
        endOffset: 'number',
        append: { function: 'number' },
        read: { function: { list: 'bytes' } },
      },
    },
  },
  onBench: ['wire-kafkajs'],
  blames: { 'argument-changed': 'copy-in', 'answer-changed': 'copy-out' },
  open: (surroundings) => LogBench.open(surroundings),
  close: (bench) => bench.close(),
  tests: {
    'empty-log'(t, subject) {
      for (const wanted of [freshStart(t.dice), 0]) {
        const log = subject.createLog(wanted)
        const { startOffset: start, endOffset: end } = log
        t.check(start === wanted && end === wanted, 'offsets', { wanted, start: show(start), end: show(end) })
        const got: unknown = log.read(wanted, lots)
        t.check(Array.isArray(got) && got.length === 0, 'read', { wanted, got: show(got) })
      }
    },
    'append-offsets'(t, subject) {
      const start = freshStart(t.dice)
      const log = subject.createLog(start)
      let wanted = start
      for (const [index, count] of [...someCounts(t.dice, 5), 1, 1].entries()) {
        const n = index + 1
        // Eight bytes are enough for a batch: there is room for its offset.
        const got = log.append(count === 1 ? t.dice.bytes(8) : randomBatch(t.dice), count)
        t.check(got === wanted, 'base', { n, count, got: show(got), wanted })
        wanted += count
        t.check(log.endOffset === wanted, 'end', { n, count, got: show(log.endOffset), wanted })
        t.check(log.startOffset === start, 'start', { got: show(log.startOffset), wanted: start })
      }
    },
    stamped(t, subject) {
      const start = t.dice.freshInt(70_000, 9_000_000)
      const log = subject.createLog(start)
      const model = filled(t.dice, log, start, someCounts(t.dice, 4))
      for (const batch of model.batches) {
        const read = log.read(batch.base, lots)
        const got = read[0]
        t.check(got instanceof Uint8Array, 'lost', { offset: batch.base, got: show(read?.length) })
        const at = firstDifference(got as Uint8Array, batch.bytes)
        const facts = { offset: batch.base, at }
        const draw = () => bytesPicture(got as Uint8Array, batch.bytes, stampLabel)
        t.check(at === -1 || at > 7, 'stamp', facts, draw)
        t.check(at === -1, 'rest', facts, draw)
      }
    },
    'huge-offsets'(t, subject) {
      const start = freshStart(t.dice)
      const log = subject.createLog(start)
      const model = new Model(start)
      for (const count of [
        2 ** 31 - 1,
        t.dice.freshInt(2 ** 29, 2 ** 30),
        2 ** 31 - 1,
        t.dice.freshInt(2 ** 29, 2 ** 30),
        7,
      ]) {
        const bytes = randomBatch(t.dice)
        const wanted = model.append(bytes, count)
        const got = log.append(bytes, count)
        t.check(got === wanted, 'base', { wanted, got: show(got) })
      }
      for (const batch of model.batches) {
        const got = log.read(batch.base, lots)[0]
        const isBatch =
          got instanceof Uint8Array && firstDifference(got.subarray(8), batch.bytes.subarray(8)) === -1
        t.check(isBatch, 'read', { offset: batch.base, wanted: batch.base })
        const bytes = got as Uint8Array
        t.check(firstDifference(bytes, batch.bytes) === -1, 'stamp', { wanted: batch.base }, () =>
          bytesPicture(bytes, batch.bytes, stampLabel),
        )
      }
    },
    'read-base'(t, subject) {
      const { log, model } = logOf(t.dice, subject, 6)
      for (const { base } of t.dice.shuffle(model.batches)) {
        const got: unknown = log.read(base, lots)
        const wanted = model.read(base, lots)
        t.check(sameRest(got, wanted), 'differs', { offset: base, maxBytes: lots }, () =>
          readPicture(model, wanted, got),
        )
      }
    },
    'read-inside'(t, subject) {
      const { log, model } = logOf(t.dice, subject, 6)
      for (const { base, count } of t.dice.shuffle(model.batches)) {
        const last = base + count - 1
        for (const offset of new Set([last, base + 1, base + Math.floor(count / 2)])) {
          const got: unknown = log.read(offset, lots)
          const wanted = model.read(offset, lots)
          t.check(sameRest(got, wanted), 'differs', { offset, maxBytes: lots, first: base, last }, () =>
            readPicture(model, wanted, got),
          )
        }
      }
    },
    'max-bytes'(t, subject) {
      const start = freshStart(t.dice)
      const log = subject.createLog(start)
      const model = new Model(start)
      // The third is big and the fourth small: who skips the big one and goes on leaves a gap.
      const lengths = [
        t.dice.freshInt(90, 120),
        t.dice.freshInt(90, 120),
        t.dice.freshInt(900, 990),
        t.dice.freshInt(62, 80),
        t.dice.freshInt(90, 120),
      ]
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
      ]) {
        const got: unknown = log.read(start, maxBytes)
        const wanted = model.read(start, maxBytes)
        const bytes = wanted.reduce((sum, batch) => sum + batch.bytes.length, 0)
        const facts = { offset: start, maxBytes, wanted: wanted.length, bytes }
        t.check(sameRest(got, wanted), 'differs', facts, () => readPicture(model, wanted, got))
      }
    },
    'first-too-big'(t, subject) {
      const { log, model } = logOf(t.dice, subject, 4)
      for (const { base: offset, bytes } of t.dice.shuffle(model.batches)) {
        for (const maxBytes of [0, bytes.length - 1]) {
          const got: unknown = log.read(offset, maxBytes)
          const wanted = model.read(offset, maxBytes)
          // Whether it is the right batch is for other tests: here it must be one, and alone.
          const isOne = Array.isArray(got) && got.length === 1
          t.check(isOne, 'differs', { offset, maxBytes, bytes: bytes.length }, () =>
            readPicture(model, wanted, got),
          )
        }
      }
    },
    'read-end'(t, subject) {
      const start = freshStart(t.dice)
      const log = subject.createLog(start)
      for (const count of someCounts(t.dice, 4)) {
        log.append(randomBatch(t.dice), count)
        const offset = log.endOffset
        const { got, error } = t.attempt(() => log.read(offset, lots))
        t.check(error === undefined, 'threw', { offset, got: show(error) })
        t.check(Array.isArray(got) && got.length === 0, 'got', { offset, got: show(got) })
      }
    },
    'out-of-range'(t, subject) {
      for (const start of [freshStart(t.dice), 0]) {
        const log = subject.createLog(start)
        for (const counts of [[], someCounts(t.dice, 3)]) {
          for (const count of counts) log.append(randomBatch(t.dice), count)
          const end = start + counts.reduce((sum, count) => sum + count, 0)
          for (const offset of [
            start - 1,
            end + 1,
            start - t.dice.freshInt(100, 900),
            end + t.dice.freshInt(100, 900),
            -1,
          ]) {
            const { got, error } = t.attempt(() => log.read(offset, lots))
            t.check(error !== undefined, 'silent', { offset, got: show(got), start, end })
            t.check(error?.isA('RangeError') === true, 'other', { offset, got: show(error) })
          }
        }
      }
    },
    'bad-append'(t, subject) {
      const { log } = logOf(t.dice, subject, 2)
      const good = randomBatch(t.dice)
      const cases: [Uint8Array, number][] = [0, -1, 1.5, -t.dice.freshInt(2, 60), Number.NaN].map((count) => [
        good,
        count,
      ])
      cases.push([t.dice.bytes(7), t.dice.freshInt(41, 60)], [new Uint8Array(0), t.dice.freshInt(41, 60)])
      for (const [bytes, count] of t.dice
        .shuffle(cases.map((_, i) => i))
        .map((i) => cases[i] as [Uint8Array, number])) {
        const kept = { end: log.endOffset, batches: log.read(log.startOffset, lots).length }
        const { got, error } = t.attempt(() => log.append(bytes, count))
        t.check(error !== undefined, 'accepted', { bytes: bytes.length, count, got: show(got) })
        t.check(error?.isA('RangeError') === true, 'other', { bytes: bytes.length, count, got: show(error) })
        const isKept = log.endOffset === kept.end && log.read(log.startOffset, lots).length === kept.batches
        t.check(isKept, 'changed', { got: show(log.endOffset), wanted: kept.end })
      }
    },
    'copy-in'(t, subject) {
      // One request's memory, used for several batches: as a view that does not begin at 0, and as a Buffer.
      const memory = t.tools.memory(400)
      for (const count of someCounts(t.dice, 4)) {
        const log = subject.createLog(freshStart(t.dice))
        const length = t.dice.int(62, 140)
        const bytes = randomBatch(t.dice, length)
        memory.write(24, bytes)
        log.append(memory.view(24, length, count % 2 === 0 ? 'Buffer' : 'Uint8Array'), count)
        memory.write(0, new Uint8Array(400).fill(t.dice.int(1, 255)))
        const got = log.read(log.startOffset, lots)[0] ?? new Uint8Array(0)
        const rest = firstDifference(got.subarray(8), bytes.subarray(8))
        t.check(rest === -1, 'shared', { at: rest + 8 }, () =>
          bytesPicture(got.subarray(8), bytes.subarray(8), restLabel),
        )
      }
    },
    'copy-out'(t, subject) {
      const { log, model } = logOf(t.dice, subject, 4)
      const before = log.read(log.startOffset, lots)
      t.tools.overwrite(log.read(log.startOffset, lots), t.dice.int(1, 255))
      const after: unknown = log.read(log.startOffset, lots)
      const isSame =
        Array.isArray(after) &&
        after.length === before.length &&
        before.every((bytes, i) => firstDifference(bytes, after[i]) === -1)
      t.check(isSame && before.length > 0, 'changed', { offset: model.batches[0]?.base ?? 0 }, () =>
        readPicture(model, model.batches, after),
      )
    },
    'two-logs'(t, subject) {
      const [one, two] = [subject.createLog(freshStart(t.dice)), subject.createLog(freshStart(t.dice))]
      for (const log of [one, two]) log.append(randomBatch(t.dice), t.dice.freshInt(2, 40))
      for (const [mine, other] of t.dice
        .shuffle([0, 1, 2, 3])
        .map((n) => (n % 2 === 0 ? [one, two] : [two, one])) as [LogPart, LogPart][]) {
        const before = { end: other.endOffset, batches: other.read(other.startOffset, lots).length }
        mine.append(randomBatch(t.dice), t.dice.freshInt(2, 40))
        const after = { end: other.endOffset, batches: other.read(other.startOffset, lots).length }
        t.check(after.end === before.end, 'mixed', {
          what: `endOffset ${show(before.end)} → ${show(after.end)}`,
        })
        t.check(after.batches === before.batches, 'mixed', {
          what: `read: ${before.batches} → ${after.batches}`,
        })
      }
    },
    'long-run'(t, subject) {
      const start = freshStart(t.dice)
      const log = subject.createLog(start)
      const model = new Model(start)
      for (let step = 1; step <= 600; step++) {
        if (step < 5 || t.dice.int(1, 3) === 1) {
          const [bytes, count] = [randomBatch(t.dice), t.dice.int(1, 50)]
          const wanted = model.append(bytes, count)
          const got = log.append(bytes.slice(), count)
          t.check(got === wanted, 'append', { step, got: show(got), wanted })
        } else {
          const anywhere = t.dice.int(start, model.end)
          const offset = t.dice.pick([start, model.end, anywhere, anywhere, anywhere, anywhere])
          const maxBytes = t.dice.int(0, 2_000)
          const got: unknown = log.read(offset, maxBytes)
          const wanted = model.read(offset, maxBytes)
          t.check(sameBatches(got, wanted), 'read', { step, offset, maxBytes }, () =>
            readPicture(model, wanted, got),
          )
        }
      }
    },
    'wire-kafkajs': (t, subject, bench) => runOnBroker(t, () => subject.createLog(0), bench),
  },
})
