/** Two logs that diverge, and how the follower's becomes equal to the leader's. */
import { describe, expect, test } from 'vitest'
import { batchOf, contents, testLog } from '../../test/log-fixtures.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { ErrorCode } from '../wire/errors.ts'
import { appendFromLeader, truncationOffset } from './follower-log.ts'

/** A log whose records have these leader epochs: '11122' has three of epoch 1 and two of epoch 2. */
function logOf(epochs: string, log = testLog()): PartitionLog {
  for (const epoch of epochs)
    log.appendAsLeader(batchOf([`e${epoch}`]), { leaderEpoch: Number(epoch), origin: 'client' })
  return log
}

/**
 * One round between follower and leader after another, until the leader finds no divergence. Returns the offsets that the
 * follower was truncated to.
 */
function rounds(follower: PartitionLog, leader: PartitionLog): number[] {
  const cuts: number[] = []
  for (;;) {
    const epoch = follower.latestEpoch
    const theirs = leader.endOffsetForEpoch(epoch)
    if (!theirs || (theirs.epoch === epoch && theirs.endOffset >= follower.logEndOffset)) return cuts
    follower.truncateTo(truncationOffset(follower, theirs))
    cuts.push(follower.logEndOffset)
    if (cuts.length > 10) throw new Error(`no end: ${cuts}`)
  }
}

describe('FOLLOWER-LOG-1: a follower truncates where the logs diverge', () => {
  test.each([
    ['records of an old leader, never committed', '11122', '111333', [3]],
    ['the leader has more of the common epoch', '11122', '1111133', [3]],
    ['the follower has more of the common epoch', '111111', '111333', [3]],
    ['only missing records', '111', '111222', []],
    ['an epoch that the leader never had, and one that the follower never had', '11133', '11224', [3, 2]],
    [
      'two fast elections: only the end offset would keep records of another epoch (R2)',
      '1133',
      '12224',
      [2, 1],
    ],
    ['nothing in common', '222', '113', [0]],
  ])('%s', (_, ours, theirs, cuts) => {
    const follower = logOf(ours)
    expect(rounds(follower, logOf(theirs))).toEqual(cuts)
    const kept = [...ours].slice(0, cuts.at(-1) ?? ours.length)
    expect(contents(follower)).toEqual(kept.map((epoch, offset) => `${offset}:e${epoch}`))
    expect([...theirs].slice(0, kept.length)).toEqual(kept)
  })

  test('not to its high watermark: records above it may be committed (R1)', () => {
    const follower = logOf('111')
    follower.highWatermark = 1
    expect(rounds(follower, logOf('111'))).toEqual([])
    expect(follower.logEndOffset).toBe(3)
  })

  test('an epoch as leader without records does not keep it from agreeing', () => {
    const follower = logOf('11')
    follower.startLeaderEpoch(2)
    expect(rounds(follower, logOf('113'))).toEqual([2])
    expect(follower.latestEpoch).toBe(1)
  })
})

describe('FOLLOWER-LOG-2: a follower takes over', () => {
  test('records, then the high watermark, at most to its own log end', () => {
    const log = testLog()
    const records = batchOf(['a', 'b'], { partitionLeaderEpoch: 3 })
    appendFromLeader(log, { records, leaderEpoch: 3, highWatermark: 9, logStartOffset: 0 })
    expect([log.logEndOffset, log.highWatermark, log.latestEpoch]).toEqual([2, 2, 3])
    appendFromLeader(log, { records: new Uint8Array(0), leaderEpoch: 4, highWatermark: 1, logStartOffset: 0 })
    expect(log.highWatermark, 'that of a new leader may be lower').toBe(1)
  })

  test('whole batches: the last one may be cut off', () => {
    const log = testLog()
    const first = batchOf(['a'])
    const second = batchOf(['b'], { baseOffset: 1 })
    const records = new Uint8Array([...first, ...second.subarray(0, second.length - 1)])
    appendFromLeader(log, { records, leaderEpoch: 3, highWatermark: 0, logStartOffset: 0 })
    expect(log.logEndOffset).toBe(1)
  })

  test('no damaged batch, and none from below its log end', () => {
    const log = logOf('11')
    const fetched = { leaderEpoch: 3, highWatermark: 0, logStartOffset: 0 }
    const damaged = batchOf(['a'], { baseOffset: 2 })
    damaged[damaged.length - 1]! ^= 1
    const corrupt = expect.objectContaining({ code: ErrorCode.CORRUPT_MESSAGE })
    expect(() => appendFromLeader(log, { ...fetched, records: damaged })).toThrow(corrupt)
    const again = batchOf(['a'], { baseOffset: 1 })
    expect(() => appendFromLeader(log, { ...fetched, records: again })).toThrow('below the end 2')
    expect(log.logEndOffset).toBe(2)
  })

  test('compacted records: offsets may be missing', () => {
    const log = logOf('11')
    const records = batchOf(['a'], { baseOffset: 7 })
    appendFromLeader(log, { records, leaderEpoch: 3, highWatermark: 8, logStartOffset: 0 })
    expect([log.logEndOffset, log.highWatermark]).toEqual([8, 8])
  })
})

test('FOLLOWER-LOG-3: no batch of a later epoch than it has asked for is appended, nor what follows it (R18)', () => {
  const log = testLog()
  const batches = [3, 5, 3].map((partitionLeaderEpoch, baseOffset) =>
    batchOf(['a'], { baseOffset, partitionLeaderEpoch }),
  )
  const records = new Uint8Array(batches.flatMap((batch) => [...batch]))
  appendFromLeader(log, { records, leaderEpoch: 4, highWatermark: 0, logStartOffset: 0 })
  expect([log.logEndOffset, log.latestEpoch]).toEqual([1, 3])
})

describe('FOLLOWER-LOG-4: the log start', () => {
  test('follows the leader, up to the high watermark', () => {
    const log = logOf('1111')
    const nothing = { records: new Uint8Array(0), leaderEpoch: 1 }
    appendFromLeader(log, { ...nothing, highWatermark: 3, logStartOffset: 2 })
    expect(log.logStartOffset).toBe(2)
    appendFromLeader(log, { ...nothing, highWatermark: 3, logStartOffset: 1 })
    expect(log.logStartOffset, 'never back').toBe(2)
  })

  test('within a batch: an empty log begins with the whole batch', () => {
    const log = testLog()
    log.truncateFullyAndStartAt(6)
    const records = batchOf(['a', 'b', 'c', 'd'], { baseOffset: 4 })
    appendFromLeader(log, { records, leaderEpoch: 1, highWatermark: 8, logStartOffset: 6 })
    expect([log.logStartOffset, log.logEndOffset]).toEqual([6, 8])
  })
})
