import { expect, test, vi } from 'vitest'
import { watchLoop } from './node-loop.ts'

test('NODE-LOOP-1: how late the loop is, is told, whatever kept it', () => {
  vi.useFakeTimers()
  try {
    const told: number[] = []
    const end = watchLoop({ worked: (ms: number) => void told.push(Math.round(ms)) } as Parameters<
      typeof watchLoop
    >[0])
    vi.advanceTimersByTime(200)
    // The clock moves on, and no timer fires: the loop stands still.
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 700)
    vi.advanceTimersByTime(100)
    clock.mockRestore()
    expect(told).toEqual([0, 0, 600])
    end()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
