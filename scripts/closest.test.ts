import { describe, expect, it } from 'vitest'
import { closest, distance } from './closest.mjs'

describe('suggestions for mistyped words', () => {
  it('an inserted, deleted, changed or swapped letter is one step', () => {
    for (const typed of ['checks', 'chck', 'chack', 'chekc']) expect(distance(typed, 'check')).toBe(1)
    expect(distance('', 'list')).toBe(4)
  })

  it('the closest word, or none if none is close', () => {
    const commands = ['watch', 'check', 'list', 'hint', 'reset', 'solution']
    expect(closest('chekc', commands)).toBe('check')
    expect(closest('Lst', commands)).toBe('list')
    expect(closest('deploy', commands)).toBeUndefined()
    expect(closest('--sede', ['--seed', '--file'])).toBe('--seed')
    expect(closest('x', [])).toBeUndefined()
  })
})
