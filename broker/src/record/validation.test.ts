/** Each rule of validation.ts, with a batch that breaks only this one. */
import { describe, expect, it } from 'vitest'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { putInt32, putInt64 } from '../wire/big-endian.ts'
import { ErrorCode } from '../wire/errors.ts'
import { stampCrc } from './batch.ts'
import { type BatchOptions, buildBatch, type NewRecord } from './batch-builder.ts'
import { Codec, NO_CODECS } from './compression.ts'
import { RecordChecks, type RecordsError } from './record-checks.ts'
import { checkClientBatch, type ValidationRules } from './validation.ts'

const NOW = 1_000_000_000
const rules: ValidationRules = {
  name: 't-0',
  maxMessageBytes: 1000,
  compacted: false,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: 2 ** 63,
  timestampAfterMaxMs: 3_600_000,
  codecs: NO_CODECS,
}
const value = new Uint8Array([1])

function batch(
  options: BatchOptions = {},
  records: NewRecord[] = [{ key: null, value, timestamp: NOW }],
): Uint8Array {
  return buildBatch(records, options)
}

/** A valid batch, changed by `change`, with a matching checksum. */
function changed(change: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = batch()
  change(bytes)
  stampCrc(bytes, 0)
  return bytes
}

/** The greatest timestamp of the records. */
function checkRecords(bytes: Uint8Array, rules: ValidationRules) {
  const checks = new RecordChecks(bytes, checkClientBatch(bytes, rules), rules, { now: NOW })
  while (!checks.step());
  return checks.maxTimestamp
}

function verdict(bytes: Uint8Array, other: Partial<ValidationRules> = {}): string {
  try {
    const all = { ...rules, ...other }
    checkRecords(bytes, all)
    return 'NONE'
  } catch (error) {
    const { code } = error as { code: number }
    return Object.entries(ErrorCode).find(([, number]) => number === code)?.[0] ?? String(error)
  }
}

describe('a batch of a client', () => {
  it('is accepted if it obeys the rules', () => {
    expect(verdict(batch())).toBe('NONE')
    expect(verdict(batch({ producerId: 1, producerEpoch: 0, baseSequence: 0 }))).toBe('NONE')
  })

  it.each([
    ['no bytes at all', new Uint8Array(0), 'INVALID_RECORD'],
    ['a length that no batch has', changed((bytes) => putInt32(bytes, 8, 5)), 'CORRUPT_MESSAGE'],
    ['a magic of the future', changed((bytes) => bytes.fill(3, 16, 17)), 'CORRUPT_MESSAGE'],
    ['a magic of the past', changed((bytes) => bytes.fill(1, 16, 17)), 'INVALID_RECORD'],
    ['half a batch', batch().subarray(0, 65), 'INVALID_RECORD'],
    ['two batches', new Uint8Array([...batch(), ...batch()]), 'INVALID_RECORD'],
    ['a base offset', batch({ baseOffset: 3 }), 'INVALID_RECORD'],
    [
      'more than max.message.bytes',
      batch({}, [{ key: null, value: new Uint8Array(1000) }]),
      'MESSAGE_TOO_LARGE',
    ],
    ['a wrong byte', batch().fill(9, 68, 69), 'CORRUPT_MESSAGE'],
    ['no records', batch({}, []), 'INVALID_RECORD'],
    ['more records than offsets', changed((bytes) => putInt32(bytes, 57, 2)), 'INVALID_RECORD'],
    ['a control batch', batch({ control: true }), 'INVALID_RECORD'],
    ['a producer without a sequence', batch({ producerId: 1, producerEpoch: 0 }), 'INVALID_RECORD'],
    ['a record that says another length', changed((bytes) => bytes.fill(0x20, 61, 62)), 'INVALID_RECORD'],
    [
      'an hour and more in the future',
      batch({}, [{ key: null, value, timestamp: NOW + 3_600_001 }]),
      'INVALID_TIMESTAMP',
    ],
  ])('is refused with %s', (_, bytes, error) => {
    expect(verdict(bytes)).toBe(error)
  })

  it('RECORD-CHECKS-2: must not be marked as LogAppendTime on a topic with LogAppendTime; other topics accept it', () => {
    expect(verdict(batch({ logAppendTime: NOW }), { timestampType: 'LogAppendTime' })).toBe(
      'INVALID_TIMESTAMP',
    )
    expect(verdict(batch({ logAppendTime: NOW }))).toBe('NONE')
  })

  it("RECORD-CHECKS-2: gets its records' greatest timestamp, whatever its header declares", () => {
    const late = [{ key: null, value, timestamp: NOW + 7_200_000 }]
    const times = (bytes: Uint8Array) => checkRecords(bytes, rules)
    expect(() => times(batch({ maxTimestamp: NOW }, late))).toThrow('invalid timestamp')
    expect(times(batch({ maxTimestamp: NOW + 7_200_000 }, [{ key: null, value, timestamp: NOW - 5 }]))).toBe(
      NOW - 5,
    )
  })

  it('VALIDATION-1: is refused on a compacted topic without keys, with a list of the records', () => {
    const bytes = batch({}, [
      { key: value, value },
      { key: null, value },
    ])
    expect(() => checkRecords(bytes, { ...rules, compacted: true })).toThrow(
      expect.objectContaining({
        code: ErrorCode.INVALID_RECORD,
        recordErrors: [
          {
            batchIndex: 1,
            message: 'Compacted topic cannot accept message without key in topic partition t-0',
          },
        ],
      } satisfies Partial<RecordsError>),
    )
  })

  it('may have any age, unless message.timestamp.before.max.ms limits it', () => {
    const old = batch({}, [{ key: null, value, timestamp: 1 }])
    expect(verdict(old)).toBe('NONE')
    expect(verdict(old, { timestampBeforeMaxMs: 1000 })).toBe('INVALID_TIMESTAMP')
    const future = changed((bytes) => putInt64(bytes, 35, NOW * 2))
    expect(verdict(future, { timestampType: 'LogAppendTime' })).toBe('NONE')
  })
})

describe('a compressed batch', () => {
  const times = [NOW - 5, NOW, NOW - 9]
  const records = times.map((timestamp) => ({ key: null, value, timestamp }))
  const closed = (codec: Codec, given: NewRecord[] = records) => batch({ codec, codecs: NODE_CODECS }, given)
  const codecs = { codecs: NODE_CODECS }

  it.each([Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD])(
    'is read, and its greatest timestamp found: codec %i',
    (codec) => {
      const bytes = closed(codec)
      const all = { ...rules, ...codecs }
      expect(checkRecords(bytes, all)).toBe(NOW)
    },
  )

  it('is refused on a compacted topic because of the records without a key', () => {
    const mixed = records.map((record, i) => ({ ...record, key: i === 1 ? null : value }))
    const bytes = closed(Codec.GZIP, mixed)
    const all = { ...rules, ...codecs, compacted: true }
    const failure = () => checkRecords(bytes, all)
    expect(failure).toThrow(expect.objectContaining({ code: ErrorCode.INVALID_RECORD }))
    expect(failure).toThrow(/batchIndex=1/)
  })

  it('is refused if a record in it is shorter than declared, or one is missing', () => {
    const bytes = closed(Codec.ZSTD)
    putInt32(bytes, 23, 3)
    putInt32(bytes, 57, 4)
    stampCrc(bytes, 0)
    expect(verdict(bytes, codecs)).toBe('INVALID_RECORD')
  })
})
