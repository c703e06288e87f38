/** The life cycle of a broker: start, use, stop. */
import { expect, test } from 'vitest'
import { newTopic } from '../../test/controller-fixtures.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import type { Core, Timer } from '../core.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { ErrorCode, errorName } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { Cluster } from './cluster.ts'

/** A node that counts its timers. With `readMs`, each look at its monotonic clock takes so long: its turns are over soon. */
function node({ storage = new MemoryStorage(), readMs = 0 } = {}) {
  const time = new VirtualTime()
  let readsMs = 0
  const monotonicMs = (): number => {
    readsMs += readMs
    return time.monotonicMs() + readsMs
  }
  const clock = { now: () => time.now(), monotonicMs }
  const pending = new Set<Timer>()
  const set = (delayMs: number, fire: () => void): Timer => {
    const timer = time.after(delayMs, () => {
      pending.delete(counted)
      fire()
    })
    const counted = {
      cancel: () => {
        pending.delete(counted)
        timer.cancel()
      },
    }
    pending.add(counted)
    return counted
  }
  const core: Core = { clock, timers: { set }, random: new SeededRandom(1), storage, log: () => {} }
  const endpoint = { id: 1, host: 'here', port: 9092, rack: null }
  const cluster = new Cluster({
    clusterId: 'dLbxROfB-Kp08brOBDzXcg',
    nodes: [{ core, config: new BrokerConfig({ 'node.id': '1' }), endpoint }],
  })
  /** Completes flushes and moves the clock until `isSo` returns true. */
  const until = (isSo: () => boolean): void => {
    for (let i = 0; i < 100 && !isSo(); i++) {
      storage.finishFlushes()
      time.run(10)
    }
    expect(isSo()).toBe(true)
  }
  const start = (): void => {
    let isUp = false
    cluster.start(() => {
      isUp = true
    })
    until(() => isUp)
  }
  const stop = (): void => {
    let isDown = false
    cluster.stop(() => {
      isDown = true
    })
    until(() => isDown)
  }
  /** Creates topics of two partitions. */
  const create = (...names: readonly string[]): void => {
    const outcomes: ErrorCode[] = []
    for (const name of names) {
      const topic = newTopic(name, { numPartitions: 2, replicationFactor: 1 })
      cluster.brokers[0]!.services.controller.createTopic(topic, ({ errorCode }) => outcomes.push(errorCode))
    }
    until(() => outcomes.length === names.length)
    expect(outcomes).toEqual(names.map(() => ErrorCode.NONE))
  }
  return { cluster, pending, storage, time, start, stop, create }
}

test('BROKER-2: after a stop no timer is left', () => {
  const { pending, time, start, stop, create } = node()
  start()
  create('__consumer_offsets', '__transaction_state')
  time.run(600_000)
  expect(pending.size).toBeGreaterThan(0)
  stop()
  expect(pending.size).toBe(0)
})

const GROUP = 'g'

/** OffsetCommit of t-0 to t-999. */
function commit(cluster: Cluster, offset: number): void {
  const committer = { groupId: GROUP, memberId: '', groupInstanceId: null, generationId: -1, apiVersion: 8 }
  const commits = Array.from({ length: 1000 }, (_, partition) => ({
    topic: 't',
    topicId: ZERO_UUID,
    partition,
    offset,
    leaderEpoch: -1,
    metadata: null,
    retentionMs: undefined,
    errorCode: ErrorCode.NONE as ErrorCode,
  }))
  const codes = (): Set<ErrorCode> => new Set(commits.map(({ errorCode }) => errorCode))
  cluster.brokers[0]!.services.groups.commitOffsets(committer, commits, () =>
    expect(codes()).toEqual(new Set([ErrorCode.NONE])),
  )
}

/** OffsetFetch of t-0: the offset, or the error. */
function fetch(cluster: Cluster): string {
  let answer = 'no answer'
  const topics = [{ name: 't', partitionIndexes: [0] }]
  const request = { groupId: GROUP, memberId: null, memberEpoch: -1, topics, requireStable: true }
  cluster.brokers[0]!.services.groups.fetchOffsets(request, ({ errorCode, topics: fetched }) => {
    answer = errorCode ? errorName(errorCode) : String(fetched[0]!.partitions[0]!.committedOffset)
  })
  return answer
}

test('BROKER-4: a client that comes while its coordinator loads gets COORDINATOR_LOAD_IN_PROGRESS', () => {
  const first = node()
  first.start()
  first.create('__consumer_offsets')
  for (const offset of [1, 2, 3]) commit(first.cluster, offset)
  expect(fetch(first.cluster)).toBe('3')
  first.stop()

  const { cluster, storage, time, stop } = node({ storage: first.storage, readMs: 1 })
  let isUp = false
  cluster.start(() => {
    isUp = true
  })
  for (let i = 0; i < 100 && !isUp; i++) {
    storage.finishFlushes()
    time.step()
  }
  expect(isUp).toBe(true)
  expect(fetch(cluster)).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  time.run(1000)
  expect(fetch(cluster)).toBe('3')
  stop()
})
