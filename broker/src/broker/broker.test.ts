/** The life cycle of a broker: start, use, stop. */
import { expect, test } from 'vitest'
import { newTopic } from '../../test/controller-fixtures.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import type { Core, Timer } from '../core.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { VirtualTime } from '../sim/virtual-time.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Cluster } from './cluster.ts'

/** A node that counts its timers. */
function node() {
  const time = new VirtualTime()
  const storage = new MemoryStorage()
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
  const core: Core = { clock: time, timers: { set }, random: new SeededRandom(1), storage, log: () => {} }
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
  return { cluster, pending, time, until }
}

test('BROKER-2: after a stop no timer is left', () => {
  const { cluster, pending, time, until } = node()
  let isUp = false
  cluster.start(() => {
    isUp = true
  })
  until(() => isUp)
  const controller = cluster.brokers[0]!.services.controller
  const outcomes: ErrorCode[] = []
  for (const name of ['__consumer_offsets', '__transaction_state']) {
    const topic = newTopic(name, { numPartitions: 2, replicationFactor: 1 })
    controller.createTopic(topic, ({ errorCode }) => outcomes.push(errorCode))
  }
  until(() => outcomes.length === 2)
  expect(outcomes).toEqual([ErrorCode.NONE, ErrorCode.NONE])
  time.run(600_000)
  expect(pending.size).toBeGreaterThan(0)
  let isDown = false
  cluster.stop(() => {
    isDown = true
  })
  until(() => isDown)
  expect(pending.size).toBe(0)
})
