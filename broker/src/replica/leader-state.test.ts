/** A leader with followers that a test moves: high watermark and ISR, and what each bug of that kind would do. */
import { describe, expect, test } from 'vitest'
import { assigned } from '../../test/hosted-fixtures.ts'
import { batchOf, TOPIC_ID, testLog } from '../../test/log-fixtures.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { AssignedBroker, AssignedPartition } from './assignment.ts'
import type { IsrAnswer, IsrProposal } from './isr-updates.ts'
import { LeaderState } from './leader-state.ts'

const LAG_MS_MAX = 100
const code = (name: keyof typeof ErrorCode) => expect.objectContaining({ code: ErrorCode[name] })

/** Node 1 leads t-0 in epoch 5; broker epochs are 10 times the node ids. */
function leading(changed: Partial<AssignedPartition> = {}, { minInsyncReplicas = 1, before = 0 } = {}) {
  const log = testLog({ config: { minInsyncReplicas } })
  const append = (count = 1) => {
    for (let i = 0; i < count; i++)
      log.appendAsLeader(batchOf(['x']), { leaderEpoch: log.latestEpoch, origin: 'client' })
  }
  log.startLeaderEpoch(4)
  append(before)
  log.startLeaderEpoch(5)
  const brokers = new Map<number, AssignedBroker>(
    [1, 2, 3].map((id) => [id, { epoch: 10 * id, fenced: false }]),
  )
  let nowMs = 0
  const host = {
    nodeId: 1,
    monotonicMs: () => nowMs,
    lagMsMax: () => LAG_MS_MAX,
    broker: (id: number) => brokers.get(id),
  }
  const state = assigned([1, 2, 3], { leaderEpoch: 5, partitionEpoch: 8, ...changed })
  const leader = new LeaderState({ topicId: TOPIC_ID, index: 0, log, host, assigned: state })
  leader.maybeIncrementHighWatermark()
  const fetch = (followerId: number, fetchOffset: number, brokerEpoch = 10 * followerId) => {
    const leaderEndOffset = log.logEndOffset
    return leader.onFetch({ followerId, brokerEpoch, fetchOffset, logStartOffset: 0, leaderEndOffset })
  }
  const produce = (count = 1) => {
    append(count)
    leader.maybeIncrementHighWatermark()
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  const answer = (proposal: IsrProposal, ofIt: Partial<IsrAnswer>) =>
    leader.onAnswer(proposal, {
      errorCode: ErrorCode.NONE,
      leaderEpoch: 5,
      partitionEpoch: proposal.partitionEpoch + 1,
      isr: proposal.isr.map(({ brokerId }) => brokerId),
      ...ofIt,
    })
  return { leader, log, brokers, fetch, produce, pass, answer, state }
}

describe('the high watermark', () => {
  test('LEADER-STATE-1: is the smallest log end of the ISR', () => {
    const { log, fetch, produce } = leading()
    produce(5)
    expect(log.highWatermark).toBe(0)
    fetch(2, 5)
    expect(log.highWatermark).toBe(0)
    expect(fetch(3, 4).highWatermarkMoved).toBe(true)
    expect(log.highWatermark).toBe(4)
    expect(fetch(3, 4).highWatermarkMoved).toBe(false)
  })

  test('LEADER-STATE-1: a follower outside of the ISR that is far behind does not hold it back', () => {
    const { log, fetch, produce } = leading({ isr: [1, 2] })
    produce(5)
    fetch(2, 3)
    fetch(3, 1)
    fetch(2, 5)
    expect(log.highWatermark).toBe(5)
  })

  test('LEADER-STATE-1: waits for a member that is only proposed: the controller may have it already (R11)', () => {
    const { leader, log, fetch, produce } = leading({ isr: [1, 2] })
    expect(fetch(3, 0).proposal?.isr.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3])
    expect([leader.isr, leader.maximalIsr]).toEqual([
      [1, 2],
      [1, 2, 3],
    ])
    produce()
    fetch(2, 1)
    expect(log.highWatermark).toBe(0)
    fetch(3, 1)
    expect(log.highWatermark).toBe(1)
  })

  test('LEADER-STATE-1: still waits for a member that is to be removed', () => {
    const { leader, log, fetch, produce, pass, answer } = leading()
    produce()
    pass(LAG_MS_MAX + 1)
    fetch(2, 1)
    const proposal = leader.maybeShrinkIsr()!
    expect(proposal.isr.map(({ brokerId }) => brokerId)).toEqual([1, 2])
    expect(log.highWatermark).toBe(0)
    expect(answer(proposal, {}).highWatermarkMoved).toBe(true)
    expect(log.highWatermark).toBe(1)
  })

  test('LEADER-STATE-2: does not move while the ISR is under min.insync.replicas (R12)', () => {
    const { leader, log, produce, fetch } = leading({ isr: [1] }, { minInsyncReplicas: 2 })
    expect(leader.isUnderMinIsr).toBe(true)
    produce()
    expect(log.highWatermark).toBe(0)
    leader.update(assigned([1, 2, 3], { leaderEpoch: 5, partitionEpoch: 9, isr: [1, 2] }))
    fetch(2, 1)
    expect(log.highWatermark).toBe(1)
  })

  test('LEADER-STATE-2: min.insync.replicas above the number of replicas means all of them', () => {
    const { leader } = leading({ replicas: [1], isr: [1] }, { minInsyncReplicas: 5 })
    expect(leader.isUnderMinIsr).toBe(false)
  })

  test('LEADER-STATE-2: never decreases, although a follower fetches from an earlier offset', () => {
    const { log, fetch, produce } = leading({ replicas: [1, 2], isr: [1, 2] })
    produce(3)
    fetch(2, 3)
    fetch(2, 1)
    expect(log.highWatermark).toBe(3)
  })

  test('LEADER-STATE-3: waits for a caught-up follower that may join, not for one that shuts down or is fenced (R26)', () => {
    for (const cannot of [{ inControlledShutdown: true }, { fenced: true }, { epoch: 31 }, undefined]) {
      const { log, brokers, fetch, produce } = leading({ isr: [1] })
      const registered = { epoch: 30, fenced: false }
      brokers.set(3, { ...registered, inControlledShutdown: true })
      fetch(3, 0)
      brokers.set(3, { ...registered, ...cannot })
      produce()
      expect(log.highWatermark, JSON.stringify(cannot)).toBe(cannot ? 1 : 0)
    }
  })
})

