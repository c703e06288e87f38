import { expect, test } from 'vitest'
import { finish, type Steps } from '../turns.ts'
import { type Expression, filterMatching, NO_EXPRESSIONS } from './expressions.ts'

function* slowly(answer: boolean): Steps<boolean> {
  yield
  return answer
}

const names = ['a', 'b', 'aa']
const beginsWithA: Expression = { matches: (name) => name.startsWith('a') }

function pausesOf(steps: Steps<unknown>): number {
  let pauses = 0
  while (!steps.next().done) pauses++
  return pauses
}

test('matching names are returned in their order', () => {
  const found = filterMatching({ isOver: false }, names, beginsWithA, (name) => name)
  expect(finish(found)).toEqual(['a', 'aa'])
})

test('it pauses between two names when the turn is over, and within a long match', () => {
  const through = (isOver: boolean, expression: Expression) =>
    pausesOf(filterMatching({ isOver }, names, expression, (name) => name))
  expect(through(false, beginsWithA)).toBe(0)
  expect(through(true, beginsWithA)).toBe(3)
  expect(through(false, { matches: () => slowly(true) })).toBe(3)
})

test('without an engine every expression is refused', () => {
  expect(NO_EXPRESSIONS.compile('a').wrong).toBeDefined()
})
