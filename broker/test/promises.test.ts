/**
 * The promises that heads of files number (`B2  after stop nothing runs`) are addresses, as far as a machine sees:
 *
 * A1  no head has a number twice
 * A2  what the code of a file cites, as `(B2)`, is promised in its head, if that has promises under the letter at all
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const SOURCE = fileURLToPath(new URL('../src', import.meta.url))
const PROMISE = /^ \* ([A-Z]\d+) {2}/gm
const CITATION = /\(([A-Z]\d+(?:, [A-Z]\d+)*)\)/g

interface Chapter {
  readonly path: string
  readonly promised: readonly string[]
  readonly cited: readonly string[]
}

function read(file: string): Chapter {
  const text = readFileSync(file, 'utf8')
  const headEnd = text.startsWith('/**') ? text.indexOf('*/') : 0
  return {
    path: relative(SOURCE, file),
    promised: [...text.slice(0, headEnd).matchAll(PROMISE)].map(([, id]) => id!),
    cited: [...text.slice(headEnd).matchAll(CITATION)].flatMap(([, ids]) => ids!.split(', ')),
  }
}

const chapters = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
  .map((entry) => read(join(entry.parentPath, entry.name)))
  .filter(({ promised }) => promised.length > 0)

describe('numbered promises', () => {
  test('are found', () => expect(chapters.length).toBeGreaterThan(100))

  test('A1: no head has a number twice', () => {
    const twice = chapters.filter(({ promised }) => new Set(promised).size < promised.length)
    expect(twice.map(({ path }) => path)).toEqual([])
  })

  test('A2: the code cites what the head promises', () => {
    const wrong = chapters.flatMap(({ path, promised, cited }) => {
      const letters = new Set(promised.map((id) => id[0]))
      const unknown = cited.filter((id) => letters.has(id[0]) && !promised.includes(id))
      return unknown.map((id) => `${path} cites ${id}`)
    })
    expect(wrong).toEqual([])
  })
})
