/** compression.type: batches compressed by one codec are stored with another, record for record. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testLog } from '../../test/log-fixtures.ts'
import { NODE_CODECS } from '../node/compression/codecs.ts'
import { codecOf, readBatchHeader } from './batch.ts'
import { type BatchOptions, buildBatch } from './batch-builder.ts'
import { Codec, NO_CODECS } from './compression.ts'
import { readRecords } from './record.ts'

const utf8 = new TextEncoder()
const CODECS = Object.values(Codec)

const codec = fc.constantFrom(...CODECS)
const bytes = fc.option(fc.uint8Array({ maxLength: 40 }))
const record = fc.record({
  key: bytes,
  value: bytes,
  timestamp: fc.integer({ min: 0, max: 2_000_000 }),
  headers: fc.array(fc.record({ key: fc.string({ maxLength: 5 }), value: bytes }), { maxLength: 2 }),
})

/** A hundred repetitive records. */
function batch(options: BatchOptions): Uint8Array {
  const value = utf8.encode('the same words again and again')
  const records = Array.from({ length: 100 }, (_, i) => ({ key: null, value, timestamp: 1000 + i }))
  return buildBatch(records, { codecs: NODE_CODECS, ...options })
}

/** The batch as a log with this compression.type stores it. */
function kept(sent: Uint8Array, to: Codec | undefined, level?: number): Uint8Array {
  const compression = to === undefined ? undefined : { codec: to, level }
  const log = testLog({ codecs: NODE_CODECS, config: { compression } })
  log.appendAsLeader(sent.slice(), { leaderEpoch: 3, origin: 'client' })
  return log.read(0, { maxBytes: 2 ** 30, minOneBatch: true, upTo: log.logEndOffset }).bytes
}

describe('compression.type', () => {
  it('RECOMPRESS-1, RECOMPRESS-2: keeps every record, its timestamp and its headers, from each codec to each', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), codec, codec, (records, from, to) => {
        const sent = buildBatch(records, {
          codec: from,
          codecs: NODE_CODECS,
          producerId: 7,
          producerEpoch: 2,
          baseSequence: 0,
          transactional: true,
        })
        const stored = kept(sent, to)
        expect(codecOf(readBatchHeader(stored))).toBe(to)
        expect(readRecords(stored, 0, NODE_CODECS)).toEqual(readRecords(sent, 0, NODE_CODECS))
        const { size, crc, attributes, partitionLeaderEpoch, ...rest } = readBatchHeader(sent)
        expect(readBatchHeader(stored)).toMatchObject(rest)
      }),
      { numRuns: 100 },
    )
  })

  it('keeps the bytes if the codec is the right one, or if producers may choose', () => {
    for (const from of CODECS) {
      const sent = batch({ codec: from })
      for (const to of [from, undefined]) expect(kept(sent, to).subarray(21)).toEqual(sent.subarray(21))
    }
  })

  it('uses the level: a higher one gives fewer bytes', () => {
    const noise = Array.from({ length: 400 }, (_, i) => `${(i * 7919) % 1009} ${i % 17} offset`)
    const sent = buildBatch(noise.map((text) => ({ key: null, value: utf8.encode(text), timestamp: 1 })))
    expect(kept(sent, Codec.GZIP, 9).length).toBeLessThan(kept(sent, Codec.GZIP, 1).length)
    expect(kept(sent, Codec.ZSTD, 19).length).not.toBe(kept(sent, Codec.ZSTD, 1).length)
  })

  it('stamps LogAppendTime into a recompressed batch', () => {
    const log = testLog({
      codecs: NODE_CODECS,
      config: { compression: { codec: Codec.GZIP }, messageTimestampType: 'LogAppendTime' },
    })
    const info = log.appendAsLeader(batch({}), { leaderEpoch: 0, origin: 'client' })
    const { bytes } = log.read(0, { maxBytes: 2 ** 20, minOneBatch: true, upTo: 100 })
    const times = readRecords(bytes, 0, NODE_CODECS).map((record) => record.timestamp)
    expect(new Set(times)).toEqual(new Set([info.logAppendTime]))
  })

  it('RECOMPRESS-5: refuses a batch whose recompressed form is too large', () => {
    const log = testLog({
      codecs: NODE_CODECS,
      config: { compression: { codec: Codec.NONE }, maxMessageBytes: 1000 },
    })
    const sent = batch({ codec: Codec.GZIP })
    expect(sent.length).toBeLessThan(1000)
    const append = () => log.appendAsLeader(sent, { leaderEpoch: 0, origin: 'client' })
    expect(append).toThrow(/exceeds the maximum/)
    expect(log.logEndOffset).toBe(0)
  })

  it('refuses a batch that can not be decompressed', () => {
    const log = testLog({ codecs: NODE_CODECS, config: { compression: { codec: Codec.NONE } } })
    const liar: BatchOptions['codecs'] = { ...NODE_CODECS, compress: () => utf8.encode('no gzip at all') }
    const sent = batch({ codec: Codec.GZIP, codecs: liar })
    expect(() => log.appendAsLeader(sent, { leaderEpoch: 0, origin: 'client' })).toThrow(/decompressed/)
  })

  it('RECOMPRESS-3, RECOMPRESS-4: keeps markers unchanged, and everything if there are no codecs', () => {
    const log = testLog({ codecs: NODE_CODECS, config: { compression: { codec: Codec.GZIP } } })
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, committed: true, timestamp: 1 }
    log.appendEndTxnMarker(end, { leaderEpoch: 0, transactionVersion: 1 })
    const { bytes } = log.read(0, { maxBytes: 1000, minOneBatch: true, upTo: 1 })
    expect(codecOf(readBatchHeader(bytes))).toBe(Codec.NONE)

    const poor = testLog({ codecs: NO_CODECS, config: { compression: { codec: Codec.GZIP } } })
    const sent = batch({ codec: Codec.LZ4 })
    poor.appendAsLeader(sent, { leaderEpoch: 0, origin: 'client' })
    expect(codecOf(readBatchHeader(poor.read(0, { maxBytes: 1, minOneBatch: true, upTo: 100 }).bytes))).toBe(
      3,
    )
  })
})
