import { describe, expect, test } from 'vitest'
import { LoneQuorum, valueBatch, voteOf } from '../../test/quorum/lone-quorum.ts'
import { SimDisk } from '../../test/quorum/sim-disk.ts'
import { ErrorCode } from '../wire/errors.ts'

/** A voter that has waited for a leader until it asks for pre-votes. */
function prospective(options: ConstructorParameters<typeof LoneQuorum>[0] = {}): LoneQuorum {
  const replica = new LoneQuorum(options)
  replica.drop()
  while (replica.quorum.state.kind !== 'Prospective') replica.pass(10)
  return replica
}

describe('an election', () => {
  test('a pre-vote, then a vote in the next epoch, then leadership', () => {
    const replica = prospective()
    expect(replica.onTheWay.filter((sent) => sent.startsWith('Vote'))).toEqual(['Vote to 2', 'Vote to 3'])
    const preVote = replica.take('Vote', 2)
    expect(preVote.body.topics[0]?.partitions[0]).toMatchObject({
      preVote: true,
      replicaEpoch: 0,
      replicaId: 1,
    })
    preVote.answer(voteOf(0, true))
    expect(replica.state).toBe('Candidate 1')
    expect(replica.disk.election).toMatchObject({ leaderEpoch: 1, votedKey: { id: 1 } })
    replica.take('Vote', 3)
    const vote = replica.take('Vote', 3)
    expect(vote.body.topics[0]?.partitions[0]).toMatchObject({ preVote: false, replicaEpoch: 1 })
    vote.answer(voteOf(1, true))
    expect(replica.state).toBe('Leader 1')
  })

  test('RAFT-ELECTIONS-2: a lost pre-vote raises no epoch', () => {
    const replica = prospective()
    replica.take('Vote', 2).answer(voteOf(0, false))
    expect(replica.state).toBe('Prospective 0')
    replica.take('Vote', 3).answer(voteOf(0, false))
    expect(replica.state).toBe('Unattached 0')
  })

  test('RAFT-ELECTIONS-2: a voter that lost only its leader goes back to it', () => {
    const replica = new LoneQuorum()
    replica.begin(4, 2)
    while (replica.quorum.state.kind !== 'Prospective') replica.pass(10)
    replica.take('Vote', 2).fail(ErrorCode.BROKER_NOT_AVAILABLE)
    replica.take('Vote', 3).answer(voteOf(4, false, 2))
    expect(replica.state).toBe('Prospective 4')
    replica.pass(2000)
    expect(replica.quorum.leaderAndEpoch).toEqual({ leaderId: 2, epoch: 4 })
    expect(['Follower', 'Prospective']).toContain(replica.quorum.state.kind)
    replica.take('Fetch', 2)
  })

  test('RAFT-ELECTIONS-1: no vote is asked before the log is on disk', () => {
    const replica = new LoneQuorum()
    replica.begin(1, 2)
    replica.holdsFlushes = true
    const records = valueBatch('v', { baseOffset: 0, partitionLeaderEpoch: 1 })
    replica.take('Fetch', 2).answer({
      responses: [
        {
          topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
          partitions: [{ currentLeader: { leaderId: 2, leaderEpoch: 1 }, highWatermark: -1, records }],
        },
      ],
    })
    replica.pass(3000)
    expect([replica.state, replica.onTheWay]).toEqual(['Follower 1', []])
    replica.releaseFlushes()
    expect(replica.state).toBe('Prospective 1')
    expect(replica.take('Vote', 2).body.topics[0]?.partitions[0]).toMatchObject({
      lastOffset: 1,
      lastOffsetEpoch: 1,
    })
  })

  test('RAFT-ELECTIONS-3: the only voter is elected at once', () => {
    const replica = new LoneQuorum({ voters: [1] })
    expect([replica.state, replica.onTheWay]).toEqual(['Leader 1', []])
    expect(replica.restarted({ voters: [1] }).state).toBe('Leader 2')
  })

  test('software without pre-votes is taken to grant one', () => {
    const replica = prospective()
    replica.take('Vote', 2).fail(ErrorCode.UNSUPPORTED_VERSION)
    expect(replica.state).toBe('Candidate 1')
  })

  test('a lost vote waits for the election timeout, then begins with a pre-vote again', () => {
    const replica = prospective()
    replica.take('Vote', 2).answer(voteOf(0, true))
    replica.take('Vote', 3)
    for (const voter of [2, 3]) replica.take('Vote', voter).answer(voteOf(1, false))
    expect(replica.state).toBe('Candidate 1')
    replica.pass(2000)
    expect(replica.state).toBe('Prospective 1')
  })

  test('a refusal that names a newer epoch, or a leader, ends it', () => {
    const replica = prospective()
    replica.take('Vote', 2).answer(voteOf(7, false))
    expect(replica.state).toBe('Unattached 7')
    const other = prospective()
    other.take('Vote', 3).answer(voteOf(7, false, 2))
    expect([other.state, other.quorum.leaderAndEpoch.leaderId]).toEqual(['Follower 7', 2])
  })

  test('a candidate that crashed is a candidate again, of the same epoch', () => {
    const replica = prospective()
    replica.take('Vote', 2).answer(voteOf(0, true))
    expect(replica.restarted().state).toBe('Candidate 1')
  })

  test('an observer does not ask for votes', () => {
    const replica = new LoneQuorum({ id: 4 })
    replica.pass(60_000)
    expect(replica.state).toBe('Unattached 0')
    expect(replica.onTheWay.every((sent) => sent.startsWith('Fetch'))).toBe(true)
  })
})

