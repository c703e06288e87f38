import { describe, expect, test } from 'vitest'
import { VirtualTime } from '../../sim/virtual-time.ts'
import { BrokerHeartbeats } from './broker-heartbeats.ts'

const SESSION_MS = 9000
const REGISTERED_AT = 40
const beat = { metadataOffset: 50, wantFence: false, wantShutDown: false }
const nothing = (): boolean => false
const something = (): boolean => true

function heartbeats(unfenced: readonly number[]) {
  const time = new VirtualTime()
  const brokers = new BrokerHeartbeats(time, () => SESSION_MS)
  for (const id of unfenced) {
    brokers.register(id, true)
    brokers.touch(id, false, 50)
  }
  return { time, brokers }
}

describe('sessions', () => {
  test('a broker that is silent for longer than its session is stale, the most silent one first', () => {
    const { time, brokers } = heartbeats([1])
    time.run(3000)
    brokers.register(2, true)
    brokers.touch(2, false, 50)
    time.run(SESSION_MS - 3000)
    expect(brokers.staleBroker()).toBeUndefined()
    expect(brokers.hasValidSession(1)).toBe(true)
    time.run(1)
    expect(brokers.staleBroker()).toBe(1)
    expect(brokers.hasValidSession(1)).toBe(false)
    brokers.fence(1)
    expect(brokers.staleBroker()).toBeUndefined()
    time.run(3000)
    expect(brokers.staleBroker()).toBe(2)
  })

  test('the next check is when the oldest session ends', () => {
    const { time, brokers } = heartbeats([1, 2])
    expect(brokers.nextCheckMs()).toBe(SESSION_MS)
    time.run(5000)
    brokers.touch(1, false, 60)
    expect(brokers.nextCheckMs()).toBe(SESSION_MS)
    brokers.touch(2, false, 60)
    expect(brokers.nextCheckMs()).toBe(5000 + SESSION_MS)
  })

  test('a fenced broker has no session', () => {
    const { brokers } = heartbeats([])
    brokers.register(1, true)
    expect(brokers.hasValidSession(1)).toBe(false)
    expect(brokers.nextCheckMs()).toBeUndefined()
  })
})

describe('states', () => {
  const nextOf = (
    brokers: BrokerHeartbeats,
    change: Partial<typeof beat>,
    leads: () => boolean = nothing,
    broker = 1,
  ) => brokers.nextState(broker, { ...beat, ...change }, REGISTERED_AT, leads).next

  test('BROKER-HEARTBEATS-1: a broker is unfenced once it has read its registration', () => {
    const { brokers } = heartbeats([])
    brokers.register(1, true)
    expect(nextOf(brokers, { metadataOffset: REGISTERED_AT - 1 })).toBe('fenced')
    expect(nextOf(brokers, { metadataOffset: REGISTERED_AT, wantFence: true })).toBe('fenced')
    expect(nextOf(brokers, { metadataOffset: REGISTERED_AT })).toBe('unfenced')
  })

  test('a broker that leads nothing stops at once, one that leads partitions begins a controlled shutdown', () => {
    const { brokers } = heartbeats([1])
    expect(nextOf(brokers, { wantShutDown: true })).toBe('shutdown now')
    expect(nextOf(brokers, { wantShutDown: true }, something)).toBe('controlled shutdown')
    expect(nextOf(brokers, { wantShutDown: true, wantFence: true }, something)).toBe('shutdown now')
    expect(nextOf(brokers, { wantFence: true }, something)).toBe('fenced')
  })

  test('BROKER-HEARTBEATS-2: a shutdown ends when all active brokers have read that it leads nothing', () => {
    const { brokers } = heartbeats([1, 2, 3])
    brokers.beginShutdown(1, 70)
    expect(nextOf(brokers, { wantShutDown: true }, something)).toBe('controlled shutdown')
    expect(nextOf(brokers, { wantShutDown: true })).toBe('controlled shutdown')
    brokers.touch(2, false, 70)
    expect(nextOf(brokers, { wantShutDown: true })).toBe('controlled shutdown')
    brokers.touch(3, false, 71)
    expect(nextOf(brokers, { wantShutDown: true })).toBe('shutdown now')
  })

  test('the last broker does not wait for others', () => {
    const { brokers } = heartbeats([1])
    brokers.beginShutdown(1, 70)
    expect(nextOf(brokers, { wantShutDown: true })).toBe('shutdown now')
  })

  test('a broker that is fenced meanwhile leaves its controlled shutdown, and stops at its next heartbeat', () => {
    const { brokers } = heartbeats([1, 2])
    brokers.beginShutdown(1, 70)
    brokers.touch(1, true, 60)
    expect(nextOf(brokers, { wantShutDown: true })).toBe('shutdown now')
  })
})
