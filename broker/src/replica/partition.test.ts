/** A partition on one node, with a log in memory: roles, leader epochs, visible offsets, counters. */
import { describe, expect, test } from 'vitest'
import { alive, assigned, replicaOf, testHost } from '../../test/hosted-fixtures.ts'
import { batchOf, testLog } from '../../test/log-fixtures.ts'
import type { LogConfig } from '../log/log.ts'
import { finish } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { IsrAnswered, IsrProposal } from './isr-updates.ts'
import { NO_OFFSET } from './listed-offset.ts'

const PRODUCER = { producerId: 7, producerEpoch: 0 }
const code = (name: keyof typeof ErrorCode) => expect.objectContaining({ code: ErrorCode[name] })

function lead(leaderEpoch: number, config: Partial<LogConfig> = {}) {
  const log = testLog({ config })
  const partition = replicaOf(log)
  partition.lead(assigned([1], { leaderEpoch }))
  const { counters } = partition
  const append = (values: readonly string[], options: Parameters<typeof batchOf>[1] = {}) =>
    partition.append(batchOf(values, options), 'client')
  const endTransaction = (committed: boolean) =>
    partition.appendEndTxnMarker({ ...PRODUCER, coordinatorEpoch: 0, committed, timestamp: 1000 }, 1)
  const offsets = () => [log.logStartOffset, log.lastStableOffset, log.highWatermark, log.logEndOffset]
  return { partition, log, counters, append, endTransaction, offsets }
}

describe('the leader epoch', () => {
  test('PARTITION-3: a batch is stamped with the epoch that the metadata names', () => {
    const { partition, log, append } = lead(3)
    append(['a'])
    partition.lead(assigned([1], { leaderEpoch: 5 }))
    append(['b'])
    expect([log.epochForOffset(0), log.epochForOffset(1)]).toEqual([3, 5])
    expect(partition.endOffsetForEpoch(4)).toEqual({ epoch: 3, endOffset: 1 })
  })

  test('an older epoch changes nothing', () => {
    const { partition, append, log } = lead(3)
    partition.lead(assigned([1], { leaderEpoch: 2 }))
    append(['a'])
    expect([partition.leaderEpoch, log.latestEpoch]).toEqual([3, 3])
  })

  test('of a client must be the current one: an older one is fenced, a newer one is unknown, -1 is accepted (KIP-320)', () => {
    const { partition } = lead(3)
    expect(() => partition.checkLeaderEpoch(2)).toThrow(code('FENCED_LEADER_EPOCH'))
    expect(() => partition.checkLeaderEpoch(4)).toThrow(code('UNKNOWN_LEADER_EPOCH'))
    for (const epoch of [3, -1]) expect(() => partition.checkLeaderEpoch(epoch)).not.toThrow()
  })
})

describe('visible offsets', () => {
  test('PARTITION-1: an open transaction holds the last stable offset back until its marker is there', () => {
    const { partition, append, endTransaction, offsets } = lead(0)
    append(['a'])
    append(['b', 'c'], { ...PRODUCER, baseSequence: 0, transactional: true })
    append(['d'])
    expect(offsets()).toEqual([0, 1, 4, 4])
    expect(partition.visibleEnd('read_committed')).toBe(1)
    expect(partition.visibleEnd('read_uncommitted')).toBe(4)
    endTransaction(true)
    expect(offsets()).toEqual([0, 5, 5, 5])
    expect(partition.visibleEnd('read_committed')).toBe(5)
  })

  test('PARTITION-2: the high watermark advances with each append; all records of an opened log are below it', () => {
    const { log, append } = lead(0)
    const marks = [0, 1, 2].map(() => {
      append(['x'])
      return log.highWatermark
    })
    expect(marks).toEqual([1, 2, 3])
    log.highWatermark = 0
    const again = replicaOf(log)
    again.lead(assigned([1], { leaderEpoch: 1 }))
    expect(again.visibleEnd('read_uncommitted')).toBe(3)
  })

  test('checkOffset accepts offsets from the log start to the log end, both included', () => {
    const { partition, append } = lead(0)
    append(['a', 'b', 'c'])
    partition.deleteRecordsBefore(1)
    for (const offset of [1, 2, 3]) expect(partition.checkOffset(offset)).toBe(offset)
    for (const offset of [0, 4, -1, 2n ** 62n])
      expect(() => partition.checkOffset(offset), String(offset)).toThrow(code('OFFSET_OUT_OF_RANGE'))
  })
})

