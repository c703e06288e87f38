/** Hints are true: the code in each is code of the solution, which `npm run labs:check` runs. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inRepository, solutionsFolder } from '../engine/catalog.ts'
import type { Hint } from '../engine/lab.ts'
import { text } from './lab.ts'

/** Lines without their indentation. */
const lines = (code: string) => code.split('\n').map((line) => line.trim())

describe('the hints of lab 07', () => {
  const solution = lines(readFileSync(inRepository(`${solutionsFolder(text)}/solution.ts`), 'utf8')).join(
    '\n',
  )
  const hints: [string, Hint][] = [
    ...text.hints.map((hint, i): [string, Hint] => [`hint ${i + 1}`, hint]),
    ...Object.entries(text.tests).flatMap(([id, test]) =>
      test.hints.map((hint, i): [string, Hint] => [`${id}, hint ${i + 1}`, hint]),
    ),
  ]

  it.each(hints.filter(([, { code }]) => code !== undefined))('%s is in the solution', (_name, { code }) => {
    expect(typeof code).toBe('string')
    expect(solution).toContain(lines(String(code)).join('\n'))
  })

  it('the last of three is code', () => {
    for (const [name, hint] of hints)
      if (name.endsWith('3')) expect([name, typeof hint.code]).toEqual([name, 'string'])
  })
})
