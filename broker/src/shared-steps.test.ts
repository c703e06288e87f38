import { expect, test } from 'vitest'
import { type PlainSteps, SharedSteps } from './shared-steps.ts'

function* count(to: number, seen: number[]): PlainSteps<string> {
  for (let i = 1; i <= to; i++) {
    seen.push(i)
    yield
  }
  return `counted to ${to}`
}

test('SHARED-STEPS-1: all that join continue the same work, and all get its result', () => {
  const seen: number[] = []
  const shared = new SharedSteps(count(5, seen))
  const [a, b, c] = [shared.join(), shared.join(), shared.join()]
  a.next()
  b.next()
  a.next()
  expect(seen).toEqual([1, 2, 3])
  a.return('')
  expect([b.next().done, c.next().done, b.next()]).toEqual([
    false,
    false,
    { done: true, value: 'counted to 5' },
  ])
  expect([c.next(), shared.join().next()]).toEqual(Array(2).fill({ done: true, value: 'counted to 5' }))
  expect(seen).toEqual([1, 2, 3, 4, 5])
})

test('SHARED-STEPS-2: an error is thrown to all that have joined', () => {
  const shared = new SharedSteps(
    (function* (): PlainSteps<string> {
      yield
      throw new Error('no')
    })(),
  )
  const [a, b] = [shared.join(), shared.join()]
  a.next()
  expect(() => b.next()).toThrow('no')
  expect(() => a.next()).toThrow('no')
})
