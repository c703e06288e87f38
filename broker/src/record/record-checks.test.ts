/** The validation of a batch's records, for arbitrary bytes, compared with a second implementation of Kafka's rules. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge } from '../../test/record-model.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { putInt32 } from '../wire/big-endian.ts'
import { ErrorCode, errorName, KafkaError } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { HEADER_SIZE, readBatchHeader } from './batch.ts'
import { buildBatch, type NewRecord } from './batch-builder.ts'
import { Codec, type Codecs } from './compression.ts'
import { readRecords } from './record.ts'
import { RECORD_ERRORS_MAX, RecordChecks, type RecordRules, RecordsError } from './record-checks.ts'

const NOW = 1_000_000
const ALL_TIMES = { timestampBeforeMaxMs: 2 ** 63, timestampAfterMaxMs: 2 ** 63 }
const CODECS = Object.values(Codec).filter((codec) => NODE_CODECS.has(codec))

/** Codecs whose decompressed pieces have these sizes, repeated. */
function inPieces(sizes: readonly number[]): Codecs {
  return {
    ...NODE_CODECS,
    *open(codec, bytes) {
      const all = NODE_CODECS.decompress(codec, bytes)
      for (let at = 0, i = 0; at < all.length; i++) {
        const size = sizes[i % sizes.length]!
        yield all.slice(at, at + size)
        at += size
      }
    },
  }
}

function rulesWith(more: Partial<RecordRules> = {}): RecordRules {
  return {
    name: 't-0',
    compacted: false,
    timestampType: 'CreateTime',
    ...ALL_TIMES,
    codecs: NODE_CODECS,
    ...more,
  }
}

/** A batch with these bytes in place of its records. */
function batchOf(area: Uint8Array, count: number, codec: Codec): Uint8Array {
  const packed = NODE_CODECS.compress(codec, area)
  const batch = new Uint8Array(HEADER_SIZE + packed.length)
  batch.set(buildBatch([{ key: null, value: null, timestamp: 0 }], {}).subarray(0, HEADER_SIZE))
  batch.set(packed, HEADER_SIZE)
  batch[22] = codec
  putInt32(batch, 8, batch.length - 12)
  putInt32(batch, 57, count)
  return batch
}

function greatestTimeOf(checks: RecordChecks): Int64 {
  while (!checks.step());
  return checks.maxTimestamp
}

function verdictOf(batch: Uint8Array, rules: RecordRules, isPackedAnew = false): string {
  try {
    greatestTimeOf(new RecordChecks(batch, readBatchHeader(batch), rules, { now: NOW, isPackedAnew }))
    return 'NONE'
  } catch (error) {
    if (error instanceof KafkaError) return errorName(error.code)
    throw error
  }
}

const bytes = fc.uint8Array({ maxLength: 12 })
const record: fc.Arbitrary<NewRecord> = fc.record({
  key: fc.option(bytes),
  value: fc.option(fc.oneof(bytes, fc.uint8Array({ minLength: 60, maxLength: 200 }))),
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 4 }), value: fc.option(bytes) }), {
    maxLength: 2,
  }),
  timestamp: fc.oneof(fc.nat(100), fc.nat(2 ** 31 - 1), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })),
})

/** A change of one byte, an inserted or a removed byte; or none. */
const change = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom('set', 'insert', 'remove', 'nothing'),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff)),
})

function changed(
  area: Uint8Array,
  { at, how, byte }: typeof change extends fc.Arbitrary<infer T> ? T : never,
) {
  const list = [...area]
  const place = at % (list.length + 1)
  if (how === 'set' && place < list.length) list[place] = byte
  if (how === 'insert') list.splice(place, 0, byte)
  if (how === 'remove') list.splice(place, 1)
  return Uint8Array.from(list)
}

const damaged = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 4 }),
  changes: fc.array(change, { maxLength: 3 }),
  countOff: fc.constantFrom(0, 0, 0, 0, 1, -1),
  codec: fc.constantFrom(...CODECS),
  isPackedAnew: fc.boolean(),
  sizes: fc
    .array(fc.nat(30), { minLength: 1, maxLength: 4 })
    .filter((sizes) => sizes.some((size) => size > 0)),
})

