import { expect, test } from 'vitest'
import { SeededRandom } from './seeded-random.ts'

const rolls = (random: SeededRandom, count: number): number[] =>
  Array.from({ length: count }, () => random.int(1000))

const KNOWN = [627, 2, 527, 981, 968]

test('SEEDED-RANDOM-1: a seed gives a sequence, whose beginning is known', () => {
  expect(rolls(new SeededRandom(1), 5)).toEqual(KNOWN)
  expect(rolls(new SeededRandom(2 ** 32 + 1), 5)).toEqual(KNOWN)
})

test('SEEDED-RANDOM-2: a fork has its own sequence', () => {
  const whole = new SeededRandom(1)
  const disk = whole.fork('disk')
  const expected = rolls(new SeededRandom(1).fork('disk'), 5)
  expect(rolls(whole, 5)).toEqual(rolls(new SeededRandom(1), 5))
  expect(rolls(disk, 5)).toEqual(expected)
  expect(rolls(new SeededRandom(1).fork('network'), 5)).not.toEqual(expected)
})
