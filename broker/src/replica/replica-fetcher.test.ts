/** A replica fetcher beside a leader that a test plays: what it asks for, and what an answer does to the log. */
import { describe, expect, test } from 'vitest'
import { assigned, replicaOf, testHost } from '../../test/hosted-fixtures.ts'
import { batchOf, TOPIC_ID, testLog } from '../../test/log-fixtures.ts'
import type { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import type { ListOffsetsRequest, ListOffsetsResponse } from '../messages/list-offsets.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { InputOf } from '../wire/schema.ts'
import type { Partition } from './partition.ts'
import { ReplicaFetcher } from './replica-fetcher.ts'
import { ReplicaFetchers } from './replica-fetchers.ts'

const SETTINGS = {
  waitMaxMs: 500,
  minBytes: 1,
  maxBytes: 1_048_576,
  responseMaxBytes: 10_485_760,
  backoffMs: 1000,
}
const LEADER = 2

interface Sent<Request, Response> {
  readonly request: InputOf<Request>
  readonly answered: (response: Response | undefined) => void
}
type Answer = FetchResponse['responses'][number]['partitions'][number]

function stage() {
  const time = new VirtualTime()
  const fetches: Sent<typeof FetchRequest, FetchResponse>[] = []
  const lists: Sent<typeof ListOffsetsRequest, ListOffsetsResponse>[] = []
  const closed: number[] = []
  const endpoint = (leaderId: number) => ({
    fetch: (request: InputOf<typeof FetchRequest>, answered: (response: FetchResponse | undefined) => void) =>
      void fetches.push({ request, answered }),
    listOffsets: (
      request: InputOf<typeof ListOffsetsRequest>,
      answered: (response: ListOffsetsResponse | undefined) => void,
    ) => void lists.push({ request, answered }),
    close: () => void closed.push(leaderId),
  })
  const options = {
    nodeId: 1,
    settings: SETTINGS,
    timers: { set: (delayMs: number, fire: () => void) => time.after(delayMs, fire) },
    clock: time,
    log: () => {},
    brokerEpoch: () => 10,
    moved: () => {},
  }
  const fetcher = new ReplicaFetcher({ ...options, endpoint: endpoint(LEADER) })
  const fetchers = new ReplicaFetchers({ ...options, connect: endpoint })
  /** A follower of node 2 in epoch 5, with `count` records of epoch 4. */
  const follower = (count = 0, index = 0): Partition => {
    const log = testLog()
    const partition = replicaOf(log, testHost(), index)
    for (let i = 0; i < count; i++) log.appendAsLeader(batchOf(['x']), { leaderEpoch: 4, origin: 'client' })
    elect(partition, 5)
    return partition
  }
  const elect = (partition: Partition, leaderEpoch: number, leader = LEADER) =>
    partition.follow(assigned([1, LEADER, 3], { leader, leaderEpoch, partitionEpoch: leaderEpoch }))
  /** Answers the fetch at `at` for its only partition. */
  const answer = (changed: Partial<Answer> = {}, at = fetches.length - 1): void =>
    fetches[at]!.answered(responseOf([{ ...answerOf(0), ...changed }]))
  const asked = (at = fetches.length - 1) =>
    fetches[at]!.request.topics!.flatMap(({ partitions }) => partitions!)
  const listed = (at: number, changed: { offset?: number; errorCode?: number }): void =>
    lists[at]!.answered({
      throttleTimeMs: 0,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, errorCode: 0, timestamp: -1, offset: -1, leaderEpoch: 5, ...changed },
          ],
        },
      ],
    })
  return { time, fetcher, fetchers, fetches, lists, closed, follower, elect, answer, asked, listed }
}

function answerOf(partitionIndex: number): Answer {
  return {
    partitionIndex,
    errorCode: 0,
    highWatermark: 0,
    lastStableOffset: -1,
    logStartOffset: 0,
    divergingEpoch: { epoch: -1, endOffset: -1 },
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
    snapshotId: { endOffset: -1, epoch: -1 },
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: null,
  }
}

function responseOf(partitions: Answer[]): FetchResponse {
  const responses = [{ topic: 't', topicId: TOPIC_ID, partitions }]
  return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses, nodeEndpoints: [] }
}

const epochStart = {
  records: batchOf(['a', 'b'], { partitionLeaderEpoch: 5, baseOffset: 3 }),
  highWatermark: 4,
}

