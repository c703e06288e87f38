import { describe, expect, test } from 'vitest'
import { valueBatch } from '../../test/quorum/lone-quorum.ts'
import { SimDisk, SimLog } from '../../test/quorum/sim-disk.ts'
import { type OffsetAndEpoch, truncationOffset, validateOffset } from './raft-log.ts'

/** A log with a batch of one record for each epoch. */
function logOf(...epochs: number[]): SimLog {
  const log = new SimLog(new SimDisk(), (done) => done())
  for (const epoch of epochs) log.appendAsLeader(valueBatch(`${epoch}`), epoch)
  return log
}

const endOf = (log: SimLog): OffsetAndEpoch => ({ offset: log.endOffset, epoch: log.lastEpoch })

describe('a leader looks at the end of a follower', () => {
  test('a part of its own log is valid', () => {
    const leader = logOf(1, 1, 2)
    for (const follower of [logOf(), logOf(1), logOf(1, 1), logOf(1, 1, 2)])
      expect(validateOffset(leader, endOf(follower))).toEqual({ kind: 'valid' })
  })

  test.each([
    [[1, 1, 2], [1, 1, 1], { offset: 2, epoch: 1 }],
    [[1, 1, 3], [1, 2, 2], { offset: 2, epoch: 1 }],
    [[2, 2], [1], { offset: 0, epoch: 0 }],
    [[1, 1], [1, 1, 1], { offset: 2, epoch: 1 }],
  ])('%j tells %j where the histories part', (leader, follower, end) => {
    expect(validateOffset(logOf(...leader), endOf(logOf(...follower)))).toEqual({ kind: 'diverging', end })
  })

  test('an empty follower, or one below the start, is sent to the snapshot', () => {
    const leader = logOf(1, 1, 2, 2)
    const id = { offset: 2, epoch: 1 }
    leader.snapshots.create(id).freeze()
    leader.deleteBefore(2)
    expect(validateOffset(leader, { offset: 0, epoch: 0 })).toEqual({ kind: 'snapshot', id })
    expect(validateOffset(leader, { offset: 1, epoch: 1 })).toEqual({ kind: 'snapshot', id })
    expect(validateOffset(leader, { offset: 2, epoch: 2 })).toEqual({ kind: 'snapshot', id })
    expect(validateOffset(leader, { offset: 2, epoch: 1 })).toEqual({ kind: 'valid' })
  })
})

test.each([
  [
    [1, 1, 3, 5],
    [1, 1, 2, 2, 4],
  ],
  [
    [1, 4],
    [1, 1, 2, 3, 3],
  ],
  [[2], [1, 1, 1]],
  [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 2, 2, 2],
  ],
])(
  'a leader with %j and a follower with %j come to where their histories part',
  (leaderEpochs, followerEpochs) => {
    const leader = logOf(...leaderEpochs)
    const follower = logOf(...followerEpochs)
    for (let rounds = 0; rounds < 6; rounds++) {
      const validity = validateOffset(leader, endOf(follower))
      if (validity.kind !== 'diverging') break
      follower.truncateTo(truncationOffset(follower, validity.end))
    }
    expect(validateOffset(leader, endOf(follower)).kind).toBe('valid')
    expect(follower.read(0, 10_000)).toEqual(leader.read(0, 10_000, follower.endOffset))
  },
)