describe('DeleteRecords', () => {
  test('moves the log start; -1 is the high watermark', () => {
    const { partition, append } = lead(0)
    append(['a', 'b', 'c'])
    expect(partition.deleteRecordsBefore(2)).toBe(2)
    expect(partition.deleteRecordsBefore(1), 'never back').toBe(2)
    expect(partition.deleteRecordsBefore(-1)).toBe(3)
  })

  test('refuses an offset outside of the log, and a topic that is only compacted', () => {
    const { partition, append } = lead(0)
    append(['a'])
    for (const offset of [2, -2])
      expect(() => partition.deleteRecordsBefore(offset)).toThrow(code('OFFSET_OUT_OF_RANGE'))
    const compacted = lead(0, { cleanupPolicy: ['compact'] })
    expect(() => compacted.partition.deleteRecordsBefore(-1)).toThrow(code('POLICY_VIOLATION'))
  })
})

describe('ListOffsets', () => {
  const filled = () => {
    const led = lead(4)
    led.append(['a'], { timestamp: 1000 })
    led.append(['b'], { timestamp: 3000 })
    led.append(['c'], { timestamp: 2000 })
    return led.partition
  }
  const ask = (timestamp: number, end = 3) => finish(filled().fetchOffsetForTimestamp(timestamp, end))

  test('a timestamp finds the first record that is not older', () => {
    expect(ask(1001)).toEqual({ offset: 1, timestamp: 3000, leaderEpoch: 4 })
    expect(ask(1000)).toEqual({ offset: 0, timestamp: 1000, leaderEpoch: 4 })
    expect(ask(3001)).toEqual(NO_OFFSET)
  })

  test('negative timestamps find the ends of the log, and the record with the largest timestamp', () => {
    expect(ask(-1, 2)).toEqual({ offset: 2, timestamp: -1, leaderEpoch: 4 })
    for (const earliest of [-2, -4])
      expect(ask(earliest)).toEqual({ offset: 0, timestamp: -1, leaderEpoch: 4 })
    expect(ask(-3)).toEqual({ offset: 1, timestamp: 3000, leaderEpoch: 4 })
    for (const tiered of [-5, -6]) expect(ask(tiered)).toEqual(NO_OFFSET)
  })

  test('records at or above the visible end are not returned', () => {
    expect(ask(1001, 1)).toEqual(NO_OFFSET)
    expect(ask(-3, 1)).toEqual(NO_OFFSET)
  })
})

test('duplicates of a producer are not counted again', () => {
  const { partition, counters, append } = lead(0)
  const batch = batchOf(['a', 'b'], { ...PRODUCER, baseSequence: 0 })
  const sent = batch.length
  expect(partition.append(batch.slice(), 'client').duplicate).toBe(false)
  expect(partition.append(batch.slice(), 'client').duplicate).toBe(true)
  expect(partition.appendPrepared(partition.prepare(batch.slice()).step()!).duplicate).toBe(true)
  expect([counters.messagesIn, counters.bytesIn]).toEqual([2, sent])
  expect(() => append([])).toThrow()
  expect([counters.messagesIn, counters.bytesIn]).toEqual([2, sent])
})

