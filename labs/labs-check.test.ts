import { describe, expect, it } from 'vitest'
import { labs } from './engine/catalog.ts'
import { staleData } from './engine/check/data.ts'
import { checkHanded, waivedOf } from './engine/check/handed.ts'
import { checkRuns } from './engine/check/runs.ts'
import { checkTexts, labFiles } from './engine/check/texts.ts'
import { Session } from './engine/grader.ts'

describe('the grader is right', () => {
  for (const lab of labs) {
    it(`LAB-2: lab ${lab.id}: every word exists in both languages, and every test has something to notice`, async () => {
      expect(checkTexts(lab, await labFiles(lab))).toEqual([])
    })

    it(`VERDICT-1, LAB-CHECK-1, LAB-CHECK-2, LAB-CHECK-3, LAB-CHECK-5: lab ${lab.id}: right code passes, wrong code fails in the named tests, the starter is not implemented`, {
      timeout: 900_000,
    }, async () => {
      const id = Number(lab.id)
      const plan = { seeds: [1000 * id + 1, 1000 * id + 8], wrongSeeds: 1 }
      expect(await checkRuns(lab, await labFiles(lab), plan)).toEqual([])
    })
  }

  for (const lab of labs) {
    it(`lab ${lab.id}: what its suite hands over varies, and every probe was tried or waived`, {
      timeout: 120_000,
    }, async () => {
      const waived = await waivedOf(lab)
      if (waived === undefined) return
      const { right } = await labFiles(lab)
      const session = new Session(lab, { patienceMs: 8_000 })
      const id = Number(lab.id)
      expect(
        await checkHanded(session, right[0] ?? '', [1000 * id + 1, 1000 * id + 8, 1000 * id + 15], waived),
      ).toEqual([])
      session.stop()
    })
  }

  it('what the site shows is what the labs say (if not: npm run labs:check)', async () => {
    expect(await staleData()).toEqual([])
  })
})
