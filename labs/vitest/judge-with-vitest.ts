/**
 * Binds a lab to vitest: one `it` per check, named in the learner's language, with the verdict that
 * `npm run lab` gives. It is the same engine: `check()` runs once per file, and each test tells its result.
 *
 *   npx vitest run labs/02-keys-and-partitions      judges your file; without `run`, again at each save
 *   LAB_LANG=ru …                                   in Russian; else the language that `npm run lab` remembers
 *   LAB_SUBJECT=solution …                          the solution (or starter, or a path)
 *   LAB_SEED=42 …   LAB_BOOTSTRAP=host:9092 …       the same dice again; on a Kafka of your own
 *
 * - a failure is an error whose message is the lab's words and whose stack is the learner's frames: so the terminal,
 *   the UI, JSON, JUnit and an editor all point at the learner's line
 * - what is not written yet is skipped with a note, and one test fails that says which file to edit
 * - the suite's file imports the learner's as raw text, so that watch mode and editors run it again
 */
import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { draw, inkFor } from '../cli/draw.ts'
import { languageOf, learnerPath } from '../cli/progress.ts'
import { inRepository, labFolder, solutionsFolder } from '../engine/catalog.ts'
import { check } from '../engine/grader.ts'
import type { LabText, Lang } from '../engine/lab.ts'
import type { TestResult, Trouble, Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import { vitestWords } from './words.ts'

/** A broker of ours answers in milliseconds; a cluster elsewhere gets more patience. */
const patienceMs = { ours: 8_000, elsewhere: 45_000 }
/** vitest's own clock never decides: the engine has one for each check. */
const timeout = 600_000

export function judgeWithVitest(lab: LabText): void {
  const file = subjectFile(lab, process.env.LAB_SUBJECT ?? 'learner')
  const seed = Number(process.env.LAB_SEED ?? Math.floor(Math.random() * 1_000_000))
  const bootstrap = process.env.LAB_BOOTSTRAP
  const lang = languageOf(
    process.env.LAB_LANG === 'ru' || process.env.LAB_LANG === 'en' ? process.env.LAB_LANG : undefined,
  )
  const stop = new AbortController()
  let verdict: Promise<Verdict> | undefined

  const judged = () => {
    verdict ??= check({
      lab,
      file,
      seed,
      surroundings: {
        patienceMs: bootstrap === undefined ? patienceMs.ours : patienceMs.elsewhere,
        bootstrap,
      },
      signal: stop.signal,
    })
    return verdict
  }
  const page: Page = { lab, lang, file, seed }

  describe(`${lab.id} ${lab.title[lang]}`, () => {
    afterAll(() => stop.abort())

    it(vitestWords.written[lang], { timeout }, async () => {
      const { trouble, tests, outcome } = await judged()
      if (trouble !== undefined) throw troubleError(trouble, page)
      const stubs = tests.filter(({ kind }) => kind === 'not-implemented')
      if (stubs.length === 0) return
      const facts = { file: relative(process.cwd(), file), functions: namesIn(stubs).join(', ') }
      if (outcome !== 'passed')
        throw labError(fill(vitestWords.notWrittenYet, facts)[lang], stubs[0]?.frames ?? [], page)
    })

    for (const [id, text] of Object.entries(lab.tests)) {
      it(text.name[lang], { timeout }, async (ctx) => {
        const all = await judged()
        const result = all.tests.find((test) => test.id === id)
        if (result === undefined) ctx.skip(vitestWords.notLoaded[lang])
        else if (result.kind === 'not-implemented') {
          const facts = { functions: namesIn([result]).join(', ') }
          ctx.skip(fill(vitestWords.skipped, facts)[lang])
        } else if (result.status !== 'passed') {
          throw labError(explanationOf(result, all, page), framesOf(result, page), page)
        }
      })
    }
  })
}

interface Page {
  readonly lab: LabText
  readonly lang: Lang
  readonly file: string
  readonly seed: number
}

function subjectFile(lab: LabText, subject: string): string {
  if (subject === 'learner') return learnerPath(lab)
  if (subject === 'solution' || subject === 'starter')
    return inRepository(`${solutionsFolder(lab)}/${subject}.ts`)
  return resolve(subject)
}

/** The functions that stubs are of: the English words begin with the name. */
function namesIn(stubs: readonly TestResult[]): string[] {
  return [...new Set(stubs.flatMap(({ says }) => /^(\w+) /.exec(says?.en ?? '')?.[1] ?? []))]
}

/** All that is to be said of a failure: what happened, the picture, why, what to try, what the client did, what was printed. */
function explanationOf(result: TestResult, all: Verdict, { lab, lang, seed }: Page): string {
  const { says, picture, did, belief, output, outputCut } = result
  // Of several failures one is explained; the advice of the others may be about something else than the mistake.
  const first = all.explained === undefined ? undefined : lab.tests[all.explained]?.name
  const isExplained = all.explained === result.id || first === undefined
  const { why, try: advice } = isExplained ? result : {}
  const drawn = picture === undefined ? '' : draw(picture, lang, inkFor(false)).join('\n')
  const printed =
    output === undefined
      ? ''
      : `${vitestWords.printed[lang]}\n${output.trimEnd()}${
          outputCut === undefined ? '' : `\n${fill(vitestWords.cut, { count: outputCut })[lang]}`
        }`
  const command = `LAB_SEED=${seed} npx vitest run ${labFolder(lab)}`
  return [
    says?.[lang] ?? '',
    drawn,
    [
      why === undefined ? '' : `${vitestWords.why[lang]}: ${why[lang]}`,
      advice === undefined ? '' : `${vitestWords.try[lang]}: ${advice[lang]}`,
      did?.[lang] ?? '',
      belief === undefined ? '' : fill(vitestWords.belief, { belief: belief.text })[lang],
      isExplained ? '' : fill(vitestWords.lookFirst, { name: first })[lang],
      result.case === undefined ? '' : fill(vitestWords.again, { command })[lang],
    ]
      .filter((line) => line !== '')
      .join('\n'),
    printed,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The learner's frames; for a value that is wrong, the line where the function that gave it begins. */
function framesOf(result: TestResult, { lab, file }: Page): readonly string[] {
  if (result.frames !== undefined && result.frames.length > 0) return result.frames
  const words = `${result.call ?? ''} ${result.says?.en ?? ''} ${lab.tests[result.id]?.name.en ?? ''}`
  const name = lab.exports.find((one) => new RegExp(`\\b${one}\\b`).test(words)) ?? lab.exports[0]
  if (name === undefined || !existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const at = lines.findIndex((line) => new RegExp(`^export .*\\b${name}\\b`).test(line))
  return at === -1 ? [] : [`${name} (${file}:${at + 1}:${(lines[at]?.indexOf(name) ?? 0) + 1})`]
}

function troubleError(trouble: Trouble, page: Page): Error {
  const excerpt = trouble.excerpt === undefined ? '' : `\n\n${trouble.excerpt}`
  const place = trouble.where?.replace(/^[^:]*/, '')
  return labError(
    `${trouble.says[page.lang]}${excerpt}`,
    place === undefined ? [] : [`load (${page.file}${place})`],
    page,
  )
}

/** An error as vitest shows it: words, and a stack of nothing but the learner's frames. */
function labError(message: string, frames: readonly string[], { lab }: Page): Error {
  const error = new Error(message)
  error.name = `Lab ${lab.id}`
  error.stack = [`${error.name}: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n')
  return error
}
