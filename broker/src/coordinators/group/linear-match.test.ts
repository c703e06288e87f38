import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linearMatcher } from './linear-match.ts'

/** Expressions of a few letters, as deep as you like. */
const expression = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', 'ab', '^', '$', '\\b'),
    fc.tuple(tie('all'), tie('all')).map(([one, two]) => `${one}${two}`),
    fc.tuple(tie('all'), tie('all')).map(([one, two]) => `(?:${one}|${two})`),
    fc
      .tuple(tie('all'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
      .map(([one, sign]) => `(${one})${sign}`),
  ),
})).all

test('it matches what JavaScript’s own engine matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 5, maxLength: 5 }), (pattern, texts) => {
      const matches = linearMatcher(pattern)!
      const own = new RegExp(`^(?:${pattern})$`, 'u')
      expect(texts.map(matches)).toEqual(texts.map((each) => own.test(each)))
    }),
    { numRuns: 500 },
  )
})

test('flags count to the end of their group', () => {
  const matches = linearMatcher('a(?:b(?i)c|d)e(?i:f)g')!
  expect(['abcefg', 'abCeFg', 'aDefg', 'aBcefg', 'abcEfg', 'abcefG'].map(matches)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

test('L1: it does not go back: what takes JavaScript longer than the sun will shine is answered', () => {
  expect(linearMatcher('(?:(?:a+)+)+b')!('a'.repeat(249))).toBe(false)
  expect(linearMatcher('(?:a|aa|a*)*b')!(`${'a'.repeat(248)}b`)).toBe(true)
})

test('a program that would be too long is none; nothing is nothing, however often', () => {
  expect(linearMatcher('(?:a{1000}){1000}')).toBeUndefined()
  expect(linearMatcher('(?:(?:(?:){1000}){1000}){1000}')!('')).toBe(true)
})

test('L3: what topics have in common is worked out once: 200 topics are hardly dearer than one', () => {
  const matches = linearMatcher('(?:.{0,1000}){0,9}x')!
  const letters = Array.from({ length: 200 }, (_, i) => `${'ab'.repeat(120)}${i}`.padEnd(249, '-'))
  const startMs = performance.now()
  matches(letters[0]!)
  const oneMs = performance.now() - startMs
  expect(letters.filter(matches)).toEqual([])
  expect(performance.now() - startMs).toBeLessThan(20 * oneMs + 500)
  expect(matches(`${letters[7]}x`)).toBe(true)
})