describe('the ISR expands', () => {
  test('LEADER-STATE-4: by a Fetch from the high watermark on, with the broker epoch of this Fetch', () => {
    const { fetch, produce } = leading({ isr: [1, 2] })
    produce(3)
    fetch(2, 2)
    expect(fetch(3, 1).proposal, 'below the high watermark').toBeUndefined()
    expect(fetch(3, 2).proposal).toEqual({
      topicId: TOPIC_ID,
      index: 0,
      leaderEpoch: 5,
      partitionEpoch: 8,
      isr: [1, 2, 3].map((brokerId) => ({ brokerId, brokerEpoch: 10 * brokerId })),
    })
  })

  test('LEADER-STATE-4: not below the start of the leader epoch: records in between may be committed (R5)', () => {
    const { log, fetch } = leading({ isr: [1] }, { before: 3, minInsyncReplicas: 2 })
    expect(log.highWatermark).toBe(0)
    expect(fetch(3, 2).proposal).toBeUndefined()
    expect(fetch(3, 3).proposal).toBeDefined()
  })

  test('LEADER-STATE-4: not by a remembered offset, when a replica was removed and added again (R6)', () => {
    const { leader, fetch, produce } = leading({ isr: [1, 2, 3] })
    produce()
    fetch(2, 1)
    fetch(3, 1)
    const { proposal } = leader.update(
      assigned([1, 2, 3], { leaderEpoch: 5, partitionEpoch: 10, isr: [1, 2] }),
    )
    expect([proposal, leader.isProposing]).toEqual([undefined, false])
    expect(fetch(3, 0).proposal, 'its log is empty now').toBeUndefined()
    expect(fetch(3, 1).proposal).toBeDefined()
  })

  test('LEADER-STATE-4: not by the offset of an earlier life of the broker (R8)', () => {
    const { brokers, fetch } = leading({ isr: [1, 2] })
    brokers.set(3, { epoch: 31, fenced: false })
    expect(() => fetch(3, 0, 30)).toThrow(code('NOT_LEADER_OR_FOLLOWER'))
    brokers.set(3, { epoch: 30, fenced: false })
    expect(fetch(3, 0, 31).proposal, 'its registration has not arrived here yet').toBeUndefined()
    brokers.set(3, { epoch: 31, fenced: false })
    expect(fetch(3, 0, 31).proposal?.isr.at(-1)).toEqual({ brokerId: 3, brokerEpoch: 31 })
  })

  test('LEADER-STATE-5: one change at a time', () => {
    const { leader, fetch, pass } = leading({ isr: [1] })
    const { proposal } = fetch(2, 0)
    expect(proposal).toBeDefined()
    expect(fetch(3, 0).proposal).toBeUndefined()
    pass(LAG_MS_MAX + 1)
    expect(leader.maybeShrinkIsr()).toBeUndefined()
  })
})

describe('the ISR shrinks', () => {
  test('without the followers that have lagged for replica.lag.time.max.ms', () => {
    const { leader, fetch, produce, pass } = leading()
    produce()
    pass(LAG_MS_MAX)
    expect(leader.maybeShrinkIsr()).toBeUndefined()
    fetch(2, 1)
    pass(1)
    expect(leader.maybeShrinkIsr()?.isr.map(({ brokerId }) => brokerId)).toEqual([1, 2])
  })

  test('not without one that has everything, however long ago its last Fetch was', () => {
    const { leader, fetch, pass } = leading()
    fetch(2, 0)
    fetch(3, 0)
    pass(10 * LAG_MS_MAX)
    expect(leader.maybeShrinkIsr()).toBeUndefined()
  })

  test('a follower that has not fetched from a new leader counts with broker epoch -1', () => {
    const { leader, fetch, produce, pass } = leading()
    produce()
    pass(LAG_MS_MAX + 1)
    fetch(3, 1)
    expect(leader.maybeShrinkIsr()?.isr).toEqual([
      { brokerId: 1, brokerEpoch: 10 },
      { brokerId: 3, brokerEpoch: 30 },
    ])
  })
})

