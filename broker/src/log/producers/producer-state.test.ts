/** Duplicates, gaps, fencing and transactions, on the side of a partition. */
import { describe, expect, it } from 'vitest'
import { batchOf, contents, produce, TestClock, testLog } from '../../../test/log-fixtures.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { PartitionLog } from '../partition-log.ts'

const producer = { producerId: 1, producerEpoch: 0 }
const code = (name: keyof typeof ErrorCode) => expect.objectContaining({ code: ErrorCode[name] })

function end(
  log: PartitionLog,
  committed: boolean,
  options: { producerEpoch?: number; coordinatorEpoch?: number; transactionVersion?: number } = {},
) {
  const { producerEpoch = 0, coordinatorEpoch = 0, transactionVersion = 1 } = options
  const marker = { producerId: 1, producerEpoch, coordinatorEpoch, committed, timestamp: 1000 }
  return log.appendEndTxnMarker(marker, { leaderEpoch: 0, transactionVersion })
}

describe('an idempotent producer', () => {
  it('PRODUCER-STATE-1: that retries a batch gets the offsets of the first attempt, for the last five batches', () => {
    const log = testLog()
    for (let i = 0; i < 6; i++) produce(log, ['a', 'b'], { ...producer, baseSequence: 2 * i })
    const again = produce(log, ['a', 'b'], { ...producer, baseSequence: 2 })
    expect(again).toMatchObject({ duplicate: true, firstOffset: 2, lastOffset: 3 })
    expect(() => produce(log, ['a', 'b'], { ...producer, baseSequence: 0 })).toThrow(
      code('OUT_OF_ORDER_SEQUENCE_NUMBER'),
    )
    expect(log.logEndOffset).toBe(12)
  })

  it('may not leave a gap', () => {
    const log = testLog()
    produce(log, ['a'], { ...producer, baseSequence: 0 })
    expect(() => produce(log, ['b'], { ...producer, baseSequence: 2 })).toThrow(
      code('OUT_OF_ORDER_SEQUENCE_NUMBER'),
    )
  })

  it('that is unknown may continue at any sequence number', () => {
    expect(produce(testLog(), ['a'], { ...producer, baseSequence: 1234 }).firstOffset).toBe(0)
  })

  it('PRODUCER-STATE-4: begins at 0 in a new epoch, and its old epoch is fenced', () => {
    const log = testLog()
    produce(log, ['a'], { ...producer, baseSequence: 0 })
    expect(() => produce(log, ['b'], { producerId: 1, producerEpoch: 1, baseSequence: 1 })).toThrow(
      code('OUT_OF_ORDER_SEQUENCE_NUMBER'),
    )
    produce(log, ['b'], { producerId: 1, producerEpoch: 1, baseSequence: 0 })
    expect(() => produce(log, ['c'], { ...producer, baseSequence: 1 })).toThrow(
      code('INVALID_PRODUCER_EPOCH'),
    )
  })

  it('PRODUCER-STATE-2: counts to 2^31 - 1, then 0', () => {
    const log = testLog()
    produce(log, ['a', 'b'], { ...producer, baseSequence: 0x7fff_fffe })
    produce(log, ['c'], { ...producer, baseSequence: 0 })
    produce(log, ['d', 'e'], { producerId: 2, producerEpoch: 0, baseSequence: 0x7fff_ffff })
    produce(log, ['f'], { producerId: 2, producerEpoch: 0, baseSequence: 1 })
    expect(
      produce(log, ['d', 'e'], { producerId: 2, producerEpoch: 0, baseSequence: 0x7fff_ffff }).duplicate,
    ).toBe(true)
    expect(log.logEndOffset).toBe(6)
  })

  it('PRODUCERS-3: is removed when it was idle for producer.id.expiration.ms', () => {
    const clock = new TestClock()
    const log = testLog({ clock })
    produce(log, ['a'], { ...producer, baseSequence: 0, timestamp: clock.time })
    clock.time += 86_399_999
    log.forgetIdleProducers()
    expect(log.activeProducers().length).toBe(1)
    produce(log, ['b'], {
      producerId: 2,
      producerEpoch: 0,
      baseSequence: 0,
      transactional: true,
      timestamp: 1,
    })
    clock.time += 1
    log.forgetIdleProducers()
    expect(log.activeProducers()).toMatchObject([{ producerId: 2 }])
    clock.time += 10 * 86_400_000
    log.forgetIdleProducers()
    expect(log.activeProducers().length).toBe(1)
  })
})

