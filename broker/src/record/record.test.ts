/** Round trips of records and batches; the bytes that are compared were written by Kafka's own client. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { putInt32 } from '../wire/big-endian.ts'
import { ErrorCode } from '../wire/errors.ts'
import { INT64_MAX, INT64_MIN } from '../wire/int64.ts'
import {
  batchPositions,
  computeCrc,
  crcAt,
  lastSequenceOf,
  readBatchHeader,
  stampBatch,
  stampCrc,
  stampLogAppendTime,
} from './batch.ts'
import { buildBatch } from './batch-builder.ts'
import { buildEndTxnMarker, readControlBatch } from './control-record.ts'
import { readRecords } from './record.ts'

const utf8 = new TextEncoder()
const bytes = fc.uint8Array({ maxLength: 40 })
const record = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.record({ key: fc.string(), value: fc.option(bytes) }), { maxLength: 3 }),
  timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
})

describe('a batch', () => {
  it('BATCH-BUILDER-1, RECORD-1: returns its records, with offsets from the base offset on', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.nat(2 ** 30),
        (records, baseOffset) => {
          const batch = buildBatch(records, { baseOffset })
          const expected = records.map((one, i) => ({ ...one, offset: baseOffset + i }))
          expect(readRecords(batch)).toEqual(expected)
          expect(readBatchHeader(batch)).toMatchObject({
            lastOffset: baseOffset + records.length - 1,
            size: batch.length,
          })
        },
      ),
    )
  })

  it('RECORD-2: with more or fewer records than its header declares is refused', () => {
    const batch = buildBatch([1, 2, 3].map(() => ({ key: null, value: utf8.encode('v'), timestamp: 1 })))
    for (const count of [2, 4]) {
      putInt32(batch, 57, count)
      stampCrc(batch, 0)
      expect(() => readRecords(batch)).toThrow(expect.objectContaining({ code: ErrorCode.INVALID_RECORD }))
    }
  })

  it('RECORD-3: has exact timestamps of 64 bits, however far apart they are', () => {
    const times = [INT64_MAX, INT64_MIN, 0, -1, INT64_MAX]
    const batch = buildBatch(times.map((timestamp) => ({ key: null, value: null, timestamp })))
    expect(readRecords(batch).map(({ timestamp }) => timestamp)).toEqual(times)
  })

  it('has the layout that batch.ts describes', () => {
    const batch = buildBatch([{ key: utf8.encode('k'), value: utf8.encode('v'), timestamp: 0x0102 }], {
      baseOffset: 42,
      partitionLeaderEpoch: 5,
      producerId: 9,
      producerEpoch: 1,
      baseSequence: 3,
      transactional: true,
    })
    const hex = [...batch].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(hex.slice(0, 34)).toBe(['000000000000002a', '0000003a', '00000005', '02'].join(''))
    expect(hex.slice(42)).toBe(
      [
        ['0010', '00000000', '0000000000000102', '0000000000000102'].join(''),
        ['0000000000000009', '0001', '00000003', '00000001'].join(''),
        ['10', '00', '00', '00', '02', '6b', '02', '76', '00'].join(''),
      ].join(''),
    )
  })

  it('BATCH-1, BATCH-2: keeps its checksum when offset and epoch are stamped, and gets a new one for LogAppendTime', () => {
    const batch = buildBatch([{ key: null, value: utf8.encode('v'), timestamp: 1 }])
    const before = crcAt(batch, 0)
    stampBatch(batch, 0, 2 ** 40, 77)
    expect(computeCrc(batch, 0)).toBe(before)
    stampLogAppendTime(batch, 0, 999)
    expect(crcAt(batch, 0)).not.toBe(before)
    expect(computeCrc(batch, 0)).toBe(crcAt(batch, 0))
    expect(readRecords(batch)[0]).toMatchObject({ offset: 2 ** 40, timestamp: 999 })
  })

  it('is found among others; an incomplete one at the end is skipped', () => {
    const one = buildBatch([{ key: null, value: null }])
    const two = new Uint8Array([...one, ...one])
    expect([...batchPositions(two)]).toEqual([0, one.length])
    expect([...batchPositions(two.subarray(0, two.length - 1))]).toEqual([0])
  })

  it('continues with sequence number 0 after 2^31 - 1', () => {
    const records = [1, 2, 3].map(() => ({ key: null, value: null }))
    const header = readBatchHeader(
      buildBatch(records, { producerId: 1, producerEpoch: 0, baseSequence: 0x7fff_fffe }),
    )
    expect(lastSequenceOf(header)).toBe(0)
  })
})

describe('a marker', () => {
  it('holds the end of the transaction and the epoch of the coordinator', () => {
    const end = { producerId: 5, producerEpoch: 2, coordinatorEpoch: 11, timestamp: 7 }
    expect(readControlBatch(buildEndTxnMarker({ ...end, committed: true }))).toEqual({
      type: 1,
      coordinatorEpoch: 11,
      timestamp: 7,
    })
    expect(readControlBatch(buildEndTxnMarker({ ...end, committed: false }))).toMatchObject({ type: 0 })
  })
})
