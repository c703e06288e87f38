/** A learner's log of thirty lines in our broker: it assigns offsets, the broker does everything else. */
import { describe, expect, it } from 'vitest'
import { batchOf, TestClock, TOPIC_ID } from '../../test/log-fixtures.ts'
import { baseOffsetAt, lastOffsetAt } from '../record/batch.ts'
import { finish } from '../turns.ts'
import { putInt64 } from '../wire/big-endian.ts'
import { ErrorCode } from '../wire/errors.ts'
import { DEFAULT_LOG_CONFIG } from './log.ts'
import type { LogPart } from './log-part.ts'
import { LogPartAdapter } from './log-part-adapter.ts'

/** A typical solution of lab 03. */
class ArrayLog implements LogPart {
  readonly startOffset = 0
  endOffset = 0
  private readonly batches: Uint8Array[] = []
  append(batch: Uint8Array, count: number): number {
    const copy = batch.slice()
    putInt64(copy, 0, this.endOffset)
    this.batches.push(copy)
    this.endOffset += count
    return this.endOffset - count
  }
  read(offset: number, maxBytes: number): Uint8Array[] {
    let left = maxBytes
    const wanted = this.batches.filter((batch) => lastOffsetAt(batch, 0) >= offset)
    return wanted.filter((batch, i) => {
      left -= batch.length
      return i === 0 || left >= 0
    })
  }
}

function adapted(): LogPartAdapter {
  const clock = new TestClock()
  return new LogPartAdapter({
    topic: 't',
    partition: 0,
    topicId: TOPIC_ID,
    part: new ArrayLog(),
    config: DEFAULT_LOG_CONFIG,
    clock,
  })
}
const client = { leaderEpoch: 4, origin: 'client' } as const
const all = { maxBytes: 10_000, minOneBatch: true, upTo: 2 ** 53 }

describe('a log part behind the broker', () => {
  it('LOG-PART-ADAPTER-1: assigns the offsets', () => {
    const log = adapted()
    expect(log.appendAsLeader(batchOf(['a', 'b']), client)).toMatchObject({ firstOffset: 0, lastOffset: 1 })
    expect(log.appendAsLeader(batchOf(['c']), client)).toMatchObject({ firstOffset: 2, lastOffset: 2 })
    expect(log.logEndOffset).toBe(3)
    const { bytes, nextOffset } = log.read(1, all)
    expect([baseOffsetAt(bytes, 0), nextOffset]).toEqual([0, 3])
    expect(log.read(1, { ...all, upTo: 2 }).nextOffset).toBe(2)
    expect(() => log.read(4, all)).toThrow(expect.objectContaining({ code: ErrorCode.OFFSET_OUT_OF_RANGE }))
  })

  it('never gets a damaged batch or a duplicate', () => {
    const log = adapted()
    const producer = { producerId: 1, producerEpoch: 0, baseSequence: 0 }
    log.appendAsLeader(batchOf(['a'], producer), client)
    expect(log.appendAsLeader(batchOf(['a'], producer), client)).toMatchObject({
      duplicate: true,
      firstOffset: 0,
    })
    expect(() => log.appendAsLeader(batchOf(['b']).fill(1, 67, 68), client)).toThrow()
    expect(log.logEndOffset).toBe(1)
  })

  it('can be searched by timestamp, though it does not know timestamps', () => {
    const log = adapted()
    for (const timestamp of [1000, 3000, 2000]) log.appendAsLeader(batchOf(['x'], { timestamp }), client)
    expect(finish(log.offsetForTimestamp(1500))).toMatchObject({ offset: 1, timestamp: 3000 })
    expect(finish(log.maxTimestampOffset())).toMatchObject({ offset: 1, timestamp: 3000 })
    expect(finish(log.offsetForTimestamp(3001))).toBeUndefined()
  })

  it('works with transactions', () => {
    const log = adapted()
    log.appendAsLeader(
      batchOf(['a'], { producerId: 1, producerEpoch: 0, baseSequence: 0, transactional: true }),
      client,
    )
    log.highWatermark = 1
    expect(log.lastStableOffset).toBe(0)
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, committed: false, timestamp: 1000 }
    log.appendEndTxnMarker(end, { leaderEpoch: 4, transactionVersion: 1 })
    log.highWatermark = 2
    expect([log.lastStableOffset, log.abortedTransactions(0, 2).length]).toEqual([2, 1])
  })
})