describe('the answer to a proposal', () => {
  test('LEADER-STATE-6: the new ISR may commit records at once (R24)', () => {
    const { leader, log, produce, pass, answer } = leading({ replicas: [1, 2], isr: [1, 2] })
    produce()
    pass(LAG_MS_MAX + 1)
    const proposal = leader.maybeShrinkIsr()!
    expect(answer(proposal, {})).toEqual({ highWatermarkMoved: true, again: false })
    expect([leader.isr, log.highWatermark, leader.isProposing]).toEqual([[1], 1, false])
  })

  test('that the controller did not apply it: the ISR is the former one, and another proposal may follow', () => {
    for (const name of ['INELIGIBLE_REPLICA', 'OPERATION_NOT_ATTEMPTED'] as const) {
      const { leader, fetch, answer } = leading({ isr: [1, 2] })
      const { proposal } = fetch(3, 0)
      expect(answer(proposal!, { errorCode: ErrorCode[name] }).again).toBe(false)
      expect([leader.isProposing, leader.maximalIsr]).toEqual([false, [1, 2]])
      expect(fetch(3, 0).proposal).toBeDefined()
    }
  })

  test('that the leader is outdated: it keeps the maximal ISR until metadata arrives', () => {
    for (const name of ['FENCED_LEADER_EPOCH', 'INVALID_UPDATE_VERSION', 'NEW_LEADER_ELECTED'] as const) {
      const { leader, fetch, answer } = leading({ isr: [1, 2] })
      const { proposal } = fetch(3, 0)
      expect(answer(proposal!, { errorCode: ErrorCode[name] }).again).toBe(false)
      expect([leader.isProposing, leader.maximalIsr]).toEqual([true, [1, 2, 3]])
      leader.update(assigned([1, 2, 3], { leaderEpoch: 5, partitionEpoch: 9, isr: [1] }))
      expect([leader.isProposing, leader.maximalIsr]).toEqual([false, [1]])
    }
  })

  test('any other error: the same proposal again', () => {
    const { leader, fetch, answer } = leading({ isr: [1, 2] })
    const { proposal } = fetch(3, 0)
    expect(answer(proposal!, { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR }).again).toBe(true)
    expect(leader.isProposing).toBe(true)
  })

  test('is ignored when newer metadata has come first, or in another leader epoch', () => {
    const { leader, fetch, answer } = leading({ isr: [1, 2] })
    const { proposal } = fetch(3, 0)
    answer(proposal!, { leaderEpoch: 4, isr: [1] })
    expect(leader.isr).toEqual([1, 2])
    leader.update(assigned([1, 2, 3], { leaderEpoch: 5, partitionEpoch: 9, isr: [1, 2, 3] }))
    answer(proposal!, { isr: [1] })
    expect(leader.isr).toEqual([1, 2, 3])
  })
})

describe('new metadata', () => {
  test('LEADER-STATE-5: of the partition epoch that is known keeps a pending proposal; an older one changes nothing', () => {
    const { leader, fetch, state } = leading({ isr: [1, 2] })
    fetch(3, 0)
    leader.update(state)
    leader.update({ ...state, partitionEpoch: 7, isr: [1] })
    expect([leader.isProposing, leader.maximalIsr]).toEqual([true, [1, 2, 3]])
  })

  test('a removed replica is no follower any more', () => {
    const { leader, fetch } = leading()
    leader.update(assigned([1, 2], { leaderEpoch: 5, partitionEpoch: 9 }))
    expect(leader.followerCount).toBe(1)
    expect(() => leader.checkFollower(3, true)).toThrow(code('UNKNOWN_LEADER_EPOCH'))
    expect(fetch(3, 0)).toEqual({ highWatermarkMoved: false })
  })
})

describe('acks=all', () => {
  test('is acknowledged when the high watermark has passed, and only while the ISR is large enough', () => {
    const { leader, fetch, produce } = leading({ replicas: [1, 2], isr: [1, 2] }, { minInsyncReplicas: 2 })
    produce(2)
    fetch(2, 1)
    expect([leader.acknowledged(1), leader.acknowledged(2)]).toEqual([ErrorCode.NONE, undefined])
    leader.update(assigned([1, 2], { leaderEpoch: 5, partitionEpoch: 9, isr: [1] }))
    expect(leader.acknowledged(1)).toBe(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND)
    expect(leader.acknowledged(2)).toBeUndefined()
  })
})

test('the low watermark is the smallest log start of the replicas that are alive', () => {
  const { leader, log, brokers, produce, fetch } = leading({ replicas: [1, 2], isr: [1, 2] })
  produce(3)
  fetch(2, 3)
  log.deleteRecordsBefore(2)
  expect(leader.lowWatermark).toBe(0)
  brokers.set(2, { epoch: 20, fenced: true })
  expect(leader.lowWatermark).toBe(2)
})
