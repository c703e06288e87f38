import { describe, expect, test } from 'vitest'
import { fetched, LoneQuorum, valueBatch } from '../../test/quorum/lone-quorum.ts'
import { joinedBytes } from '../record/compression.ts'
import { ErrorCode } from '../wire/errors.ts'

const LEADER = { leaderId: 2, leaderEpoch: 3 }

/** A follower of node 2 in epoch 3. */
function follower(options: ConstructorParameters<typeof LoneQuorum>[0] = {}): LoneQuorum {
  const replica = new LoneQuorum(options)
  replica.begin(3, 2)
  return replica
}

const batches = (from: number, ...epochs: number[]): Uint8Array =>
  joinedBytes(
    epochs.map((epoch, i) => valueBatch(`${epoch}`, { baseOffset: from + i, partitionLeaderEpoch: epoch })),
  )

describe('a follower', () => {
  test('fetches, appends, and fetches from the new end', () => {
    const replica = follower()
    const first = replica.take('Fetch', 2)
    expect(first.body.topics[0]?.partitions[0]).toMatchObject({
      fetchOffset: 0,
      lastFetchedEpoch: 0,
      currentLeaderEpoch: 3,
    })
    first.answer(fetched(LEADER, { records: batches(0, 3, 3), highWatermark: 1 }))
    replica.pass(5)
    expect(replica.take('Fetch', 2).body.topics[0]?.partitions[0]).toMatchObject({
      ...{ fetchOffset: 2, lastFetchedEpoch: 3, highWatermark: 1 },
    })
  })

  test('FOLLOWING-1: fetches on when what it got is on disk', () => {
    const replica = follower()
    replica.holdsFlushes = true
    replica.take('Fetch').answer(fetched(LEADER, { records: batches(0, 3) }))
    replica.pass(1000)
    expect(replica.onTheWay).toEqual([])
    replica.releaseFlushes()
    expect(replica.onTheWay).toEqual(['Fetch to 2'])
  })

  test('truncates to where the histories part', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { records: batches(0, 1, 2, 2) }))
    replica.pass(5)
    replica.take('Fetch').answer(fetched(LEADER, { divergingEpoch: { epoch: 1, endOffset: 5 } }))
    expect(replica.log.endOffset).toBe(1)
    expect(replica.take('Fetch').body.topics[0]?.partitions[0]).toMatchObject({
      fetchOffset: 1,
      lastFetchedEpoch: 1,
    })
  })

  test('FOLLOWING-2, QUORUM-2: stops instead of truncating what is committed', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { records: batches(0, 1, 2, 2), highWatermark: 3 }))
    replica.pass(5)
    replica.take('Fetch').answer(fetched(LEADER, { divergingEpoch: { epoch: 1, endOffset: 1 } }))
    expect(replica.quorum.failure?.message).toBe('quorum: truncation to 1 is below the high watermark 3')
    expect(replica.log.endOffset).toBe(3)
    replica.drop()
    replica.pass(10_000)
    expect([replica.onTheWay, replica.activeTimers]).toEqual([[], 0])
  })

  test('FOLLOWING-3: does not append a batch of a newer epoch than the leader’s', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { records: batches(0, 3, 4) }))
    expect([replica.log.endOffset, replica.log.lastEpoch]).toEqual([1, 3])
  })

  test('FOLLOWING-4: its high watermark is not above its end, and stops it if it falls', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { records: batches(0, 3, 3), highWatermark: 9 }))
    expect(replica.quorum.highWatermark).toBe(2)
    replica.pass(5)
    replica.take('Fetch').answer(fetched(LEADER, { highWatermark: -1 }))
    expect(replica.quorum.highWatermark).toBe(2)
    replica.take('Fetch').answer(fetched(LEADER, { highWatermark: 1 }))
    expect(replica.quorum.failure?.message).toBe('quorum: the high watermark falls from 2 to 1')
  })

  test('has one fetch on the way; a voter without an answer stands for election', () => {
    const replica = follower()
    replica.pass(1000)
    expect(replica.onTheWay).toEqual(['Fetch to 2'])
    replica.pass(1100)
    expect(replica.state).toBe('Prospective 3')
  })

  test('asks another node when the leader cannot be reached', () => {
    const replica = follower({ voters: [1, 2, 3] })
    replica.take('Fetch', 2).fail(ErrorCode.BROKER_NOT_AVAILABLE)
    const asked = [...replica.onTheWay]
    expect(asked).toEqual(['Fetch to 3'])
    replica
      .take('Fetch', 3)
      .answer(fetched({ leaderId: 3, leaderEpoch: 4 }, { errorCode: ErrorCode.FENCED_LEADER_EPOCH }))
    expect(replica.state).toBe('Follower 4')
    expect(replica.take('Fetch').to).toBe(3)
  })
})

describe('an observer', () => {
  test('finds the leader by a fetch of anyone', () => {
    const replica = new LoneQuorum({ id: 4 })
    replica.take('Fetch').answer(fetched(LEADER, { errorCode: ErrorCode.FENCED_LEADER_EPOCH }))
    expect(replica.state).toBe('Follower 3')
    replica.take('Fetch', 2).answer(fetched(LEADER, { records: batches(0, 3) }))
    expect(replica.log.endOffset).toBe(1)
  })

  test('goes on asking when its leader is silent, without an election', () => {
    const replica = follower({ id: 4 })
    replica.pass(20_000)
    expect(replica.state).toBe('Follower 3')
    expect(replica.onTheWay.length).toBeGreaterThan(2)
  })
})

describe('a snapshot', () => {
  const SNAPSHOT = { endOffset: 40, epoch: 2 }
  const bytes = valueBatch('the state')

  const piece = (position: number, length: number, fields: object = {}) => ({
    topics: [
      {
        name: '__cluster_metadata',
        partitions: [
          {
            ...{ index: 0, snapshotId: SNAPSHOT, size: bytes.length, position, currentLeader: LEADER },
            unalignedRecords: bytes.slice(position, position + length),
            ...fields,
          },
        ],
      },
    ],
  })

  test('is fetched piece by piece, and takes the place of the log', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { snapshotId: SNAPSHOT }))
    const first = replica.take('FetchSnapshot', 2)
    expect(first.body.topics[0]?.partitions[0]).toMatchObject({ snapshotId: SNAPSHOT, position: 0 })
    first.answer(piece(0, 30))
    const second = replica.take('FetchSnapshot', 2)
    expect(second.body.topics[0]?.partitions[0]).toMatchObject({ position: 30 })
    second.answer(piece(30, 1000))
    expect([replica.log.startOffset, replica.log.endOffset, replica.log.lastEpoch]).toEqual([40, 40, 2])
    expect(replica.told).toContain('snapshot 40')
    expect(replica.take('Fetch').body.topics[0]?.partitions[0]).toMatchObject({
      fetchOffset: 40,
      lastFetchedEpoch: 2,
    })
  })

  test('that the leader no longer has is dropped', () => {
    const replica = follower()
    replica.take('Fetch').answer(fetched(LEADER, { snapshotId: SNAPSHOT }))
    replica.take('FetchSnapshot').answer(piece(0, 30))
    replica.take('FetchSnapshot').answer(piece(0, 0, { errorCode: ErrorCode.SNAPSHOT_NOT_FOUND }))
    expect(replica.take('Fetch').body.topics[0]?.partitions[0]).toMatchObject({ fetchOffset: 0 })
  })
})
