import { describe, expect, test } from 'vitest'
import { compileRegularExpression, whyNoExpression } from './regular-expression.ts'

test('X1: the whole name must match', () => {
  const matches = compileRegularExpression('orders|offers')!
  expect(['orders', 'offers', 'orders-2', 'my-offers'].filter(matches)).toEqual(['orders', 'offers'])
})

test.each([
  ['(?i)ORDERS', 'orders'],
  ['\\Aorders\\z', 'orders'],
  ['\\Qa.b\\E+', 'a.bb'],
  ['(?P<what>o+)rders', 'orders'],
  ['[[:alpha:]]+[[:digit:]]', 'orders7'],
  ['[\\d-]+', '12-3'],
  ['\\x{6f}\\x72ders', 'orders'],
  ['\\p{Latin}+', 'größe'],
  ['a{,2}', 'a{,2}'],
  ['orders\\-\\_1', 'orders-_1'],
  ['[a-]+', 'a-a'],
  ['o.*?s', 'orders'],
])('%s means in RE2 what matches %s', (expression, topic) => {
  expect(whyNoExpression(expression)).toBeUndefined()
  expect(compileRegularExpression(expression)?.(topic)).toBe(true)
})

describe('what is no expression is refused in the words of RE2', () => {
  test.each([
    ['(unclosed', 'missing closing )'],
    ['unopened)', 'regexp/syntax: internal error'],
    ['[a', 'missing closing ]'],
    ['[]', 'missing closing ]'],
    ['*', 'missing argument to repetition operator'],
    ['a|*', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['a{2}{3}', 'invalid nested repetition operator'],
    ['a{1001}', 'invalid repeat count'],
    ['a{2,1}', 'invalid repeat count'],
    ['\\', 'trailing backslash at end of expression'],
    ['(o)\\1', 'invalid escape sequence'],
    ['\\h', 'invalid escape sequence'],
    ['o(?=rders)', 'invalid or unsupported Perl syntax'],
    ['(?<!x)orders', 'invalid named capture'],
    ['(?P<n>a)(?P<n>b)', 'duplicate capture group name'],
    ['[z-a]', 'invalid character class range'],
    ['[[:nothing:]]', 'invalid character class range'],
    ['\\pX', 'invalid character class range'],
  ])('%s', (expression, why) => {
    expect(whyNoExpression(expression)).toBe(why)
    expect(compileRegularExpression(expression)).toBeUndefined()
  })
})
