/** A Fetch that waits, beside logs in memory: when it is answered, and what a partition that moves costs it. */
import { describe, expect, test } from 'vitest'
import { alive, assigned, imageOf } from '../../test/hosted-fixtures.ts'
import { TestClock, TOPIC_ID, testLog } from '../../test/log-fixtures.ts'
import type { Core } from '../core.ts'
import type { LogManager } from '../log/log-manager.ts'
import { type BatchOptions, buildBatch } from '../record/batch-builder.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { FetchedPartition, FetchTarget } from './fetched.ts'
import { ReplicaManager } from './replica-manager.ts'
import { type FetchParams, fetch } from './waiting-fetch.ts'

const NODE = 1
const FOLLOWER = 2
const BROKER_EPOCH = 70
const PARTITIONS = 50
const PRODUCER = { producerId: 7, producerEpoch: 0 }

function stage(partitions = Array.from({ length: PARTITIONS }, () => assigned([NODE]))) {
  const expire: (() => void)[] = []
  const core = {
    clock: new TestClock(),
    timers: {
      set: (_: number, fire: () => void) => {
        const at = expire.push(fire) - 1
        return { cancel: () => void expire.splice(at, 1, () => {}) }
      },
    },
    log: () => {},
  } as unknown as Core
  const logs = { open: () => testLog() } as unknown as LogManager
  const replicas = new ReplicaManager({ core, nodeId: NODE, logs, sessions: { slotsMax: 1, idleMsMin: 0 } })
  const image = imageOf({ t: partitions }, new Map([NODE, FOLLOWER].map((id) => [id, alive(BROKER_EPOCH)])))
  const following = replicas.apply(image, { isOver: false })
  while (!following.next().done) {}
  const answers: FetchedPartition[][] = []
  const target = (index: number, changed: Partial<FetchTarget> = {}): FetchTarget => ({
    topic: 't',
    topicId: TOPIC_ID,
    index,
    fetchOffset: 0,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    bytesMax: 1_000_000,
    ...changed,
  })
  const all = partitions.map((_, index) => target(index))
  /** Gives what ends the wait. */
  const ask = (minBytes: number, targets = all, changed: Partial<FetchParams> = {}): (() => void) => {
    const params = { maxWaitMs: 1000, minBytes, maxBytes: 1_000_000, isolation: 'read_uncommitted' } as const
    return fetch(replicas, { ...params, ...changed }, targets, (results) => answers.push(results))
  }
  const produce = (index: number, options: BatchOptions = {}): void => {
    const partition = replicas.leader('t', index)
    const batch = buildBatch([{ key: null, value: new Uint8Array(100), timestamp: 1 }], options)
    partition.append(batch, 'client', 0)
    replicas.moved(partition)
  }
  const commit = (index: number): void => {
    const partition = replicas.leader('t', index)
    partition.appendEndTxnMarker({ ...PRODUCER, coordinatorEpoch: 0, committed: true, timestamp: 1 }, 1)
    replicas.moved(partition)
  }
  /** Of all partitions: counters are kept per topic. */
  const looks = (): number => replicas.leader('t', 0).counters.fetchRequests
  return { replicas, ask, target, produce, commit, looks, answers, expire }
}

const bytesOf = (results: readonly FetchedPartition[]): number =>
  results.reduce((sum, { records }) => sum + records.length, 0)

test('WAITING-FETCH-4: an append to a partition reads this partition and no other', () => {
  const { ask, produce, looks, answers } = stage()
  ask(100_000)
  expect(looks()).toBe(PARTITIONS)
  for (let i = 0; i < 10; i++) produce(3)
  expect(looks()).toBe(PARTITIONS + 10)
  expect(answers).toEqual([])
})

test('the bytes of all partitions are added up, each once, and the response contains all of them', () => {
  const { ask, produce, answers } = stage()
  ask(450)
  produce(3)
  produce(3)
  expect(answers).toEqual([])
  produce(9)
  expect(answers).toHaveLength(1)
  expect(answers[0]!.flatMap(({ records }, at) => (records.length > 0 ? [at] : []))).toEqual([3, 9])
  expect(bytesOf(answers[0]!)).toBeGreaterThanOrEqual(450)
})

test('after maxWaitMs the response contains the available records', () => {
  const { ask, produce, answers, expire } = stage()
  ask(100_000)
  produce(3)
  for (const fire of expire) fire()
  expect(answers).toHaveLength(1)
  expect(bytesOf(answers[0]!)).toBeGreaterThan(100)
})

test('WAITING-FETCH-1: an error in one partition completes the request at once', () => {
  const { ask, target, answers } = stage()
  ask(100_000, [target(0), target(1, { currentLeaderEpoch: 5 }), target(2, { fetchOffset: 1 })])
  expect(answers[0]!.map(({ errorCode }) => errorCode)).toEqual([
    ErrorCode.NONE,
    ErrorCode.UNKNOWN_LEADER_EPOCH,
    ErrorCode.OFFSET_OUT_OF_RANGE,
  ])
})

test('WAITING-FETCH-1: so does a diverging log, with the offset where it diverges (KIP-595)', () => {
  const { ask, target, produce, answers } = stage()
  produce(0)
  ask(100_000, [target(0, { fetchOffset: 4, lastFetchedEpoch: 0 })])
  expect(answers[0]).toMatchObject([{ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1 } }])
  expect(bytesOf(answers[0]!)).toBe(0)
})

