import { describe, expect, it } from 'vitest'
import {
  clearProgress,
  exportProgress,
  importProgress,
  readProgress,
  type Store,
} from '../src/progress/progress.ts'

function memoryStore(entries: Record<string, string> = {}): Store {
  const map = new Map(Object.entries(entries))
  return {
    get length() {
      return map.size
    },
    key: (place) => [...map.keys()][place] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  }
}

const answered = { 'oz.quiz.groups': '{"rebalance":1,"static":0}', theme: 'dark' }

describe('the progress of a reader', () => {
  it('PROGRESS-2: is the same after a way through a file', () => {
    const from = memoryStore({ ...answered, 'oz.labs': '{"02":{"passedAt":"2026-11-30T10:00:00.000Z"}}' })
    const to = memoryStore()
    expect(importProgress(to, exportProgress(from))).toEqual({ quizzes: 1, labs: 1 })
    expect(readProgress(to)).toEqual(readProgress(from))
    expect(to.getItem('theme')).toBe(null)
  })

  it('PROGRESS-1: takes what labs/.progress.json says of labs, and keeps the rest', () => {
    const store = memoryStore({ ...answered, 'oz.labs': '{"01":{"passedAt":"2026-11-29T10:00:00.000Z"}}' })
    const file = {
      lang: 'ru',
      labs: { '02': { passedAt: '2026-11-30T10:00:00.000Z', hints: 2 }, '03': { hints: 1 } },
    }
    expect(importProgress(store, JSON.stringify(file))).toEqual({ quizzes: 0, labs: 2 })
    expect(readProgress(store)).toEqual({
      quizzes: { groups: { rebalance: 1, static: 0 } },
      labs: {
        '01': { passedAt: '2026-11-29T10:00:00.000Z' },
        '02': { passedAt: '2026-11-30T10:00:00.000Z' },
        '03': {},
      },
    })
  })

  it.each([
    '',
    'no json',
    '[]',
    'null',
    '{}',
    '{"format":"another"}',
    '{"format":"offset-zero-progress","quizzes":[]}',
    '{"format":"offset-zero-progress","quizzes":{"groups":{"a":"b"}}}',
    '{"labs":{"01":3}}',
    '{"labs":{"01":{"passedAt":3}}}',
  ])('PROGRESS-1: is not changed by a file that is something else: %s', (text) => {
    const store = memoryStore(answered)
    const before = exportProgress(store)
    expect(importProgress(store, text)).toBe(undefined)
    expect(exportProgress(store)).toBe(before)
  })

  it('ignores what it cannot read in the browser', () => {
    expect(readProgress(memoryStore({ 'oz.quiz.groups': '{', 'oz.labs': '[]' }))).toEqual({
      quizzes: {},
      labs: {},
    })
  })

  it('is forgotten, and nothing else', () => {
    const store = memoryStore(answered)
    clearProgress(store)
    expect(readProgress(store)).toEqual({ quizzes: {}, labs: {} })
    expect(store.getItem('theme')).toBe('dark')
  })
})
