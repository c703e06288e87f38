import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, test } from 'vitest'
import { finish } from '../turns.ts'
import { stepsOf, withOpenCounts } from './counts.ts'
import { matchInTurns } from './long-match.ts'
import { RE2_EXPRESSIONS } from './re2-expressions.ts'

/** A function that tests names, or the error for an invalid expression. */
function compiled(text: string): ((name: string) => boolean) | string {
  const expression = RE2_EXPRESSIONS.compile(text)
  if (expression.wrong !== undefined) return expression.wrong
  return (name) => {
    const matches = expression.matches(name)
    return typeof matches === 'boolean' ? matches : finish(matches)
  }
}

function matcher(text: string): (name: string) => boolean {
  const matches = compiled(text)
  if (typeof matches === 'string') throw new Error(matches)
  return matches
}

test('the whole name must match', () => {
  const matches = matcher('orders|offers')
  expect(['orders', 'offers', 'orders-2', 'my-offers'].filter(matches)).toEqual(['orders', 'offers'])
})

test.each([
  ['(?i)ORDERS', 'orders'],
  ['\\Aorders\\z', 'orders'],
  ['\\Qa.b\\E+', 'a.bb'],
  ['(?P<what>o+)rders', 'orders'],
  ['[[:alpha:]]+[[:digit:]]', 'orders7'],
  ['[[:^digit:]]+', 'orders'],
  ['[\\d-]+', '12-3'],
  ['\\x{6f}\\x72ders', 'orders'],
  ['\\p{Latin}+', 'größe'],
  ['a{,2}', 'a{,2}'],
  ['orders\\-\\_1', 'orders-_1'],
  ['[a-]+', 'a-a'],
  ['o.*?s', 'orders'],
  ['a(?s)*?', 'a'],
  ['gr\\ö[\\ß]e', 'größe'],
  ['\\\\ö', '\\ö'],
  ['\\Q\\ö\\E', '\\ö'],
])('%s in Kafka also matches %s here', (expression, topic) => {
  expect(matcher(expression)(topic)).toBe(true)
})

