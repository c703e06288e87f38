import { describe, expect, test } from 'vitest'
import { LoneQuorum } from '../../test/quorum/lone-quorum.ts'
import { directoryOf, voterNode } from '../../test/quorum/sim-replica.ts'
import { ControlType, decodeControlType } from '../messages/records/control-records.ts'
import { readRecords } from '../record/record.ts'
import { metadataPartition } from './raft-calls.ts'

const typesAt = (replica: LoneQuorum, offset: number): number[] =>
  readRecords(replica.log.read(offset, 1)).map(({ key }) => decodeControlType(key!))

describe('a leader', () => {
  test('LEADER-LOG-1: writes LeaderChange first, and the voters if the log does not have them', () => {
    const replica = new LoneQuorum().becomeLeader()
    expect(typesAt(replica, 0)).toEqual([
      ControlType.LEADER_CHANGE,
      ControlType.KRAFT_VERSION,
      ControlType.KRAFT_VOTERS,
    ])
    const again = replica.restarted()
    again.pass(3000)
    again.becomeLeader()
    expect(typesAt(again, 3)).toEqual([ControlType.LEADER_CHANGE])
    expect(typesAt(new LoneQuorum({ kraftVersion: 0 }).becomeLeader(), 0)).toEqual([
      ControlType.LEADER_CHANGE,
    ])
  })

  test('LEADER-LOG-2: counts its own disk only after the flush', () => {
    const replica = new LoneQuorum({ voters: [1, 2] })
    replica.holdsFlushes = true
    replica.becomeLeader()
    replica.followedBy(2)
    expect(replica.quorum.highWatermark).toBeUndefined()
    replica.releaseFlushes()
    expect(replica.quorum.highWatermark).toBe(replica.log.endOffset)
  })

  test('LEADING-1: tells the voters that do not fetch, every half of fetchTimeoutMs', () => {
    const replica = new LoneQuorum()
    replica.becomeLeader()
    expect(replica.take('BeginQuorumEpoch', 2).body).toMatchObject({ voterId: 2 })
    replica.take('BeginQuorumEpoch', 3).answer({
      topics: metadataPartition({ leaderId: 1, leaderEpoch: replica.quorum.state.epoch }),
    })
    replica.drop()
    replica.pass(900)
    replica.followedBy(2)
    expect(replica.onTheWay).toEqual([])
    replica.pass(200)
    expect(replica.onTheWay).toEqual(['BeginQuorumEpoch to 3'])
  })

  test('resigns when no majority fetches, and says so', () => {
    const replica = new LoneQuorum().becomeLeader()
    const { epoch } = replica.quorum.state
    replica.pass(2000)
    replica.followedBy(3)
    replica.pass(2900)
    expect(replica.state).toBe(`Leader ${epoch}`)
    replica.pass(200)
    expect(replica.state).toBe(`Resigned ${epoch}`)
    expect(replica.take('EndQuorumEpoch', 2).body.topics[0]?.partitions[0]).toMatchObject({
      leaderEpoch: epoch,
      preferredCandidates: [
        { candidateId: 3, candidateDirectoryId: directoryOf(3) },
        { candidateId: 2, candidateDirectoryId: directoryOf(2) },
      ],
    })
    replica.pass(2000)
    expect(replica.quorum.state.epoch).toBe(epoch + 1)
  })

  test('a newer epoch ends its own', () => {
    const replica = new LoneQuorum().becomeLeader()
    const { epoch } = replica.quorum.state
    replica.begin(epoch + 1, 3)
    expect(replica.state).toBe(`Follower ${epoch + 1}`)
    expect(replica.begin(epoch, 2)).toBe(74)
  })
})

describe('a follower whose leader resigns', () => {
  const successionOf = (successors: readonly number[]): LoneQuorum => {
    const replica = new LoneQuorum({ voters: [1, 2, 3, 4] })
    replica.begin(2, 4)
    replica.drop()
    replica.ask('EndQuorumEpoch', {
      topics: metadataPartition({
        leaderId: 4,
        leaderEpoch: 2,
        preferredCandidates: successors.map((id) => ({
          candidateId: id,
          candidateDirectoryId: directoryOf(id),
        })),
      }),
      leaderEndpoints: [...voterNode(4, directoryOf(4)).endpoints],
    })
    return replica
  }

  test('LEADING-2: the best successor stands for election at once', () => {
    expect(successionOf([1, 2, 3]).state).toBe('Prospective 2')
  })

  test('LEADING-2: the others wait, each longer than the one before', () => {
    for (const [successors, ms] of [
      [[2, 1, 3], 250],
      [[2, 3, 1], 500],
      [[2, 3], 1000],
    ] as const) {
      const replica = successionOf(successors)
      replica.pass(ms - 10)
      expect(replica.state).toBe('Follower 2')
      replica.pass(20)
      expect(replica.state).toBe('Prospective 2')
    }
  })
})
