import { describe, expect, test } from 'vitest'
import { directoryOf, voterNode } from '../../test/quorum/sim-replica.ts'
import { LeaderProgress } from './leader-progress.ts'
import { KRAFT_RULES } from './quorum-rules.ts'
import { VoterSet } from './voters/voter-set.ts'

const key = (id: number) => ({ id, directoryId: directoryOf(id) })
const setOf = (...ids: number[]) => new VoterSet(ids.map((id) => voterNode(id, directoryOf(id))))

function lead(...ids: number[]) {
  const voters = setOf(...ids)
  const progress = new LeaderProgress(
    { local: key(1), startOffset: 10, voters, grantedBy: ids },
    { nowMs: 0, fetchTimeoutMs: 2000, rules: KRAFT_RULES },
  )
  progress.updateLocal(11, voters)
  return progress
}

describe('a leader checks its quorum', () => {
  test('LEADER-PROGRESS-1: it must hear a majority within 1.5 fetch timeouts', () => {
    const progress = lead(1, 2, 3, 4, 5)
    expect(progress.checkQuorumMs(0)).toBe(3000)
    progress.heardFrom(key(2), 1000)
    expect(progress.checkQuorumMs(1000)).toBe(2000)
    progress.heardFrom(key(3), 1500)
    expect(progress.checkQuorumMs(1500)).toBe(3000)
    progress.heardFrom(key(3), 4000)
    progress.heardFrom(key(3), 4400)
    expect(progress.checkQuorumMs(4500)).toBe(0)
  })

  test('observers and voters on a lost disk are not heard', () => {
    const progress = lead(1, 2, 3)
    progress.heardFrom(key(9), 1000)
    progress.heardFrom({ id: 2, directoryId: directoryOf(2, 1) }, 1000)
    expect(progress.checkQuorumMs(3000)).toBe(0)
  })

  test('LEADER-PROGRESS-2: the only voter never resigns', () => {
    expect(lead(1).checkQuorumMs(1_000_000)).toBe(Number.POSITIVE_INFINITY)
  })

  test('a leader that is no voter must hear a whole majority', () => {
    const progress = lead(1, 2, 3)
    progress.updateLocal(12, setOf(2, 3))
    progress.heardFrom(key(2), 1000)
    expect(progress.checkQuorumMs(1000)).toBe(2000)
    progress.heardFrom(key(3), 1000)
    expect(progress.checkQuorumMs(1000)).toBe(3000)
  })
})

describe('a leader knows how far the others are', () => {
  test('LEADER-PROGRESS-3: it begins with no offsets but its own', () => {
    const progress = lead(1, 2, 3)
    expect(progress.highWatermark).toBeUndefined()
    expect(progress.describe(0).voters.map(({ offset }) => offset)).toEqual([11, undefined, undefined])
    expect(progress.updateReplica(key(2), { offset: 11, leaderEnd: 11, nowMs: 5 })).toBe(true)
    expect(progress.highWatermark).toBe(11)
  })

  test('a removed leader does not count in the majority of the others', () => {
    const progress = lead(1, 2, 3)
    progress.updateReplica(key(2), { offset: 11, leaderEnd: 11, nowMs: 5 })
    progress.updateLocal(20, setOf(2, 3))
    expect(progress.updateReplica(key(2), { offset: 20, leaderEnd: 20, nowMs: 6 })).toBe(false)
    expect(progress.updateReplica(key(3), { offset: 15, leaderEnd: 20, nowMs: 6 })).toBe(true)
    expect(progress.highWatermark).toBe(15)
  })

  test('an observer is caught up when it has had all of the log; forgotten when it is silent', () => {
    const progress = lead(1, 2)
    const at = { leaderEnd: 11, nowMs: 10 }
    progress.updateReplica(key(7), { ...at, offset: 5 })
    expect(progress.isCaughtUp(key(7), 10)).toBe(false)
    progress.updateReplica(key(7), { ...at, offset: 11 })
    expect(progress.isCaughtUp(key(7), 10)).toBe(true)
    expect(progress.isCaughtUp(key(8), 10)).toBe(false)
    expect(progress.describe(20).observers.map(({ key: { id } }) => id)).toEqual([7])
    expect(progress.describe(300_010).observers).toEqual([])
  })

  test('an observer keeps its progress when it becomes a voter, and the other way round', () => {
    const progress = lead(1, 2)
    progress.updateReplica(key(3), { offset: 11, leaderEnd: 11, nowMs: 10 })
    progress.updateLocal(12, setOf(1, 2, 3))
    expect(progress.describe(10).voters.map(({ offset }) => offset)).toEqual([12, undefined, 11])
    progress.updateLocal(13, setOf(1, 2))
    expect(progress.describe(10).observers.map(({ offset }) => offset)).toEqual([11])
  })

  test('the successor is who has most', () => {
    const progress = lead(1, 2, 3, 4)
    progress.updateReplica(key(3), { offset: 11, leaderEnd: 11, nowMs: 5 })
    progress.updateReplica(key(4), { offset: 9, leaderEnd: 11, nowMs: 5 })
    expect(progress.successors().map(({ id }) => id)).toEqual([3, 4, 2])
  })
})
