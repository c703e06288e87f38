import { expect, test } from 'vitest'
import { compileRegularExpression } from './regular-expression.ts'

test('X1: the whole name must match', () => {
  const matches = compileRegularExpression('orders|offers')!
  expect(['orders', 'offers', 'orders-2', 'my-offers'].filter(matches)).toEqual(['orders', 'offers'])
})

test.each([
  ['(?i)ORDERS', 'orders'],
  ['\\Aorders\\z', 'orders'],
  ['\\Qa.b\\E+', 'a.bb'],
  ['(?P<what>o+)rders', 'orders'],
])('%s means in RE2 what matches %s', (expression, topic) => {
  expect(compileRegularExpression(expression)?.(topic)).toBe(true)
})

test.each(['(unclosed', '[a', '(o)\\1', 'o(?=rders)', '(?<!x)orders', '*'])(
  '%s is no RE2 expression',
  (expression) => {
    expect(compileRegularExpression(expression)).toBeUndefined()
  },
)
