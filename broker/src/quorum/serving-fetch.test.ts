import { describe, expect, test } from 'vitest'
import { LoneQuorum, valueBatch } from '../../test/quorum/lone-quorum.ts'
import { batchPositions } from '../record/batch.ts'
import type { RaftResponse } from './raft-calls.ts'

const partitionOf = (answer: RaftResponse<'Fetch'> | undefined) => answer?.responses[0]?.partitions[0]
const countOf = (answer: RaftResponse<'Fetch'> | undefined) =>
  [...batchPositions(partitionOf(answer)?.records ?? new Uint8Array(0))].length

describe('a leader answers a fetch', () => {
  test('with records, at once', () => {
    const replica = new LoneQuorum().becomeLeader()
    replica.append()
    const { answer } = replica.ask('Fetch', replica.fetchBy(2, 0, { lastEpoch: 0 }))
    expect([partitionOf(answer)?.errorCode, countOf(answer)]).toEqual([0, 2])
  })

  test('SERVING-FETCH-1: an end with another history says nothing about what the follower has', () => {
    const replica = new LoneQuorum({ voters: [1, 2] }).becomeLeader()
    const { epoch } = replica.quorum.state
    replica.pass(5)
    const { answer } = replica.ask(
      'Fetch',
      replica.fetchBy(2, replica.log.endOffset, { lastEpoch: epoch - 1 }),
    )
    expect(partitionOf(answer)?.divergingEpoch).toEqual({ epoch: 0, endOffset: 0 })
    expect(replica.quorum.highWatermark).toBeUndefined()
    replica.followedBy(2)
    expect(replica.quorum.highWatermark).toBe(replica.log.endOffset)
  })

  test('later: when there are records, or when the time is over', () => {
    const replica = new LoneQuorum().becomeLeader()
    const end = replica.log.endOffset
    const first = replica.ask('Fetch', replica.fetchBy(2, end, { maxWaitMs: 500, highWatermark: end }))
    const second = replica.ask('Fetch', replica.fetchBy(3, end, { maxWaitMs: 100, highWatermark: end }))
    replica.pass(50)
    replica.pass(60)
    expect([first.answer, countOf(second.answer)]).toEqual([undefined, 0])
    expect(second.answer).toBeDefined()
    replica.append()
    expect(countOf(first.answer)).toBe(1)
  })

  test('when the high watermark is news to the follower (KIP-1166)', () => {
    const replica = new LoneQuorum({ voters: [1, 2, 3] }).becomeLeader()
    replica.pass(5)
    const end = replica.log.endOffset
    const first = replica.ask('Fetch', replica.fetchBy(2, end, { maxWaitMs: 500 }))
    expect(partitionOf(first.answer)?.highWatermark).toBe(end)
    const second = replica.ask('Fetch', replica.fetchBy(3, end, { maxWaitMs: 500, highWatermark: end }))
    expect(second.answer).toBeUndefined()
  })

  test('SERVING-FETCH-2: with an error when it leads no longer', () => {
    const replica = new LoneQuorum().becomeLeader()
    const waiting = replica.ask('Fetch', replica.fetchBy(2, replica.log.endOffset, { maxWaitMs: 500 }))
    const { epoch } = replica.quorum.state
    replica.begin(epoch + 1, 3)
    expect(partitionOf(waiting.answer)).toMatchObject({
      errorCode: 6,
      currentLeader: { leaderId: 3, leaderEpoch: epoch + 1 },
    })
  })

  test.each([
    [-1, 74],
    [1, 75],
  ])('in an epoch that differs by %i with error %i', (difference, code) => {
    const replica = new LoneQuorum().becomeLeader()
    const epoch = replica.quorum.state.epoch + difference
    const { answer } = replica.ask('Fetch', replica.fetchBy(2, 0, { lastEpoch: 0, epoch }))
    expect(partitionOf(answer)?.errorCode).toBe(code)
  })

  test('with INVALID_REQUEST and INCONSISTENT_CLUSTER_ID', () => {
    const replica = new LoneQuorum().becomeLeader()
    const fetch = replica.fetchBy(2, 0, { lastEpoch: 99 })
    expect(partitionOf(replica.ask('Fetch', fetch).answer)?.errorCode).toBe(42)
    expect(replica.ask('Fetch', { ...fetch, clusterId: 'other' }).answer?.errorCode).toBe(104)
    expect(replica.ask('Fetch', { ...fetch, topics: [] }).answer?.errorCode).toBe(42)
  })
})

test('a snapshot is served in pieces', () => {
  const replica = new LoneQuorum({ config: { fetchSnapshotBytesMax: 40 } }).becomeLeader()
  const id = { offset: 2, epoch: 1 }
  const writer = replica.log.snapshots.create(id)
  const bytes = valueBatch('state')
  writer.append(bytes)
  writer.freeze()
  const ask = (position: number, epoch = 1) =>
    replica.ask('FetchSnapshot', {
      replicaId: 2,
      topics: [
        {
          name: '__cluster_metadata',
          partitions: [
            {
              currentLeaderEpoch: replica.quorum.state.epoch,
              snapshotId: { endOffset: 2, epoch },
              position,
            },
          ],
        },
      ],
    }).answer?.topics[0]?.partitions[0]
  expect(ask(0)).toMatchObject({
    errorCode: 0,
    size: bytes.length,
    position: 0,
    unalignedRecords: bytes.slice(0, 40),
  })
  expect(ask(40)).toMatchObject({ errorCode: 0, unalignedRecords: bytes.slice(40, 80) })
  expect(ask(bytes.length)).toMatchObject({ errorCode: 99 })
  expect(ask(0, 7)).toMatchObject({ errorCode: 98 })
})
