/** A Fetch that waits, beside logs in memory: when it is answered, and what a partition that moves costs it. */
import { expect, test } from 'vitest'
import { TestClock, TOPIC_ID, testLog } from '../../test/log-fixtures.ts'
import type { Core } from '../core.ts'
import type { LogManager } from '../log/log-manager.ts'
import { buildBatch } from '../record/batch-builder.ts'
import type { FetchedPartition } from './fetched.ts'
import { ReplicaManager } from './replica-manager.ts'
import { fetch } from './waiting-fetch.ts'

const NODE = 1
const PARTITIONS = 50

function stage() {
  const expire: (() => void)[] = []
  const core = {
    clock: new TestClock(),
    timers: { set: (_: number, fire: () => void) => ({ cancel: () => {}, at: expire.push(fire) }) },
    log: () => {},
  } as unknown as Core
  const logs = { open: () => testLog() } as unknown as LogManager
  const replicas = new ReplicaManager({ core, nodeId: NODE, logs, sessions: { slotsMax: 1, idleMsMin: 0 } })
  const partitions = Array.from({ length: PARTITIONS }, () => ({ leader: NODE, leaderEpoch: 0 }))
  const topic = { name: 't', id: TOPIC_ID, partitions }
  const image = { topics: new Map([['t', topic]]), topic: () => topic }
  const following = replicas.apply(image, { isOver: false })
  while (!following.next().done) {}
  const answers: FetchedPartition[][] = []
  const ask = (minBytes: number): void => {
    const targets = partitions.map((_, index) => ({
      topic: 't',
      topicId: TOPIC_ID,
      index,
      fetchOffset: 0,
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      bytesMax: 1_000_000,
    }))
    const params = { maxWaitMs: 1000, minBytes, maxBytes: 1_000_000, isolation: 'read_uncommitted' } as const
    fetch(replicas, { ...params, asFollower: false }, targets, (results) => answers.push(results))
  }
  const produce = (index: number): void => {
    const partition = replicas.leader('t', index)
    partition.append(buildBatch([{ key: null, value: new Uint8Array(100), timestamp: 1 }]), 'client', 0)
    replicas.moved(partition)
  }
  /** At any partition: they are counted by topic. */
  const looks = (): number => replicas.leader('t', 0).counters.fetchRequests
  return { ask, produce, looks, answers, expire }
}

const bytesOf = (results: readonly FetchedPartition[]): number =>
  results.reduce((sum, { records }) => sum + records.length, 0)

test('WAITING-FETCH-4: a partition that moves is looked at, and no other one', () => {
  const { ask, produce, looks, answers } = stage()
  ask(100_000)
  expect(looks()).toBe(PARTITIONS)
  for (let i = 0; i < 10; i++) produce(3)
  expect(looks()).toBe(PARTITIONS + 10)
  expect(answers).toEqual([])
})

test('bytes of all partitions count, each once, and the answer holds all of them', () => {
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

test('when its time is up it gets what there is', () => {
  const { ask, produce, answers, expire } = stage()
  ask(100_000)
  produce(3)
  for (const fire of expire) fire()
  expect(answers).toHaveLength(1)
  expect(bytesOf(answers[0]!)).toBeGreaterThan(100)
})
