import { describe, expect, test } from 'vitest'
import { settledNow } from './settled-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A machine with two clocks: time passes for both, and the wall clock can be set. */
function machine() {
  let monotonic = 5_000
  let wall = 1_700_000_000_000
  const clock = { now: () => wall, monotonicMs: () => monotonic }
  const pass = (ms: number): void => {
    monotonic += ms
    wall += ms
  }
  const setAhead = (ms: number): void => {
    wall += ms
  }
  return { clock, pass, setAhead, lag: () => wall - settledNow(clock) }
}

describe('settled time', () => {
  test('SETTLED-TIME-4: the first reading is accepted; then settled time follows the wall clock', () => {
    const { pass, lag } = machine()
    expect(lag()).toBe(0)
    pass(10 * DAY_MS)
    expect(lag()).toBe(0)
  })

  test('SETTLED-TIME-1, SETTLED-TIME-3: it ignores a clock that is ten days ahead for a second', () => {
    const { pass, setAhead, lag } = machine()
    lag()
    setAhead(10 * DAY_MS)
    expect(lag()).toBe(10 * DAY_MS)
    pass(1000)
    expect(lag()).toBe(10 * DAY_MS)
    setAhead(-10 * DAY_MS)
    expect(lag()).toBe(0)
    pass(20 * MINUTE_MS)
    expect(lag()).toBe(0)
  })

  test('SETTLED-TIME-3: it follows a clock that has been ahead for ten minutes, however rarely it is read', () => {
    const { pass, setAhead, lag } = machine()
    lag()
    setAhead(10 * DAY_MS)
    pass(60 * MINUTE_MS)
    // There was no reading in between: the clock may have jumped a moment ago.
    expect(lag()).toBe(10 * DAY_MS)
    pass(9 * MINUTE_MS)
    expect(lag()).toBe(10 * DAY_MS)
    pass(MINUTE_MS)
    expect(lag()).toBe(0)
  })

  test('SETTLED-TIME-3: each of two jumps takes its own ten minutes', () => {
    const { pass, setAhead, lag } = machine()
    lag()
    setAhead(1000)
    lag()
    pass(9 * MINUTE_MS)
    setAhead(10 * DAY_MS)
    lag()
    pass(MINUTE_MS)
    expect(lag()).toBe(10 * DAY_MS)
    pass(10 * MINUTE_MS)
    expect(lag()).toBe(0)
  })

  test('SETTLED-TIME-2: a clock that is set back is followed at once, a later jump ahead is not', () => {
    const { setAhead, lag } = machine()
    lag()
    setAhead(-DAY_MS)
    expect(lag()).toBe(0)
    setAhead(DAY_MS)
    expect(lag()).toBe(DAY_MS)
  })
})