describe('roles', () => {
  test('PARTITION-4: the same log goes through all roles; only the leader appends', () => {
    const log = testLog()
    const partition = replicaOf(log)
    const append = () => partition.append(batchOf(['a']), 'client')
    expect(partition.role).toBe('follower')
    expect(append).toThrow(code('NOT_LEADER_OR_FOLLOWER'))
    partition.lead(assigned([1, 2]))
    append()
    partition.follow(assigned([1, 2], { leader: 2, leaderEpoch: 1 }))
    expect([partition.role, partition.log]).toEqual(['follower', log])
    expect(append).toThrow(code('NOT_LEADER_OR_FOLLOWER'))
    partition.lead(assigned([1, 2], { leaderEpoch: 2 }))
    append()
    expect([log.epochForOffset(0), log.epochForOffset(1)]).toEqual([0, 2])
  })

  test('PARTITION-4: only a follower copies records or truncates; only a closed replica is opened', () => {
    const partition = replicaOf(testLog())
    expect(() => partition.open(testLog())).toThrow("'opened' as follower")
    partition.lead(assigned([1, 2]))
    expect(() => partition.truncateTo(0)).toThrow('not as leader')
    expect(() => partition.truncateToDivergence({ epoch: 0, endOffset: 0 })).toThrow('not as leader')
    partition.close(ErrorCode.KAFKA_STORAGE_ERROR)
    expect(() => partition.lead(assigned([1, 2], { leaderEpoch: 1 }))).toThrow("'elected' as offline")
    partition.open(testLog())
    expect(partition.role).toBe('follower')
  })

  test('a leader without followers has nothing to wait for', () => {
    const { partition, append } = lead(0)
    expect(partition.awaited('append', append(['a']).lastOffset + 1)).toBeUndefined()
  })

  test('listeners get each new high watermark, whatever the role', () => {
    const { partition, append } = lead(0)
    const heard: number[] = []
    const stop = partition.onHighWatermark((offset) => void heard.push(offset))
    append(['a', 'b'])
    partition.follow(assigned([1, 2], { leader: 2, leaderEpoch: 1 }))
    const records = batchOf(['c'], { baseOffset: 2 })
    partition.appendFromLeader({ records, leaderEpoch: 1, highWatermark: 3, logStartOffset: 0 })
    stop()
    partition.lead(assigned([1], { leaderEpoch: 2 }))
    append(['d'])
    expect(heard).toEqual([2, 3])
  })
})

describe('proposals of a new ISR', () => {
  function proposing() {
    const sent: { proposal: IsrProposal; answered: IsrAnswered }[] = []
    const moved: number[] = []
    const host = testHost({
      broker: () => alive(7),
      isrProposals: { submit: (proposal, answered) => void sent.push({ proposal, answered }) },
      moved: ({ log }) => void moved.push(log.highWatermark),
    })
    const partition = replicaOf(testLog(), host)
    partition.lead(assigned([1, 2], { isr: [1] }))
    partition.append(batchOf(['a']), 'client')
    const fetch = (fetchOffset: number) => {
      const { logEndOffset: leaderEndOffset } = partition
      const life = { followerId: 2, brokerEpoch: 7 }
      return partition.onFollowerFetch({ ...life, fetchOffset, logStartOffset: 0, leaderEndOffset })
    }
    return { partition, sent, moved, fetch }
  }

  test('are sent with the partition epoch, and the answer is applied', () => {
    const { partition, sent, fetch } = proposing()
    fetch(1)
    expect(sent.map(({ proposal }) => proposal)).toMatchObject([
      {
        leaderEpoch: 0,
        partitionEpoch: 0,
        isr: [
          { brokerId: 1, brokerEpoch: 7 },
          { brokerId: 2, brokerEpoch: 7 },
        ],
      },
    ])
    const answer = { errorCode: ErrorCode.NONE, leaderEpoch: 0, partitionEpoch: 1, isr: [1, 2] }
    expect(sent[0]!.answered(answer)).toBe('done')
    expect(partition.leadership!.isr).toEqual([1, 2])
  })

  test('PARTITION-5: an answer to an earlier leadership moves nothing', () => {
    const { partition, sent, moved, fetch } = proposing()
    fetch(1)
    partition.follow(assigned([1, 2], { leader: 2, leaderEpoch: 1, partitionEpoch: 1 }))
    partition.lead(assigned([1, 2], { leaderEpoch: 2, partitionEpoch: 2 }))
    partition.append(batchOf(['b']), 'client')
    const { highWatermark } = partition.log
    const answer = { errorCode: ErrorCode.NONE, leaderEpoch: 2, partitionEpoch: 3, isr: [1] }
    expect(sent[0]!.answered(answer)).toBe('done')
    expect([partition.leadership!.isr, partition.log.highWatermark, moved]).toEqual([
      [1, 2],
      highWatermark,
      [],
    ])
  })
})
