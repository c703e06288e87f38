import { describe, expect, test } from 'vitest'
import { LoneQuorum } from '../../../test/quorum/lone-quorum.ts'
import { directoryOf, voterNode } from '../../../test/quorum/sim-replica.ts'
import { ErrorCode } from '../../wire/errors.ts'

const FEATURE = { supportedFeatures: [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }] }

/** A leader whose epoch is committed. */
function leader(options: ConstructorParameters<typeof LoneQuorum>[0] = {}): LoneQuorum {
  const replica = new LoneQuorum({ voters: [1, 2, 3], ...options }).becomeLeader()
  replica.pass(5)
  replica.followedBy(2, 3)
  replica.drop()
  return replica
}

const add = (replica: LoneQuorum, id: number, directoryId = directoryOf(id)) =>
  replica.ask('AddRaftVoter', {
    ...{ clusterId: null, timeoutMs: 1000, voterId: id, voterDirectoryId: directoryId },
    listeners: [...voterNode(id, directoryId).endpoints],
  })
const remove = (replica: LoneQuorum, id: number, directoryId = directoryOf(id)) =>
  replica.ask('RemoveRaftVoter', { clusterId: null, voterId: id, voterDirectoryId: directoryId })

describe('a voter is added', () => {
  test('VOTER-CHANGES-2: when it answers and has caught up; the answer comes when it is committed', () => {
    const replica = leader()
    const lagging = add(replica, 4)
    replica.take('ApiVersions', 4).answer(FEATURE)
    expect(lagging.answer).toMatchObject({ errorCode: 7 })
    replica.followedBy(4)
    const added = add(replica, 4)
    replica.take('ApiVersions', 4).answer(FEATURE)
    expect(replica.quorum.voters.ids).toEqual([1, 2, 3, 4])
    expect(added.answer).toBeUndefined()
    replica.pass(5)
    replica.followedBy(2)
    expect(added.answer).toBeUndefined()
    replica.followedBy(4)
    expect(added.answer).toMatchObject({ errorCode: 0, errorMessage: null })
  })

  test('not if it cannot be reached, or does not know kraft.version 1', () => {
    const replica = leader()
    replica.followedBy(4)
    const silent = add(replica, 4)
    replica.take('ApiVersions', 4).fail(ErrorCode.BROKER_NOT_AVAILABLE)
    expect(silent.answer?.errorMessage).toBe(
      'Aborted add voter operation for since API_VERSIONS returned an error BROKER_NOT_AVAILABLE',
    )
    replica.pass(30)
    const old = add(replica, 4)
    replica.take('ApiVersions', 4).answer({})
    expect(old.answer).toMatchObject({ errorCode: 42 })
  })

  test('not twice', () => {
    expect(add(leader(), 3, directoryOf(3, 1)).answer).toMatchObject({ errorCode: 126 })
  })
})

describe('a voter is removed', () => {
  test('at once in force, answered when it is committed', () => {
    const replica = leader()
    const removed = remove(replica, 3)
    expect([replica.quorum.voters.ids, removed.answer]).toEqual([[1, 2], undefined])
    replica.pass(5)
    replica.followedBy(3)
    expect(removed.answer).toBeUndefined()
    replica.followedBy(2)
    expect(removed.answer).toMatchObject({ errorCode: 0 })
  })

  test('VOTER-CHANGES-3: a leader that is removed resigns when it is committed', () => {
    const replica = leader()
    const { epoch } = replica.quorum.state
    const removed = remove(replica, 1)
    replica.pass(5)
    replica.followedBy(2)
    expect(replica.state).toBe(`Leader ${epoch}`)
    replica.followedBy(3)
    expect(removed.answer).toMatchObject({ errorCode: 0 })
    expect(replica.state).toBe(`Resigned ${epoch}`)
    replica.pass(3000)
    expect(replica.state).toBe(`Unattached ${epoch + 1}`)
  })

  test('not a node that is no voter, and not the last voter', () => {
    expect(remove(leader(), 3, directoryOf(3, 1)).answer).toMatchObject({ errorCode: 127 })
    const alone = new LoneQuorum({ voters: [1] })
    alone.pass(5)
    expect(remove(alone, 1).answer).toMatchObject({ errorCode: 127 })
  })
})

describe('a change is refused', () => {
  test('VOTER-CHANGES-1: before this leader has committed in its epoch, and while another one is on its way', () => {
    const fresh = new LoneQuorum().becomeLeader()
    expect(remove(fresh, 3).answer).toMatchObject({ errorCode: 7 })
    const replica = leader()
    remove(replica, 3)
    expect(remove(replica, 2).answer).toMatchObject({ errorCode: 7 })
    replica.pass(2500)
    replica.followedBy(3)
    // The first one has timed out for its client; its record is still not committed.
    expect(remove(replica, 2).answer?.errorMessage).toContain('to commit the latest voter change')
  })

  test('by kraft.version 0, by another node, for another cluster', () => {
    expect(remove(leader({ kraftVersion: 0 }), 3).answer).toMatchObject({ errorCode: 35 })
    const follower = new LoneQuorum()
    follower.begin(2, 3)
    expect(remove(follower, 3).answer).toMatchObject({ errorCode: 6 })
    const other = leader().ask('RemoveRaftVoter', {
      clusterId: 'x',
      voterId: 3,
      voterDirectoryId: directoryOf(3),
    })
    expect(other.answer).toMatchObject({ errorCode: 104 })
  })

  test('and ends with an error when this node leads no longer', () => {
    const replica = leader()
    const removed = remove(replica, 3)
    replica.begin(replica.quorum.state.epoch + 1, 2)
    expect(removed.answer).toMatchObject({ errorCode: 6 })
  })
})

test('the addresses of a voter are updated', () => {
  const replica = leader()
  const ask = (id: number, epoch = replica.quorum.state.epoch) =>
    replica.ask('UpdateRaftVoter', {
      ...{ clusterId: null, currentLeaderEpoch: epoch, voterId: id, voterDirectoryId: directoryOf(id) },
      listeners: [{ name: 'CONTROLLER', host: 'elsewhere', port: 1 }],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    }).answer
  expect(ask(9)).toMatchObject({ errorCode: 127, currentLeader: { leaderId: 1 } })
  expect(ask(2, 99)).toMatchObject({ errorCode: 75 })
  expect(ask(2)).toMatchObject({ errorCode: 0 })
  expect(replica.quorum.voters.endpointsOf(2)).toEqual([{ name: 'CONTROLLER', host: 'elsewhere', port: 1 }])
})

describe('of two voters one is being removed, and the leader crashes', () => {
  test('the removed one does not stand, and does not vote for a shorter log: both are stuck, as in Kafka', () => {
    const leader = new LoneQuorum({ voters: [1, 2] }).becomeLeader()
    leader.pass(5)
    leader.followedBy(2)
    remove(leader, 1)
    const { epoch } = leader.quorum.state
    const again = leader.restarted({ voters: [1, 2] })
    again.pass(60_000)
    expect(again.state).toBe(`Unattached ${epoch + 1}`)
    const end = { lastOffset: again.log.endOffset - 1, lastOffsetEpoch: epoch }
    expect(again.askVote(epoch + 2, 2, end)).toBe('refused')
  })
})
