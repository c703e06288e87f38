import { describe, expect, test } from 'vitest'
import { fetched, LoneQuorum } from '../../test/quorum/lone-quorum.ts'
import { directoryOf } from '../../test/quorum/sim-replica.ts'

describe('who may have the vote of a replica', () => {
  test('VOTE-GRANT-1: one candidate in an epoch, the same one again, also after a restart', () => {
    const replica = new LoneQuorum()
    expect(replica.askVote(5, 2)).toBe('granted')
    expect(replica.askVote(5, 3)).toBe('refused')
    expect(replica.askVote(5, 2)).toBe('granted')
    expect(replica.askVote(5, 2, { directoryId: directoryOf(2, 1) })).toBe('refused')
    const again = replica.restarted()
    expect(again.state).toBe('Unattached 5')
    expect(again.askVote(5, 3)).toBe('refused')
    expect(again.askVote(5, 2)).toBe('granted')
    expect(again.askVote(6, 3)).toBe('granted')
  })

  test('VOTE-GRANT-2: only to a log that ends in a newer epoch, or not before the own end', () => {
    const replica = new LoneQuorum().becomeLeader()
    replica.append()
    const epoch = replica.quorum.state.epoch
    expect([replica.log.endOffset, replica.log.lastEpoch]).toEqual([4, epoch])
    expect(replica.askVote(epoch + 1, 2, { lastOffset: 3, lastOffsetEpoch: epoch })).toBe('refused')
    expect(replica.askVote(epoch + 2, 2, { lastOffset: 9, lastOffsetEpoch: epoch - 1 })).toBe('refused')
    expect(replica.askVote(epoch + 3, 2, { lastOffset: 4, lastOffsetEpoch: epoch })).toBe('granted')
    expect(replica.askVote(epoch + 4, 2, { lastOffset: 1, lastOffsetEpoch: epoch + 1 })).toBe('granted')
  })

  test('VOTE-GRANT-3: a follower grants no pre-vote while it hears from its leader', () => {
    const replica = new LoneQuorum()
    replica.begin(3, 2)
    expect(replica.state).toBe('Follower 3')
    // The leader may be gone: it has not answered a fetch yet.
    expect(replica.askVote(3, 3, { preVote: true })).toBe('granted')
    replica.take('Fetch', 2).answer(fetched({ leaderId: 2, leaderEpoch: 3 }))
    expect(replica.askVote(3, 3, { preVote: true })).toBe('refused')
    expect(replica.askVote(3, 3)).toBe('refused')
  })

  test('a leader grants nothing, a candidate and a former leader only pre-votes', () => {
    const leader = new LoneQuorum().becomeLeader()
    const { epoch } = leader.quorum.state
    const log = { lastOffset: 100, lastOffsetEpoch: epoch - 1 }
    expect(leader.askVote(epoch, 2, { ...log, preVote: true, lastOffsetEpoch: epoch })).toBe('refused')
    expect(leader.askVote(epoch, 2, log)).toBe('refused')
    const former = leader.restarted()
    expect(former.state).toBe(`Resigned ${epoch}`)
    expect(former.askVote(epoch, 2, { ...log, preVote: true, lastOffsetEpoch: epoch })).toBe('granted')
    expect(former.askVote(epoch, 2, log)).toBe('refused')
  })

  test('errors: an old epoch, a log from the future, another disk', () => {
    const replica = new LoneQuorum()
    replica.begin(3, 2)
    expect(replica.askVote(2, 3)).toBe('error 74')
    expect(replica.askVote(4, 3, { lastOffsetEpoch: 4 })).toBe('error 42')
    expect(replica.askVote(4, -2, { directoryId: directoryOf(9) })).toBe('error 42')
  })
})
