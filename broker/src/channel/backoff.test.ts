import { expect, test } from 'vitest'
import { SeededRandom } from '../sim/seeded-random.ts'
import { backoffMs } from './backoff.ts'

test('BACKOFF-1: doubles with a jitter of a fifth, and never exceeds the maximum', () => {
  const random = new SeededRandom(1)
  const backoff = { initialMs: 50, maxMs: 500 }
  for (let round = 0; round < 200; round++) {
    for (let attempts = 0; attempts < 60; attempts++) {
      const expected = Math.min(500, 50 * 2 ** attempts)
      const wait = backoffMs(backoff, attempts, random)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(0.8 * expected))
      expect(wait).toBeLessThanOrEqual(Math.min(500, 1.2 * expected))
    }
  }
})

test('BACKOFF-1: without room to grow it is constant', () => {
  const random = new SeededRandom(1)
  expect([0, 1, 9].map((attempts) => backoffMs({ initialMs: 50, maxMs: 50 }, attempts, random))).toEqual([
    50, 50, 50,
  ])
  expect(backoffMs({ initialMs: 50, maxMs: 20 }, 3, random)).toBe(20)
})