describe('the records of a client’s batch', () => {
  it('RECORD-CURSOR-1, RECORD-CURSOR-2, RECORD-CURSOR-4: get the same result as in Kafka, for any corruption, compression and size of pieces', () => {
    const verdicts = new Map<string, number>()
    fc.assert(
      fc.property(damaged, ({ records, changes, countOff, codec, isPackedAnew, sizes }) => {
        const count = Math.max(1, records.length + countOff)
        const area = changes.reduce(changed, buildBatch(records).slice(HEADER_SIZE))
        const batch = batchOf(area, count, codec)
        const isCompressed = codec !== Codec.NONE
        const { verdict } = judge(area, count, isCompressed && !isPackedAnew, isCompressed)
        const rules = rulesWith({ codecs: inPieces(sizes) })
        expect(verdictOf(batch, rules, isPackedAnew)).toBe(verdict)
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
        // A batch that was accepted as a whole can be read back.
        if (verdict !== 'NONE' || (isCompressed && !isPackedAnew)) return
        expect(readRecords(batch, 0, rules.codecs)).toHaveLength(count)
      }),
      { numRuns: 3000 },
    )
    expect([...verdicts.keys()].sort()).toEqual(['INVALID_RECORD', 'NONE', 'UNKNOWN_SERVER_ERROR'])
  })

  it('are checked for keys and timestamps as if they were not compressed', () => {
    const times = fc.record({
      records: fc.array(
        fc.record({
          key: fc.option(bytes),
          value: fc.constant(null),
          timestamp: fc.oneof(fc.integer({ min: -1, max: 2 * NOW }), fc.constant(2n ** 63n - 1n)),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      codec: fc.constantFrom(...CODECS),
      compacted: fc.boolean(),
      sizes: fc.constant([5]),
    })
    fc.assert(
      fc.property(times, ({ records, codec, compacted, sizes }) => {
        const batch = buildBatch(records, { codec, codecs: NODE_CODECS })
        const limits = { timestampBeforeMaxMs: NOW / 2, timestampAfterMaxMs: NOW / 4 }
        const rules = rulesWith({ ...limits, compacted, codecs: inPieces(sizes) })
        const refused = records.flatMap(({ key, timestamp }, i): { i: number; error: number }[] => {
          const age = BigInt(NOW) - BigInt(timestamp)
          const isBad = age > limits.timestampBeforeMaxMs || -age > limits.timestampAfterMaxMs
          if (compacted && key === null) return [{ i, error: ErrorCode.INVALID_RECORD }]
          return isBad && timestamp !== -1 ? [{ i, error: ErrorCode.INVALID_TIMESTAMP }] : []
        })
        const check = () =>
          greatestTimeOf(new RecordChecks(batch, readBatchHeader(batch), rules, { now: NOW }))
        if (refused.length === 0) {
          expect(check()).toBe(readBatchHeader(batch).maxTimestamp)
          return
        }
        const error = refused.some(({ error }) => error === ErrorCode.INVALID_TIMESTAMP)
          ? ErrorCode.INVALID_TIMESTAMP
          : ErrorCode.INVALID_RECORD
        expect(check).toThrow(expect.objectContaining({ code: error }))
        expect(namedBy(check)).toEqual(refused.map(({ i }) => i))
      }),
    )
  })

  it('RECORD-CHECKS-3: are all counted if they are refused, and the first ten thousand are listed', () => {
    const count = RECORD_ERRORS_MAX + 5
    const records = Array.from({ length: count }, () => ({ key: null, value: null, timestamp: NOW }))
    const batch = buildBatch(records, { codec: Codec.GZIP, codecs: NODE_CODECS })
    const rules = rulesWith({ compacted: true })
    const check = () => greatestTimeOf(new RecordChecks(batch, readBatchHeader(batch), rules, { now: NOW }))
    expect(namedBy(check)).toHaveLength(RECORD_ERRORS_MAX)
    expect(check).toThrow(`due to ${count} record errors in total`)
  })

  it('RECORD-CHECKS-1, VALIDATION-2, VALIDATION-3: are checked in many small steps, with memory that does not grow with their number', () => {
    const count = 1_000_000
    const area = new Uint8Array(count * 7)
    const one = Uint8Array.of(12, 0, 0, 0, 1, 0, 0)
    for (let at = 0; at < area.length; at += 7) area.set(one, at)
    const batch = batchOf(area, count, Codec.GZIP)
    expect(batch.length).toBeLessThan(20_000)
    const header = readBatchHeader(batch)
    const checks = new RecordChecks(batch, header, rulesWith(), { now: NOW, isPackedAnew: true })
    let number = 0
    while (!checks.step()) number++
    expect(number).toBeGreaterThanOrEqual(count / 1000)
  })
})

/** The refused records that the error lists. */
function namedBy(check: () => unknown): number[] {
  try {
    check()
  } catch (error) {
    if (error instanceof RecordsError) return error.recordErrors.map(({ batchIndex }) => batchIndex)
  }
  return []
}
