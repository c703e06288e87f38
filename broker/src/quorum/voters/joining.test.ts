import { describe, expect, test } from 'vitest'
import { fetched, type LoneOptions, LoneQuorum } from '../../../test/quorum/lone-quorum.ts'
import { directoryOf } from '../../../test/quorum/sim-replica.ts'

const LEADER = { leaderId: 2, leaderEpoch: 3 }

/** A follower that has heard from its leader, at the time of its next look at the voters. */
function follower(options: LoneOptions): LoneQuorum {
  const replica = new LoneQuorum(options)
  replica.begin(3, 2)
  for (let i = 0; i < 65 && !replica.onTheWay.some((sent) => sent.includes('RaftVoter')); i++) {
    if (replica.onTheWay.includes('Fetch to 2')) replica.take('Fetch', 2).answer(fetched(LEADER))
    replica.pass(100)
  }
  return replica
}

describe('a follower looks at its entry in the set of voters', () => {
  test('JOINING-1: a voter with another address updates it', () => {
    const replica = follower({ port: 9999 })
    expect(replica.take('UpdateRaftVoter', 2).body).toMatchObject({
      ...{ voterId: 1, voterDirectoryId: directoryOf(1), currentLeaderEpoch: 3 },
      listeners: [{ port: 9999 }],
    })
  })

  test('a voter whose entry is right asks for nothing; an observer only with autoJoin', () => {
    for (const options of [{}, { id: 4 }])
      expect(follower(options).onTheWay.filter((sent) => sent.includes('RaftVoter'))).toEqual([])
  })

  test('JOINING-2: with autoJoin an observer becomes a voter', () => {
    const replica = follower({ id: 4, config: { autoJoin: true } })
    expect(replica.take('AddRaftVoter', 2).body).toMatchObject({
      ...{ voterId: 4, voterDirectoryId: directoryOf(4), ackWhenCommitted: false },
    })
  })

  test('JOINING-2: with autoJoin a new disk first removes the old one', () => {
    const replica = follower({ id: 3, directoryId: directoryOf(3, 1), config: { autoJoin: true } })
    expect(replica.take('RemoveRaftVoter', 2).body).toMatchObject({
      voterId: 3,
      voterDirectoryId: directoryOf(3),
    })
  })
})
