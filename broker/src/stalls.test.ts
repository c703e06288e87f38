import { expect, test } from 'vitest'
import { Stalls } from './stalls.ts'

function world() {
  let nowMs = 0
  const lines: unknown[] = []
  const stalls = new Stalls({
    log: (level, message, fields) => void lines.push([level, message, fields]),
    clock: { monotonicMs: () => nowMs },
  })
  return {
    stalls,
    lines,
    /** Simulates work of `ms`, and reports it. */
    work: (ms: number, what: string) => {
      nowMs += ms
      stalls.worked(ms, () => ({ api: what }))
    },
  }
}

test('STALLS-1: work of 200 ms or more is counted and named, shorter work is not', () => {
  const { stalls, lines, work } = world()
  work(199, 'Fetch')
  work(812, 'Metadata')
  expect(stalls).toMatchObject({ count: 1, longestMs: 812, totalMs: 812 })
  expect(lines).toEqual([['warn', 'the event loop stalled for 812 ms', { api: 'Metadata' }]])
})

test('STALLS-2: of nested work the inner one is named, and the time is counted once', () => {
  const { stalls, lines, work } = world()
  work(500, 'slice')
  stalls.worked(510, () => ({ timer: 'retention' }))
  expect(stalls.count).toBe(1)
  expect(lines).toHaveLength(1)
})

test('STALLS-3: at most one line in ten seconds, with the number of stalls without a line', () => {
  const { stalls, lines, work } = world()
  for (let i = 0; i < 60; i++) work(250, 'Metadata')
  expect(stalls.count).toBe(60)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatchObject(['warn', 'the event loop stalled for 250 ms', { stallsNotLogged: 39 }])
})