describe('fetching', () => {
  test('asks from the log end, with the epoch of the last record, its own epochs, and as a replica', () => {
    const { fetcher, follower, fetches, asked } = stage()
    fetcher.add(follower(3))
    expect(fetches[0]!.request).toMatchObject({
      replicaId: 1,
      replicaState: { replicaId: 1, replicaEpoch: 10 },
      maxWaitMs: 500,
      minBytes: 1,
    })
    expect(asked()).toMatchObject([
      { fetchOffset: 3, lastFetchedEpoch: 4, currentLeaderEpoch: 5, logStartOffset: 0 },
    ])
  })

  test('appends what it gets, takes the high watermark over, and asks for more', () => {
    const { fetcher, follower, answer, asked } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer(epochStart)
    expect([partition.logEndOffset, partition.log.highWatermark]).toEqual([5, 4])
    expect(asked()).toMatchObject([{ fetchOffset: 5, lastFetchedEpoch: 5 }])
  })

  test('with a diverging epoch it truncates, takes nothing else over (R17), and asks again', () => {
    const { fetcher, follower, answer, asked } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer({ divergingEpoch: { epoch: 4, endOffset: 1 }, highWatermark: 9 })
    expect([partition.logEndOffset, partition.log.highWatermark]).toEqual([1, 0])
    expect(asked()).toMatchObject([{ fetchOffset: 1, lastFetchedEpoch: 4 }])
  })

  test('REPLICA-FETCHER-3: a partition with records goes to the end of the next request', () => {
    const { fetcher, fetches, answer, asked, follower } = stage()
    fetcher.add(follower(0, 0))
    fetcher.add(follower(0, 1))
    answer()
    expect(asked().map(({ partition }) => partition)).toEqual([0, 1])
    const records = batchOf(['a'], { partitionLeaderEpoch: 5 })
    fetches[1]!.answered(responseOf([{ ...answerOf(0), records }, answerOf(1)]))
    expect(asked().map(({ partition }) => partition)).toEqual([1, 0])
  })
})

describe('REPLICA-FETCHER-1: an answer to a request of an older epoch', () => {
  test('does not truncate (R3, R16)', () => {
    const { fetcher, follower, elect, answer } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    elect(partition, 6)
    fetcher.add(partition)
    answer({ divergingEpoch: { epoch: 4, endOffset: 1 } }, 0)
    expect(partition.logEndOffset).toBe(3)
  })

  test('does not append, nor fence, nor move the high watermark', () => {
    for (const changed of [epochStart, { errorCode: ErrorCode.FENCED_LEADER_EPOCH }, { highWatermark: 2 }]) {
      const { fetcher, follower, elect, answer, asked } = stage()
      const partition = follower(3)
      fetcher.add(partition)
      elect(partition, 6)
      fetcher.add(partition)
      answer(changed, 0)
      expect([partition.logEndOffset, partition.log.highWatermark, fetcher.stateOf('t-0')]).toEqual([
        3,
        0,
        'fetching',
      ])
      expect(asked()).toMatchObject([{ currentLeaderEpoch: 6 }])
    }
  })

  test('is ignored before the fetcher has heard of the new epoch, too, and when this node leads now', () => {
    for (const change of ['follow', 'lead'] as const) {
      const { fetcher, follower, answer } = stage()
      const partition = follower(3)
      fetcher.add(partition)
      partition[change](assigned([1, LEADER], { leader: change === 'lead' ? 1 : LEADER, leaderEpoch: 6 }))
      answer(epochStart)
      expect(partition.logEndOffset, change).toBe(3)
    }
  })

  test('is ignored for a partition that was removed', () => {
    const { fetcher, follower, answer } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    fetcher.remove('t-0')
    answer(epochStart)
    expect([partition.logEndOffset, fetcher.size]).toEqual([3, 0])
  })
})

