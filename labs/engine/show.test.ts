import { describe, expect, it } from 'vitest'
import { show } from './show.ts'

describe('a value in one line', () => {
  it('characters that cannot be seen are shown by their numbers', () => {
    expect(show('\u00a0a\u200bb\ufeff')).toBe("'\\u00a0a\\u200bb\\ufeff'")
    expect(show('e\u0301')).toBe("'e\\u0301'")
  })

  it('letters, spaces and emoji are shown as they are', () => {
    expect(show('é ж 漢 😀')).toBe("'é ж 漢 😀'")
  })
})
