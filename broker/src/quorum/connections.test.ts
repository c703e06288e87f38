import { describe, expect, test } from 'vitest'
import { Connections } from './connections.ts'

describe('connections', () => {
  test('CONNECTIONS-1: an answer counts if its request is waited for', () => {
    const connections = new Connections({ retryBackoffMs: 20, requestTimeoutMs: 100 })
    const first = connections.sent(2, 0)
    expect([connections.isExpected(2, first, 99), connections.isExpected(2, first, 100)]).toEqual([
      true,
      false,
    ])
    expect(connections.waitMs(2, 10)).toBe(90)
    expect(connections.isReady(2, 100)).toBe(true)
    const second = connections.sent(2, 100)
    expect(connections.isExpected(2, first, 100)).toBe(false)
    connections.ended(2, first, { success: true, nowMs: 110 })
    expect(connections.isExpected(2, second, 110)).toBe(true)
    connections.ended(2, second, { success: true, nowMs: 120 })
    expect(connections.isReady(2, 120)).toBe(true)
    const third = connections.sent(2, 120)
    connections.resetAll()
    expect(connections.isExpected(2, third, 120)).toBe(false)
  })

  test('a failure is followed by a pause, and seen until it is over', () => {
    const connections = new Connections({ retryBackoffMs: 20, requestTimeoutMs: 100 })
    connections.ended(2, connections.sent(2, 0), { success: false, nowMs: 50 })
    expect([connections.waitMs(2, 60), connections.hasFailed(2, 60)]).toEqual([10, true])
    expect([connections.waitMs(2, 70), connections.hasFailed(2, 70)]).toEqual([0, false])
    expect(connections.isReady(3, 60)).toBe(true)
  })

  test('says how long a request may still be answered', () => {
    const connections = new Connections({ retryBackoffMs: 20, requestTimeoutMs: 100 })
    connections.sent(2, 0)
    connections.sent(3, 30)
    expect([connections.busyMs(40), connections.busyMs(130)]).toEqual([90, 0])
  })
})
