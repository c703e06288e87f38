/** Hints are true: the code in each is code of a right program, which `npm run labs:check` runs. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inRepository, solutionsFolder } from '../engine/catalog.ts'
import type { Hint, Hints } from '../engine/lab.ts'
import { text } from './lab.ts'

/** Lines without their indentation. */
const lines = (code: string) => code.split('\n').map((line) => line.trim())

describe('the hints of lab 02', () => {
  const program = lines(
    readFileSync(inRepository(`${solutionsFolder(text)}/right/from-the-hints.ts`), 'utf8'),
  ).join('\n')
  const sets: [string, Hints][] = [
    ['the lab', text.hints],
    ...Object.entries(text.tests).flatMap(([id, test]): [string, Hints][] =>
      'hints' in test ? [[id, test.hints]] : [],
    ),
  ]
  const coded = sets.flatMap(([name, hints]) =>
    hints.flatMap((hint: Hint, i): [string, string][] =>
      hint.code === undefined ? [] : [[`${name}, hint ${i + 1}`, String(hint.code)]],
    ),
  )

  it.each(coded)('%s is in a right program', (_name, code) => {
    for (const part of code.split('// …\n')) expect(program).toContain(lines(part.trim()).join('\n'))
  })

  it.each(sets)('%s: the last of three is code', (_name, hints) => {
    expect(typeof hints[2].code).toBe('string')
  })
})