describe('a replica', () => {
  test('RAFT-NODE-1: has epoch and vote on disk when it answers', () => {
    const replica = new LoneQuorum()
    replica.askVote(5, 2)
    expect(replica.disk.election).toMatchObject({ leaderId: -1, leaderEpoch: 5, votedKey: { id: 2 } })
    replica.begin(5, 2)
    expect(replica.disk.election).toMatchObject({ leaderId: 2, leaderEpoch: 5, votedKey: { id: 2 } })
  })

  test('RAFT-NODE-2: ignores answers to requests of an earlier state', () => {
    const replica = prospective()
    const late = replica.take('Vote', 2)
    const later = replica.take('Vote', 3)
    replica.begin(3, 2)
    late.answer(voteOf(0, true))
    later.answer(voteOf(0, true))
    expect(replica.state).toBe('Follower 3')
  })

  test('RAFT-NODE-3: that led starts as Resigned, and comes back in the next epoch', () => {
    const disk = new SimDisk()
    disk.election = { leaderId: 1, leaderEpoch: 6 }
    const replica = new LoneQuorum({ disk })
    expect(replica.state).toBe('Resigned 6')
    expect(() => replica.quorum.append(6, valueBatch('v'))).toThrow('does not lead')
    replica.pass(3000)
    expect(replica.quorum.state.epoch).toBe(7)
  })

  test('that crashed before a loaded snapshot took the place of its log begins at the snapshot', () => {
    const disk = new SimDisk()
    const log = new LoneQuorum({ disk }).log
    log.appendAsLeader(valueBatch('v'), 1)
    log.snapshots.create({ offset: 40, epoch: 3 }).freeze()
    const replica = new LoneQuorum({ disk })
    expect([replica.log.startOffset, replica.log.endOffset, replica.state]).toEqual([40, 40, 'Unattached 3'])
  })

  test('RAFT-NODE-4: with a new disk goes on in the epoch after the one that its old disk led', () => {
    const replica = prospective()
    replica.take('Vote', 2).answer(voteOf(7, false, 1))
    expect([replica.state, replica.disk.election?.leaderEpoch]).toEqual(['Unattached 8', 8])
    expect(replica.askVote(7, 3)).toBe('error 74')
  })

  test('whose log is newer than its quorum-state begins in the epoch of the log', () => {
    const disk = new SimDisk()
    disk.election = { leaderId: 2, leaderEpoch: 3 }
    new LoneQuorum({ disk }).log.appendAsLeader(valueBatch('v'), 5)
    expect(new LoneQuorum({ disk }).state).toBe('Unattached 5')
  })
})
