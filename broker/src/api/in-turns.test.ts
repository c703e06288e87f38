import { expect, test } from 'vitest'
import { forEachInTurns, mapInTurns } from './in-turns.ts'

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
