/**
 * Binds a lab's suite to vitest: one `it` per test, on one implementation. The same suite, the same words;
 * what differs from `npm run lab` is that nothing guards against code that never ends.
 *
 *   npx vitest run labs/02-keys-and-partitions                       the solution
 *   LAB_SUBJECT=learner npx vitest run labs/02-keys-and-partitions   your file (or starter, or a path)
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRepository, learnerFile, solutionsFolder } from './catalog.ts'
import type { Suite } from './lab.ts'
import { runSuite } from './run-suite.ts'
import { loadSubject } from './subject.ts'

const patienceMs = 20_000

export function judgeWithVitest<Subject, Bench>(suite: Suite<Subject, Bench>): void {
  const { lab } = suite
  const file = subjectFile(process.env.LAB_SUBJECT ?? 'solution')
  const seed = Number(process.env.LAB_SEED ?? Number(lab.id))
  const bootstrap = process.env.LAB_BOOTSTRAP

  describe(`lab ${lab.id}, ${lab.title.en}`, () => {
    let bench: Bench
    let subject: Subject
    beforeAll(async () => {
      bench = await suite.open({ bootstrap, patienceMs })
      subject = (await loadSubject(file, lab)) as Subject
    })
    afterAll(() => suite.close(bench))

    for (const id of Object.keys(suite.tests)) {
      it(lab.tests[id]?.name.en ?? id, { timeout: patienceMs + 5_000 }, async () => {
        const [result] = await runSuite(suite, subject, bench, {
          seed,
          patienceMs,
          only: [id],
          subjectUrl: pathToFileURL(file).href,
        })
        expect({ id, status: result?.status, says: result?.says?.en }).toEqual({
          id,
          status: 'passed',
          says: undefined,
        })
        expect(result?.assertions).toBeGreaterThan(0)
      })
    }
  })

  function subjectFile(subject: string): string {
    if (subject === 'learner') return inRepository(learnerFile(lab))
    if (subject === 'solution' || subject === 'starter')
      return inRepository(`${solutionsFolder(lab)}/${subject}.ts`)
    return resolve(subject)
  }
}
