import { describe, expect, it } from 'vitest'
import { fillIn, numberIn, plural } from './plural.ts'

const checks = ['проверка', 'проверки', 'проверок'] as const

describe('plural forms', () => {
  it('are two in English, three in Russian', () => {
    expect([0, 1, 2, 21].map((n) => plural(n, 'en', ['check', 'checks']))).toEqual([
      'checks',
      'check',
      'checks',
      'checks',
    ])
    expect([0, 1, 2, 5, 11, 14, 21, 22, 25, 101].map((n) => plural(n, 'ru', checks))).toEqual([
      'проверок',
      'проверка',
      'проверки',
      'проверок',
      'проверок',
      'проверок',
      'проверка',
      'проверки',
      'проверок',
      'проверка',
    ])
  })

  it('a fraction takes the singular’s genitive in Russian: 1,5 секунды', () => {
    expect(fillIn('{n} {n:секунда|секунды|секунд}', 'ru', { n: 1.5 })).toBe('1,5 секунды')
    expect(fillIn('{n} {n:second|seconds}', 'en', { n: 1.5 })).toBe('1.5 seconds')
    expect(numberIn('ru', 9007199254740991)).toBe('9007199254740991')
  })
})

describe('a sentence with facts', () => {
  it('takes facts in the language, and numbers that come as text', () => {
    expect(
      fillIn('{what}: {n} {n:record|records}', 'en', { what: { en: 'topic', ru: 'топик' }, n: '1' }),
    ).toBe('topic: 1 record')
  })

  it('shows a fact that is missing instead of breaking', () => {
    expect(fillIn('{n} {n:record|records}', 'en', {})).toBe('{n} {n:record|records}')
  })

  it('leaves braces that are no facts: { partition, offset }', () => {
    expect(fillIn('An object { partition, offset }', 'en', { partition: 1 })).toBe(
      'An object { partition, offset }',
    )
  })
})