describe('RE2-EXPRESSIONS-1: an invalid expression is refused with RE2/J’s message', () => {
  test.each([
    ['(unclosed', 'missing closing )'],
    ['unopened)', 'regexp/syntax: internal error'],
    ['[a', 'missing closing ]'],
    ['[]', 'missing closing ]'],
    ['*', 'missing argument to repetition operator'],
    ['a|*', 'missing argument to repetition operator'],
    ['(?s)*?', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['a{2}{3}', 'invalid nested repetition operator'],
    ['a{1001}', 'invalid repeat count'],
    ['a{2,1}', 'invalid repeat count'],
    ['(a{100}){100}b{1001}', 'invalid repeat count'],
    ['\\', 'trailing backslash at end of expression'],
    ['(o)\\1', 'invalid escape sequence'],
    ['\\h', 'invalid escape sequence'],
    ['\\x{110000}', 'invalid escape sequence'],
    ['o(?=rders)', 'invalid or unsupported Perl syntax'],
    ['(?<!x)orders', 'invalid named capture'],
    ['(?P<n>a)(?P<n>b)', 'duplicate capture group name'],
    ['[z-a]', 'invalid character class range'],
    ['[[:nothing:]]', 'invalid character class range'],
    ['\\pX', 'invalid character class range'],
  ])('%s', (expression, why) => {
    expect(compiled(expression)).toBe(why)
  })
})

describe('RE2-EXPRESSIONS-1: RE2/J does not limit nested counts', () => {
  const name = `${'ab'.repeat(124)}x`

  test('counts that make no difference for a name lose their upper bounds', () => {
    const matches = matcher('(.{0,1000}){0,9}x')
    expect([name, 'x', '', 'xa'].map(matches)).toEqual([true, true, false, false])
  })

  test('an expression that needs thousands of letters is valid and matches no name', () => {
    for (const text of ['(a{1000}){1000}', '((a{100}){100}){100}', '(a{100}){100}'])
      expect(['', 'a', 'a'.repeat(249)].filter(matcher(text))).toEqual([])
  })

  test('upper bounds below a name’s length are dropped as well', () => {
    expect(['', 'aaa', 'b'].map(matcher('(a{0,100}){0,100}'))).toEqual([true, true, false])
  })

  test('of a large expression the reduced one is used for names, and the full one for longer texts', () => {
    const matches = matcher('(?:\\b|.){0,1000}x{0,1}')
    expect([name, 'a'.repeat(249), 'a'.repeat(1000), 'a'.repeat(1001)].map(matches)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  test('counts are recognised where they are counts, and ignored elsewhere', () => {
    expect(withOpenCounts('a{2,300}b{300}c{7,}\\Qd{1,999}\\E[{1,999}]\\{1,999}', 250)).toBe(
      'a{2,}b{300}c{7,}\\Qd{1,999}\\E[{1,999}]\\{1,999}',
    )
    expect(withOpenCounts('a{1,1001}', 250)).toBeUndefined()
  })

  test('an expression that is too large to compile is still validated', () => {
    expect(compiled('(?:a{1000}){1000}(')).toBe('missing closing )')
    expect(compiled(`${'.{900}'.repeat(300)}\\h`.replace('\\\\', '\\'))).toBe('invalid escape sequence')
    expect(compiled('a'.repeat(50_001))).toBe('expression too large')
  })

  test('a program is not larger than estimated', () => {
    const many = [
      '.{0,1000}',
      '(a{10}b{2,}){30}',
      '(?i:[ab]{3}|c+){7}',
      'orders-\\d{4}',
      '((a{9}){9}){9}',
      '\\Qab{9}\\E{9}',
    ]
    for (const text of many) {
      const steps = RE2JS.compile(text).programSize()
      expect(stepsOf(text), text).toBeLessThan(3 * steps)
      expect(2 * stepsOf(text) + 10, text).toBeGreaterThan(steps)
    }
  })
})

/** Expressions of a few letters, of any depth. */
const expression = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      'ab',
      '^',
      '$',
      '\\b',
      '\\B',
      '(?i:A)',
      '(?m:^)',
      '(?s:.)',
    ),
    fc.tuple(tie('all'), tie('all')).map(([one, two]) => `${one}${two}`),
    fc.tuple(tie('all'), tie('all')).map(([one, two]) => `(?:${one}|${two})`),
    fc
      .tuple(tie('all'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
      .map(([one, sign]) => `(${one})${sign}`),
  ),
})).all

test('the matcher for large programs agrees with the library', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '\n', '😀'), maxLength: 6 })
  fc.assert(
    fc.property(expression, fc.array(text, { minLength: 5, maxLength: 5 }), (pattern, names) => {
      const library = RE2JS.compile(pattern)
      expect(names.map((name) => finish(matchInTurns(library.re2Input.prog, name)))).toEqual(
        names.map((name) => library.matches(name)),
      )
    }),
    { numRuns: 500 },
  )
})

test('RE2-EXPRESSIONS-2, LONG-MATCH-1: matching a name with a large expression pauses at least every 1000 checks', () => {
  const { matches } = RE2_EXPRESSIONS.compile('(\\b|.?)'.repeat(4000)) as { matches(name: string): unknown }
  const steps = matches('ab'.repeat(124)) as Generator<void, boolean>
  let pauses = 0
  while (pauses < 200 && !steps.next().done) pauses++
  expect(pauses).toBe(200)
})

test('a list of names is small enough', () => {
  const names = Array.from({ length: 1800 }, (_, i) => `team-${i % 100}.topic-${i}`)
  const matches = matcher(names.join('|'))
  expect([names[0]!, names[1799]!, 'team-1.topic-2'].map(matches)).toEqual([true, true, false])
})
