import { describe, expect, it } from 'vitest'
import { labs } from './engine/catalog.ts'
import { staleData } from './engine/check/data.ts'
import { waivedOf } from './engine/check/handed.ts'
import { checkRuns, quickPlan } from './engine/check/runs.ts'
import { checkTexts, labFiles } from './engine/check/texts.ts'

describe('the grader is right', () => {
  for (const lab of labs) {
    it(`LAB-2: lab ${lab.id}: every word exists in both languages, and every test has something to notice`, async () => {
      expect(checkTexts(lab, await labFiles(lab))).toEqual([])
    })

    it(`VERDICT-1, LAB-CHECK-1, LAB-CHECK-2, LAB-CHECK-3, LAB-CHECK-5: lab ${lab.id}: right code passes, wrong code fails in the named tests, the starter is not implemented, and every probe was tried or waived`, {
      timeout: 900_000,
    }, async () => {
      const files = await labFiles(lab)
      expect(await checkRuns(lab, files, quickPlan(lab, 1), await waivedOf(lab))).toEqual([])
    })
  }

  it('what the site shows is what the labs say', async () => {
    expect(await staleData()).toEqual([])
  })
})
