/**
 * Binds a lab to vitest: one `it` per check, named in the learner's language, with the verdict that
 * `npm run lab` gives. It is the same engine: `check()` runs once per file, and each test awaits its result.
 *
 *   npx vitest run labs/02-keys-and-partitions      judges your file
 *   LAB_SUBJECT=solution npx vitest run labs/02…    the solution (or starter, or a path)
 *
 * VITEST-1  a failure is an error whose message is the lab's words and whose stack is the learner's frames: so
 *           the terminal, the UI, JSON, JUnit and an editor all point at the learner's line
 * VITEST-2  what is not written yet is skipped with a note, and one test fails that says which file to edit
 * VITEST-3  the suite's file imports the learner's as raw text, so that watch mode and editors run it again
 */
import { resolve } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { inRepository, learnerFile, solutionsFolder } from './catalog.ts'
import { check } from './grader.ts'
import type { LabText, Lang } from './lab.ts'
import { rememberedLanguage } from './language.ts'
import { pictureLines } from './picture-text.ts'
import type { TestResult, Verdict } from './verdict.ts'
import { fill, words } from './words.ts'

const patienceMs = 8_000

export function judgeWithVitest(lab: LabText): void {
  const file = subjectFile(lab, process.env.LAB_SUBJECT ?? 'learner')
  const seed = Number(process.env.LAB_SEED ?? Math.floor(Math.random() * 1_000_000))
  const bootstrap = process.env.LAB_BOOTSTRAP
  const lang = rememberedLanguage()
  const stop = new AbortController()
  const heard = new Map<string, TestResult>()
  const waiting = new Map<string, (result: TestResult) => void>()
  let verdict: Promise<Verdict> | undefined

  const judged = () => {
    verdict ??= check({
      lab,
      file,
      seed,
      surroundings: { patienceMs: bootstrap === undefined ? patienceMs : 45_000, bootstrap },
      signal: stop.signal,
    })
    return verdict
  }

  describe(`${lab.id} ${lab.title[lang]}`, () => {
    afterAll(() => stop.abort())
    it(words.loads[lang], { timeout: 300_000 }, async (ctx) => {
      const { trouble, tests, outcome } = await judged()
      if (trouble !== undefined) {
        const place = trouble.where === undefined ? [] : [`load (${file}${trouble.where.replace(/^[^:]*/, '')})`]
        throw failure([trouble.says[lang], trouble.excerpt ?? ''], place)
      }
      const stubs = tests.filter(({ kind }) => kind === 'not-implemented')
      if (stubs.length === 0) return
      const names = [...new Set(stubs.map(({ says }) => says?.[lang] ?? ''))]
      const open = fill(words.notWrittenYet, { file: learnerFile(lab), functions: namesIn(stubs).join(', ') })
      if (outcome !== 'passed') throw failure([open[lang], ...names], stubs[0]?.frames ?? [])
      ctx.skip()
    })
    for (const [id, text] of Object.entries(lab.tests)) {
      it(text.name[lang], { timeout: 300_000 }, async (ctx) => {
        const all = await judged()
        const result = all.tests.find((test) => test.id === id)
        if (result === undefined) return ctx.skip(words.notLoaded[lang])
        if (result.kind === 'not-implemented') return ctx.skip(`${words.unwritten[lang]}: ${namesIn([result])}`)
        if (result.status === 'passed') return
        throw failure(explanation(result, all, lab, lang), result.frames ?? [])
      })
    }
  })
  void heard
  void waiting
}

function subjectFile(lab: LabText, subject: string): string {
  if (subject === 'learner') return inRepository(learnerFile(lab))
  if (subject === 'solution' || subject === 'starter')
    return inRepository(`${solutionsFolder(lab)}/${subject}.ts`)
  return resolve(subject)
}

/** The functions that stubs are of: the English words name each. */
function namesIn(stubs: readonly TestResult[]): string[] {
  const names = stubs.map(({ says }) => /^(\w+) is not written/.exec(says?.en ?? '')?.[1] ?? '?')
  return [...new Set(names)]
}
