import { expect, test } from 'vitest'
import { forEachInTurns, mapInTurns, sortInTurns } from './in-turns.ts'

test('IN-TURNS-1: items are handled in order, one between two pauses', () => {
  const done: string[] = []
  const steps = forEachInTurns(
    { isOver: true },
    ['a', 'b', 'c'],
    (item, at) => void done.push(`${at} ${item}`),
  )
  const seen: number[] = []
  for (let step = steps.next(); !step.done; step = steps.next()) seen.push(done.length)
  expect(seen).toEqual([0, 1, 2])
  expect(done).toEqual(['0 a', '1 b', '2 c'])
  const doubled = mapInTurns({ isOver: false }, [1, 2, 3], (item) => 2 * item)
  expect(doubled.next()).toEqual({ done: true, value: [2, 4, 6] })
})

test('sorts as `sort` does, with pauses', () => {
  const items = Array.from({ length: 5500 }, (_, i) => `topic-${Math.imul(i, 0x9e37_79b1) >>> 8}`)
  const steps = sortInTurns({ isOver: true }, items)
  let pauses = 0
  let step = steps.next()
  for (; !step.done; step = steps.next()) pauses++
  expect(step.value).toEqual([...items].sort())
  expect(pauses).toBeGreaterThan(15)
  expect(sortInTurns({ isOver: false }, []).next()).toEqual({ done: true, value: [] })
  expect(sortInTurns({ isOver: false }, ['b', 'a']).next()).toEqual({ done: true, value: ['a', 'b'] })
})
