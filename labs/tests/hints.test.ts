/** Hints are true: the code in each is code of a right program, which `npm run labs:check` runs. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inRepository, labs, solutionsFolder } from '../engine/catalog.ts'
import type { Hint, Hints, LabText } from '../engine/lab.ts'

/** Lines without their indentation and without comments, which are in one language in a hint, and in English in a program. */
const lines = (code: string) =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .join('\n')

/** The programs that hints are taken from: the solution, and one that is put together from the last hints. */
function programsOf(lab: LabText): string[] {
  const files = ['solution.ts', 'right/from-the-hints.ts'].map((name) =>
    inRepository(`${solutionsFolder(lab)}/${name}`),
  )
  return files.filter((file) => existsSync(file)).map((file) => lines(readFileSync(file, 'utf8')))
}

describe.each(labs.map((lab) => [lab.id, lab] as const))('the hints of lab %s', (_id, lab) => {
  const sets: [string, Hints][] = [
    ['the lab', lab.hints],
    ...Object.entries(lab.tests).flatMap(([id, { hints }]): [string, Hints][] =>
      hints === undefined ? [] : [[id, hints]],
    ),
  ]
  const coded = sets.flatMap(([name, hints]) =>
    hints.flatMap(({ code }: Hint, i): [string, string][] => {
      const texts = code === undefined ? [] : typeof code === 'string' ? [code] : [code.en, code.ru]
      return texts.map((text) => [`${name}, hint ${i + 1}`, text])
    }),
  )
  const programs = programsOf(lab)

  it.each(coded)('%s is in a right program', (_name, code) => {
    for (const part of code.split('// …\n')) {
      const wanted = lines(part)
      if (!programs.some((program) => program.includes(wanted))) expect(programs[0]).toContain(wanted)
    }
  })

  it.each(sets)('%s: the last of three is code', (_name, hints) => {
    expect(hints[2].code).toBeDefined()
  })
})
