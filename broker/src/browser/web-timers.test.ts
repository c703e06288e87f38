/** Timers on an event loop that the test controls: bytes on sockets arrive in a poll, and only there. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebTimers } from './web-timers.ts'

let nowMs: number
/** Callbacks for after the next poll. */
let soon: (() => void)[]
/** Bytes on sockets, which the next poll reads. */
let sockets: (() => void)[]
let said: string[]
let timers: WebTimers
const stalls: { ms: number; work: unknown }[] = []

beforeEach(() => {
  vi.useFakeTimers()
  nowMs = 0
  soon = []
  sockets = []
  said = []
  stalls.length = 0
  const loop = { soon: (fire: () => void) => void soon.push(fire), monotonicMs: () => nowMs }
  const log = (_level: string, message: string): void => void said.push(message.split('\n')[0]!)
  timers = new WebTimers(log, loop, {
    worked: (ms, work) => void (ms > 0 && stalls.push({ ms, work: work() })),
  })
})
afterEach(() => {
  timers.close()
  vi.useRealTimers()
})

/** The process is stopped or busy for `ms`; then JavaScript fires the timers that are due. */
function stop(ms: number): void {
  nowMs += ms
  vi.advanceTimersByTime(ms)
}

/** Reads the sockets, then runs the callbacks. */
function poll(): void {
  for (const read of sockets.splice(0)) read()
  for (const fire of soon.splice(0)) fire()
}

function polls(count: number): void {
  for (let i = 0; i < count; i++) poll()
}

test('WEB-TIMERS-3: a heartbeat that waits on a socket is handled before the session’s timer fires', () => {
  const session = timers.set(10_000, () => said.push('expired'))
  sockets.push(() => {
    session.cancel()
    said.push('heartbeat')
  })
  stop(14_000)
  expect(said).toEqual([])
  polls(5)
  expect(said).toEqual(['heartbeat'])
})

test('WEB-TIMERS-3: so is a heartbeat that waits behind others in the queue of turns', () => {
  const session = timers.set(10_000, () => said.push('expired'))
  const frames = ['fetch', 'fetch', 'fetch', 'heartbeat']
  const turn = (): void => {
    const frame = frames.shift()!
    said.push(frame)
    if (frame === 'heartbeat') session.cancel()
    if (frames.length > 0) timers.soon(turn)
  }
  sockets.push(() => timers.soon(turn))
  stop(14_000)
  polls(10)
  expect(said).toEqual(['fetch', 'fetch', 'fetch', 'heartbeat'])
})

test('WEB-TIMERS-3: a paused socket is read again when its frames are handled', () => {
  const session = timers.set(10_000, () => said.push('expired'))
  timers.soon(() => sockets.push(() => session.cancel()))
  stop(14_000)
  polls(10)
  expect(said).toEqual([])
})

test('WEB-TIMERS-3: under constant load an overdue timer waits a second, a punctual one hardly at all', () => {
  const busy = (): void => timers.soon(busy)
  busy()
  timers.set(10_000, () => said.push(`overdue, at ${nowMs}`))
  stop(14_000)
  for (let i = 0; i < 300; i++) {
    nowMs += 5
    poll()
  }
  expect(said).toEqual(['overdue, at 15005'])
  timers.set(100, () => said.push('in time'))
  stop(100)
  nowMs++
  poll()
  expect(said[1]).toBe('in time')
})

test('WEB-TIMERS-4: timers fire in the order of their due times', () => {
  timers.set(300, () => said.push('b'))
  timers.set(100, () => said.push('a'))
  timers.set(500, () => said.push('c'))
  stop(400)
  stop(100)
  polls(5)
  expect(said).toEqual(['a', 'b', 'c'])
})

test('WEB-TIMERS-1: the error of a callback is logged, and the others fire', () => {
  timers.set(1, () => {
    throw new Error('no')
  })
  timers.set(2, () => said.push('after'))
  stop(10)
  polls(5)
  expect(said).toEqual(['a timer failed: Error: no', 'after'])
})

test('WEB-TIMERS-2: after close nothing fires', () => {
  timers.set(1, () => said.push('fired'))
  timers.set(50, () => said.push('fired'))
  stop(10)
  timers.close()
  stop(100)
  polls(5)
  expect(said).toEqual([])
})

test('a slow callback is reported by its name', () => {
  const slow = (): void => {
    nowMs += 300
  }
  timers.set(1, slow, 'retention')
  stop(10)
  polls(5)
  expect(stalls).toEqual([{ ms: 300, work: { timer: 'retention' } }])
})
