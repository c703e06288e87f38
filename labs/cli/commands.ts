/** The commands that do one thing and end. Each gives the process's exit code. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { closest } from '../../scripts/closest.mjs'
import { findLab, inRepository, labs, learnerFile, solutionsFolder } from '../engine/catalog.ts'
import { check, type WarmChild } from '../engine/grader.ts'
import type { LabText, Lang, Surroundings, Text } from '../engine/lab.ts'
import { exitCodes, type TestResult, type Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import { type Arguments, guess } from './arguments.ts'
import { pad, widthOf, wrap } from './columns.ts'
import type { Page } from './explain.ts'
import { nextHint } from './hints.ts'
import { complain, pageFor, print, troubleExitCode } from './output.ts'
import {
  changeProgress,
  isPassed,
  lastFailedCheck,
  learnerPath,
  nextOpenLab,
  ofLab,
  resetLab,
} from './progress.ts'
import { explainedTest, renderVerdict } from './render.ts'
import { reasonOf, troubleTexts } from './trouble-texts.ts'
import { ui } from './ui-texts.ts'

export { complain, pageFor, print, troubleExitCode }

/** The lab that was named, or the next open one, or the last. Complains and gives undefined when there is none of that name. */
export function labFor(name: string | undefined, lang: Lang): LabText | undefined {
  if (name === undefined) return nextOpenLab() ?? labs.at(-1)
  const lab = findLab(name)
  if (lab !== undefined) return lab
  const slugs = labs.map(({ slug }) => slug)
  const meant = closest(name, slugs) ?? slugs.find((slug) => slug.includes(name))
  const known = labs.map(({ id, slug }) => `${id}-${slug}`).join(', ')
  complain(fill(troubleTexts.unknownLab, { name, guess: guess(meant), labs: known }), lang)
  return undefined
}

/** A path as it was typed: npm changes to the repository's root, the path means where the learner stands. */
export const typedPath = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path)

/** Why the file cannot be read; undefined when it can. */
export function fileTrouble(path: string, file: string): Text | undefined {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isDirectory() ? fill(troubleTexts.notAFile, { file }) : undefined
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing
      ? fill(troubleTexts.noFile, { file })
      : fill(troubleTexts.unreadable, { file, reason: reasonOf(error) })
  }
}

/** A broker of ours answers in milliseconds; a cluster elsewhere gets more patience. */
export const surroundingsFor = ({ bootstrap }: Pick<Arguments, 'bootstrap'>): Surroundings => ({
  bootstrap,
  patienceMs: bootstrap === undefined ? 8_000 : 45_000,
})

/** Judges the learner's file, or `--file`, and remembers how the learner's did. */
export async function judge(
  lab: LabText,
  args: Pick<Arguments, 'bootstrap' | 'file' | 'seed'>,
  ready?: WarmChild,
  onResult?: (result: TestResult) => void,
): Promise<Verdict> {
  const file = args.file === undefined ? learnerPath(lab) : typedPath(args.file)
  const seed = args.seed ?? Math.floor(Math.random() * 1_000_000)
  const listen = onResult === undefined ? {} : { onResult }
  const verdict = await check({ lab, file, seed, surroundings: surroundingsFor(args), ...listen }, ready)
  if (args.file === undefined && verdict.trouble === undefined) {
    changeProgress((progress) => {
      const own = ofLab(progress, lab)
      if (verdict.outcome === 'passed') own.passedAt ??= new Date().toISOString()
      const failed = verdict.outcome === 'failed' ? explainedTest(verdict)?.id : undefined
      if (failed === undefined) delete own.lastFailed
      else own.lastFailed = failed
    })
  }
  return verdict
}

export async function checkCommand(args: Arguments, lang: Lang): Promise<number> {
  const isAll = args.labs.includes('all')
  const named = isAll ? [...labs] : args.labs.map((name) => labFor(name, lang))
  if (named.length === 0) named.push(labFor(undefined, lang))
  const chosen = named.filter((lab) => lab !== undefined)
  if (chosen.length < named.length) return troubleExitCode
  if (args.file !== undefined) {
    const trouble = fileTrouble(typedPath(args.file), args.file)
    if (trouble !== undefined) {
      complain(trouble, lang)
      return troubleExitCode
    }
  }
  if (!args.docker) return checkLabs(chosen, args, lang, isAll)
  if (chosen.every((lab) => lab.track === 'build')) {
    complain(ui.bootstrapUnused, lang)
    return checkLabs(chosen, args, lang, isAll)
  }
  const { withKafkaInDocker } = await import('./docker.ts')
  return withKafkaInDocker(lang, (bootstrap) => checkLabs(chosen, { ...args, bootstrap }, lang, isAll))
}