describe('an offset out of range', () => {
  test('the leader ends before: truncates to its end', () => {
    const { fetcher, follower, answer, lists, listed, asked } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    expect(lists[0]!.request).toMatchObject({
      replicaId: 1,
      topics: [{ name: 't', partitions: [{ currentLeaderEpoch: 5, timestamp: -1 }] }],
    })
    listed(0, { offset: 2 })
    expect(partition.logEndOffset).toBe(2)
    expect(asked()).toMatchObject([{ fetchOffset: 2 }])
  })

  test('the leader starts after: nothing is of use, and the log begins at the leader’s start', () => {
    const { fetcher, follower, answer, listed, asked } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    listed(0, { offset: 90 })
    listed(1, { offset: 40 })
    expect([partition.logStartOffset, partition.logEndOffset]).toEqual([40, 40])
    expect(asked()).toMatchObject([{ fetchOffset: 40, lastFetchedEpoch: -1 }])
  })

  test('neither: the log stays, and it fetches again', () => {
    const { fetcher, follower, answer, listed, asked, fetches } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    listed(0, { offset: 90 })
    listed(1, { offset: 0 })
    expect([partition.logEndOffset, fetches.length]).toEqual([3, 2])
    expect(asked()).toMatchObject([{ fetchOffset: 3 }])
  })

  test('the answer of an older epoch does not truncate', () => {
    const { fetcher, follower, elect, answer, listed } = stage()
    const partition = follower(3)
    fetcher.add(partition)
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    elect(partition, 6)
    fetcher.add(partition)
    listed(0, { offset: 0 })
    expect(partition.logEndOffset).toBe(3)
  })

  test('an error is tried again later', () => {
    const { fetcher, follower, answer, lists, listed, time, fetches } = stage()
    fetcher.add(follower(3))
    answer({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    listed(0, { errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH })
    time.run(SETTINGS.backoffMs)
    expect([fetches.length, lists.length]).toEqual([2, 1])
  })
})

describe('errors', () => {
  test('delay the partition for replica.fetch.backoff.ms', () => {
    for (const errorCode of [ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_LEADER_EPOCH]) {
      const { fetcher, follower, answer, fetches, time } = stage()
      fetcher.add(follower())
      answer({ errorCode })
      time.run(SETTINGS.backoffMs - 1)
      expect([fetches.length, fetcher.stateOf('t-0')]).toEqual([1, 'delayed'])
      time.run(1)
      expect(fetches).toHaveLength(2)
    }
  })

  test('no answer delays all partitions', () => {
    const { fetcher, follower, fetches, time } = stage()
    fetcher.add(follower())
    fetches[0]!.answered(undefined)
    expect(fetches).toHaveLength(1)
    time.run(SETTINGS.backoffMs)
    expect(fetches).toHaveLength(2)
  })

  test('a damaged batch is fetched again', () => {
    const { fetcher, follower, answer, fetches, time, asked } = stage()
    fetcher.add(follower())
    const records = batchOf(['a'], { partitionLeaderEpoch: 5 })
    records[records.length - 1]! ^= 1
    answer({ records })
    time.run(SETTINGS.backoffMs)
    expect(fetches).toHaveLength(2)
    expect(asked()).toMatchObject([{ fetchOffset: 0 }])
  })

  test('FENCED_LEADER_EPOCH stops the partition until metadata of a later epoch arrives', () => {
    const { fetcher, follower, elect, answer, fetches, time, asked } = stage()
    const partition = follower()
    fetcher.add(partition)
    answer({ errorCode: ErrorCode.FENCED_LEADER_EPOCH })
    fetcher.add(partition)
    time.run(10 * SETTINGS.backoffMs)
    expect([fetches.length, fetcher.stateOf('t-0')]).toEqual([1, 'failed'])
    elect(partition, 6)
    fetcher.add(partition)
    expect(asked()).toMatchObject([{ currentLeaderEpoch: 6 }])
  })

  test('REPLICA-FETCHER-2: one partition fails, the other goes on', () => {
    const { fetcher, follower, fetches, asked } = stage()
    fetcher.add(follower(0, 1))
    fetcher.add(follower(3))
    fetches[0]!.answered(responseOf([answerOf(1)]))
    expect(asked()).toHaveLength(2)
    const gone = batchOf(['a'], { baseOffset: 1, partitionLeaderEpoch: 5 })
    fetches[1]!.answered(responseOf([answerOf(1), { ...answerOf(0), records: gone }]))
    expect([fetcher.stateOf('t-0'), fetcher.stateOf('t-1')]).toEqual(['failed', 'fetching'])
    expect(asked()).toMatchObject([{ partition: 1 }])
  })
})

test('REPLICA-FETCHER-4: nothing happens after close', () => {
  const { fetcher, follower, fetches, closed, time, answer } = stage()
  const partition = follower()
  fetcher.add(partition)
  fetcher.close()
  answer({ records: batchOf(['a'], { partitionLeaderEpoch: 5 }) })
  time.run(10_000)
  expect([fetches.length, partition.logEndOffset, closed]).toEqual([1, 0, [LEADER]])
})

describe('the fetchers of a node', () => {
  test('REPLICA-FETCHERS-1, REPLICA-FETCHERS-2: a partition is copied from its leader only; an idle fetcher is closed', () => {
    const { fetchers, follower, elect, closed } = stage()
    const partition = follower()
    fetchers.follow(partition)
    expect(fetchers.fetcherOf(LEADER)?.size).toBe(1)
    elect(partition, 6, 3)
    fetchers.follow(partition)
    expect([fetchers.fetcherOf(LEADER)?.size, fetchers.fetcherOf(3)?.size]).toEqual([0, 1])
    fetchers.closeIdle()
    expect([closed, fetchers.fetcherOf(LEADER)]).toEqual([[LEADER], undefined])
    elect(partition, 7, -1)
    fetchers.follow(partition)
    fetchers.closeIdle()
    expect(closed).toEqual([LEADER, 3])
  })
})
