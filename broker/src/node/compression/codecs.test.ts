/** Every codec of Kafka, tested with a whole batch. */
import { describe, expect, it } from 'vitest'
import { contents, TestClock, testLog } from '../../../test/log-fixtures.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import { Codec } from '../../record/compression.ts'
import { readRecords } from '../../record/record.ts'
import { finish } from '../../turns.ts'
import { NODE_CODECS } from './codecs.ts'

const records = Array.from({ length: 50 }, (_, i) => ({
  key: null,
  value: new TextEncoder().encode(`value ${i}`),
  headers: [],
  timestamp: 1000 + i,
}))

describe('the codecs of Node', () => {
  it.each(Object.entries(Codec).filter(([, codec]) => NODE_CODECS.has(codec)))(
    'decompress what they compressed: %s',
    (_, codec) => {
      const batch = buildBatch(records, { codec, codecs: NODE_CODECS })
      expect(readRecords(batch, 0, NODE_CODECS)).toEqual(
        records.map((record, offset) => ({ ...record, offset })),
      )
      if (codec !== Codec.NONE) expect(batch.length).toBeLessThan(buildBatch(records).length)
    },
  )

  it('let a log search compressed batches by timestamp', () => {
    const log = testLog({ clock: new TestClock(), codecs: NODE_CODECS })
    log.appendAsLeader(buildBatch(records, { codec: Codec.GZIP, codecs: NODE_CODECS }), {
      leaderEpoch: 0,
      origin: 'client',
    })
    expect(finish(log.offsetForTimestamp(1030))).toEqual({ offset: 30, timestamp: 1030, leaderEpoch: 0 })
    expect(contents(testLog())).toEqual([])
  })
})

it.runIf(NODE_CODECS.has(Codec.ZSTD))(
  'NODE-CODECS-3: the highest level of zstd takes tens of megabytes, not hundreds, and compresses as level 19',
  () => {
    const before = process.memoryUsage().rss
    const piece = Uint8Array.from({ length: 65_536 }, (_, i) => Math.imul(i, 0x9e37_79b1) >>> 13)
    const packed = [22, 19].map((level) => {
      const packing = NODE_CODECS.pack(Codec.ZSTD, level)
      for (let i = 0; i < 4; i++) packing.write(piece)
      return packing.finish()
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
    expect(packed[0]).toEqual(packed[1])
    expect(NODE_CODECS.decompress(Codec.ZSTD, packed[0]!)).toHaveLength(4 * 65_536)
  },
)