test('WAITING-FETCH-2: records of an open transaction are not visible with read_committed until it is committed', () => {
  const { ask, target, produce, commit, answers } = stage()
  ask(1, [target(0)], { isolation: 'read_committed' })
  produce(0, { ...PRODUCER, baseSequence: 0, transactional: true })
  expect(answers).toEqual([])
  commit(0)
  expect(answers).toMatchObject([[{ highWatermark: 2, lastStableOffset: 2, abortedTransactions: [] }]])
  expect(bytesOf(answers[0]!)).toBeGreaterThan(100)
})

test('WAITING-FETCH-3: the first partition with records returns its first batch whole, the next ones nothing', () => {
  const { ask, target, produce, answers } = stage()
  for (const index of [1, 2]) produce(index)
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
  ]) {
    const targets = order.map((index) => target(index))
    ask(1, targets, { maxBytes: 10 })
  }
  const lengths = answers.map((results) => results.map(({ records }) => records.length > 100))
  expect(lengths).toEqual([
    [false, true, false],
    [true, false, false],
  ])
})

test('a partition returns at most its own limit if another one has records', () => {
  const { ask, target, produce, answers } = stage()
  for (const index of [0, 1, 1]) produce(index)
  ask(1, [target(0), target(1, { bytesMax: 10 }), target(1)])
  const [first, limited, unlimited] = answers[0]!.map(({ records }) => records.length)
  expect(limited, 'a batch that is cut off: clients drop it, or nothing').toBeLessThanOrEqual(10)
  expect(unlimited).toBe(2 * first!)
})

test('with maxWaitMs 0 the response is empty; a cancelled fetch gets no response', () => {
  const { ask, target, produce, answers, expire } = stage()
  ask(1, [target(0)], { maxWaitMs: 0 })
  expect(answers).toHaveLength(1)
  const end = ask(1, [target(0)])
  end()
  produce(0)
  for (const fire of expire) fire()
  expect(answers).toHaveLength(1)
})

describe('WAITING-FETCH-5: a follower', () => {
  const follower = { id: FOLLOWER, brokerEpoch: BROKER_EPOCH }
  const replicated = () => stage([assigned([NODE, FOLLOWER], { leaderEpoch: 3 })])
  const fromFollower = { follower, maxWaitMs: 0 }

  test('reads records that are not committed, and tells by its offset what it has', () => {
    const { replicas, ask, target, produce, answers } = replicated()
    produce(0)
    produce(0)
    const { log } = replicas.leader('t', 0)
    const fetchFrom = (fetchOffset: number) =>
      ask(1, [target(0, { fetchOffset, currentLeaderEpoch: 3 })], fromFollower)
    fetchFrom(0)
    expect([bytesOf(answers[0]!) > 0, log.highWatermark]).toEqual([true, 0])
    fetchFrom(1)
    expect(log.highWatermark).toBe(1)
    fetchFrom(2)
    expect([bytesOf(answers[2]!), log.highWatermark]).toEqual([0, 2])
  })

  test('counts once: not again when its Fetch is completed later', () => {
    const { replicas, ask, target, produce, answers } = replicated()
    produce(0)
    ask(1, [target(0, { fetchOffset: 1, currentLeaderEpoch: 3 })], { follower })
    const { leadership } = replicas.leader('t', 0)
    const before = leadership!.followerStates.get(FOLLOWER)
    produce(0)
    expect(answers).toHaveLength(1)
    expect(leadership!.followerStates.get(FOLLOWER)).toBe(before)
  })

  test('of an older leader epoch is refused, and moves nothing (R4)', () => {
    const { replicas, ask, target, produce, answers } = replicated()
    produce(0)
    ask(1, [target(0, { fetchOffset: 1, currentLeaderEpoch: 2 })], fromFollower)
    expect(answers[0]![0]!.errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    expect(replicas.leader('t', 0).log.highWatermark).toBe(0)
  })

  test('that is no replica is refused, and moves nothing (R23)', () => {
    const { replicas, ask, target, produce, answers } = replicated()
    produce(0)
    const stranger = { follower: { id: 9, brokerEpoch: BROKER_EPOCH }, maxWaitMs: 0 }
    ask(1, [target(0, { fetchOffset: 1, currentLeaderEpoch: 3 })], stranger)
    ask(1, [target(0, { fetchOffset: 1 })], stranger)
    expect(answers.map(([only]) => only!.errorCode)).toEqual([
      ErrorCode.UNKNOWN_LEADER_EPOCH,
      ErrorCode.NOT_LEADER_OR_FOLLOWER,
    ])
    expect(replicas.leader('t', 0).log.highWatermark).toBe(0)
  })

  test('that has to truncate moves nothing', () => {
    const { replicas, ask, target, produce, answers } = replicated()
    produce(0)
    ask(1, [target(0, { fetchOffset: 1, currentLeaderEpoch: 3, lastFetchedEpoch: 2 })], fromFollower)
    expect(answers[0]![0]!.divergingEpoch ?? answers[0]![0]!.errorCode).toBeTruthy()
    expect(replicas.leader('t', 0).log.highWatermark).toBe(0)
  })
})
