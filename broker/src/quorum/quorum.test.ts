import { describe, expect, test } from 'vitest'
import { fetched, LoneQuorum, valueBatch } from '../../test/quorum/lone-quorum.ts'

describe('the loop', () => {
  test('QUORUM-1: one timer is set', () => {
    const replica = new LoneQuorum()
    expect(replica.activeTimers).toBe(1)
    replica.becomeLeader()
    replica.followedBy(2, 3)
    expect(replica.activeTimers).toBe(1)
    expect(replica.timers.every(([work]) => work === 'the quorum')).toBe(true)
  })

  test('QUORUM-1: the only voter needs a timer for nothing but BeginQuorumEpoch', () => {
    const replica = new LoneQuorum({ voters: [1] })
    replica.pass(10_000)
    expect(replica.activeTimers).toBeLessThanOrEqual(1)
    expect(replica.state).toBe('Leader 1')
  })

  test('QUORUM-3: nothing is requested, written or told after close', () => {
    const replica = new LoneQuorum()
    replica.begin(2, 3)
    const late = replica.take('Fetch')
    replica.quorum.close()
    late.answer(
      fetched({ leaderId: 3, leaderEpoch: 2 }, { records: valueBatch('v', { partitionLeaderEpoch: 2 }) }),
    )
    replica.pass(60_000)
    expect([replica.onTheWay, replica.log.endOffset, replica.activeTimers]).toEqual([[], 0, 0])
    expect(replica.ask('Vote', {}).answer).toBeUndefined()
  })
})

describe('listeners', () => {
  test('RAFT-LISTENERS-1: get each committed batch once, in order', () => {
    const replica = new LoneQuorum({ voters: [1, 2] }).becomeLeader()
    replica.append()
    replica.pass(5)
    replica.followedBy(2)
    replica.append()
    replica.append()
    replica.pass(5)
    expect(replica.told.filter((each) => each.startsWith('commit'))).toEqual(['commit 0 true'])
    replica.followedBy(2)
    expect(replica.told.filter((each) => each.startsWith('commit'))).toEqual([
      'commit 0 true',
      'commit 4 true',
    ])
  })

  test('RAFT-LISTENERS-2: are told of their own leadership when they have all from before it', () => {
    const replica = new LoneQuorum({ voters: [1, 2] }).becomeLeader()
    const { epoch } = replica.quorum.state
    expect(replica.told).not.toContain(`leader 1 ${epoch}`)
    replica.pass(5)
    replica.followedBy(2)
    expect(replica.told.slice(-2)).toEqual(['commit 0 true', `leader 1 ${epoch}`])
  })

  test('are told of an epoch without a leader, and then of its leader', () => {
    const replica = new LoneQuorum()
    replica.askVote(4, 3)
    replica.begin(4, 3)
    expect(replica.told.slice(-2)).toEqual(['leader undefined 4', 'leader 3 4'])
  })
})

describe('a shutdown', () => {
  test('a follower leaves at once', () => {
    const replica = new LoneQuorum()
    replica.begin(2, 3)
    let isDone = false
    replica.quorum.shutdown(1000, () => {
      isDone = true
    })
    expect(isDone).toBe(true)
  })

  test('a leader resigns, and waits for its successor, at most for the timeout', () => {
    const replica = new LoneQuorum().becomeLeader()
    const { epoch } = replica.quorum.state
    let isDone = false
    replica.quorum.shutdown(5000, () => {
      isDone = true
    })
    expect([replica.state, isDone]).toEqual([`Resigned ${epoch}`, false])
    replica.pass(1000)
    replica.begin(epoch + 1, 2)
    expect(isDone).toBe(true)
  })
})

test('the leader describes the quorum', () => {
  const replica = new LoneQuorum().becomeLeader()
  replica.pass(5)
  replica.followedBy(2)
  replica.pass(7)
  const end = replica.log.endOffset
  const quorum = replica.quorum.describe()
  expect(quorum).toMatchObject({ leaderId: 1, highWatermark: end, observers: [] })
  expect(quorum?.currentVoters.map(({ replicaId, logEndOffset }) => [replicaId, logEndOffset])).toEqual([
    [1, end],
    [2, end],
    [3, -1],
  ])
  expect(quorum?.currentVoters[1]?.lastFetchTimestamp).toBe(replica.time.now() - 7)
  expect(new LoneQuorum().quorum.describe()).toBeUndefined()
})