describe('a transaction', () => {
  const transactional = { ...producer, transactional: true }

  it('PRODUCERS-2, LOG-1, PRODUCER-STATE-4: the last stable offset stays before it until its marker is replicated', () => {
    const log = testLog()
    produce(log, ['before'])
    produce(log, ['a'], { ...transactional, baseSequence: 0 })
    produce(log, ['between'])
    log.highWatermark = 3
    expect(log.lastStableOffset).toBe(1)
    expect(log.transactionOf(1, 0)).toBe('open')
    expect(log.transactionOf(1, 1)).toBe('not open')
    expect(log.transactionOf(1, -1)).toBe('of a later epoch')
    expect(log.transactionOf(2, 0)).toBe('not open')
    expect(end(log, true).firstOffset).toBe(3)
    expect(log.lastStableOffset).toBe(1)
    log.highWatermark = 4
    expect(log.lastStableOffset).toBe(4)
    expect(log.abortedTransactions(0, 4)).toEqual([])
  })

  it('PARTITION-LOG-1, PRODUCERS-2: whose beginning was deleted keeps the last stable offset at the batch in which the log now begins', () => {
    const log = testLog()
    produce(log, ['a', 'b', 'c'], { ...transactional, baseSequence: 0 })
    produce(log, ['d', 'e', 'f'], { ...transactional, baseSequence: 3 })
    log.highWatermark = 6
    const stable = [2, 3, 5, 6].map((offset) => {
      log.deleteRecordsBefore(offset)
      return log.lastStableOffset
    })
    expect(stable).toEqual([0, 3, 3, 6])
  })

  it('that was aborted is listed for reads of its range, across segments and restarts', () => {
    const log = testLog({ config: { segmentBytes: 300 } })
    produce(log, ['a'], { ...transactional, baseSequence: 0 })
    for (let i = 0; i < 6; i++) produce(log, [`${i}`])
    end(log, false)
    produce(log, ['after'])
    const aborted = [expect.objectContaining({ producerId: 1, firstOffset: 0, lastOffset: 7 })]
    expect(log.abortedTransactions(0, 1)).toEqual(aborted)
    expect(log.abortedTransactions(5, 9)).toEqual(aborted)
    expect(log.abortedTransactions(8, 9)).toEqual([])
    const again = testLog({ storage: log.local.storage, config: { segmentBytes: 300 } })
    expect(again.abortedTransactions(0, 9)).toEqual(aborted)
    expect(contents(again).length).toBe(9)
  })

  it('does not accept records outside of it', () => {
    const log = testLog()
    produce(log, ['a'], { ...transactional, baseSequence: 0 })
    expect(() => produce(log, ['b'], { ...producer, baseSequence: 1 })).toThrow(code('INVALID_TXN_STATE'))
  })

  it('is not ended by a fenced coordinator, nor in an old epoch', () => {
    const log = testLog()
    produce(log, ['a'], { producerId: 1, producerEpoch: 3, baseSequence: 0, transactional: true })
    expect(() => end(log, true, { producerEpoch: 2 })).toThrow(code('INVALID_PRODUCER_EPOCH'))
    end(log, true, { producerEpoch: 3, coordinatorEpoch: 5 })
    expect(() => end(log, true, { producerEpoch: 3, coordinatorEpoch: 4 })).toThrow(
      code('TRANSACTION_COORDINATOR_FENCED'),
    )
  })

  it('of version 2 ends in a new epoch; the same marker may be repeated', () => {
    const log = testLog()
    produce(log, ['a'], { ...transactional, baseSequence: 0 })
    expect(() => end(log, true, { producerEpoch: 0, transactionVersion: 2 })).toThrow(
      code('INVALID_PRODUCER_EPOCH'),
    )
    end(log, true, { producerEpoch: 1, transactionVersion: 2 })
    end(log, true, { producerEpoch: 1, transactionVersion: 2 })
    expect(() => produce(log, ['late'], { ...transactional, baseSequence: 1 })).toThrow(
      code('INVALID_PRODUCER_EPOCH'),
    )
  })

  it('PRODUCER-STATE-3: batches of a coordinator have no sequence numbers', () => {
    const log = testLog()
    const offsets = () => batchOf(['offset'], { ...transactional, baseSequence: -1 })
    log.appendAsLeader(offsets(), { leaderEpoch: 0, origin: 'coordinator' })
    log.appendAsLeader(offsets(), { leaderEpoch: 0, origin: 'coordinator' })
    expect(log.logEndOffset).toBe(2)
  })
})
