import { describe, expect, it } from 'vitest'
import { labs } from './engine/catalog.ts'
import { staleData } from './engine/check/data.ts'
import { checkRuns } from './engine/check/runs.ts'
import { checkTexts, labFiles } from './engine/check/texts.ts'

describe('the grader is right', () => {
  for (const lab of labs) {
    it(`lab ${lab.id}: every word exists in both languages, and every test has something to notice`, async () => {
      expect(checkTexts(lab, await labFiles(lab))).toEqual([])
    })

    it(`lab ${lab.id}: right code passes, wrong code fails in the named tests, the starter is not implemented`, {
      timeout: 300_000,
    }, async () => {
      const id = Number(lab.id)
      const plan = { seeds: [1000 * id + 1, 1000 * id + 8], wrongSeeds: 1 }
      expect(await checkRuns(lab, await labFiles(lab), plan)).toEqual([])
    })
  }

  it('what the site shows is what the labs say (if not: npm run labs:check)', async () => {
    expect(await staleData()).toEqual([])
  })
})