async function checkLabs(
  chosen: readonly LabText[],
  args: Arguments,
  lang: Lang,
  isAll: boolean,
): Promise<number> {
  const verdicts: Verdict[] = []
  for (const [i, lab] of chosen.entries()) {
    const verdict = await judge(lab, args)
    verdicts.push(verdict)
    if (!args.json) print([...(i > 0 ? ['', ''] : []), ...renderVerdict(verdict, lab, pageFor(lang), args)])
  }
  const codes = verdicts.map((verdict) => exitCodes[verdict.outcome])
  if (args.json) print([JSON.stringify(chosen.length === 1 && !isAll ? verdicts[0] : verdicts, null, 2)])
  return codes.find((code) => code === 1) ?? Math.max(...codes)
}

export function listLines(page: Page): string[] {
  const { lang, ink, width } = page
  const titleWidth = Math.max(...labs.map((lab) => widthOf(lab.title[lang])))
  return labs.flatMap((lab) => {
    const state = isPassed(lab) ? ink.good(`✓ ${ui.listPassed[lang]}`) : ink.dim(`· ${ui.listOpen[lang]}`)
    const line = `${lab.id}  ${pad(lab.title[lang], titleWidth)}  ${state}`
    const file = ink.dim(learnerFile(lab))
    return widthOf(`${line}  ${file}`) <= width ? [`${line}  ${file}`] : [line, `    ${file}`]
  })
}

export function listCommand(args: Arguments, lang: Lang): number {
  if (!args.json) print(listLines(pageFor(lang)))
  else
    print([
      JSON.stringify(
        labs.map((lab) => ({ id: lab.id, slug: lab.slug, file: learnerFile(lab), isPassed: isPassed(lab) })),
        null,
        2,
      ),
    ])
  return 0
}

export function hintCommand(args: Arguments, lang: Lang): number {
  const lab = labFor(args.labs[0], lang)
  if (lab === undefined) return troubleExitCode
  const page = pageFor(lang)
  const { title, lines } = nextHint(lab, lastFailedCheck(lab), page, args.level)
  print([...wrap(title, page.width).map(page.ink.bold), ...lines])
  return 0
}

/** Puts the starter back, and says what was done. */
export function resetSays(lab: LabText, lang: Lang): { isDone: boolean; says: Text } {
  const file = learnerFile(lab)
  try {
    const reset = resetLab(lab, lang)
    if (reset.kind === 'same') return { isDone: true, says: fill(ui.resetNothing, { file }) }
    if (reset.kind === 'created') return { isDone: true, says: fill(ui.resetCreated, { file }) }
    const backup = relative(process.cwd(), reset.backup)
    return { isDone: true, says: fill(ui.resetDone, { file, backup }) }
  } catch (error) {
    const path = (error as { dest?: string }).dest ?? learnerPath(lab)
    const facts = { file: relative(process.cwd(), path), reason: reasonOf(error) }
    return { isDone: false, says: fill(troubleTexts.systemError, facts) }
  }
}

export function resetCommand(args: Arguments, lang: Lang): number {
  const [name] = args.labs
  if (name === undefined) {
    complain(ui.resetWhich, lang)
    return troubleExitCode
  }
  const lab = labFor(name, lang)
  if (lab === undefined) return troubleExitCode
  const { isDone, says } = resetSays(lab, lang)
  if (isDone) print([says[lang]])
  else complain(says, lang)
  return isDone ? 0 : troubleExitCode
}

export function solutionLines(lab: LabText): string[] {
  const file = `${solutionsFolder(lab)}/solution.ts`
  return [`// ${file}`, ...readFileSync(inRepository(file), 'utf8').trimEnd().split('\n')]
}

export function solutionCommand(args: Arguments, lang: Lang): number {
  const lab = labFor(args.labs[0], lang)
  if (lab === undefined) return troubleExitCode
  if (!isPassed(lab) && !args.giveUp) {
    complain(fill(ui.solutionLocked, { lab: lab.id }), lang)
    return 1
  }
  print(solutionLines(lab))
  return 0
}
