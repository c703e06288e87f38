/** The commands that do one thing and end. Each gives the process's exit code. */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { findLab, inRepository, labs, learnerFile, solutionsFolder } from '../engine/catalog.ts'
import { check, type WarmChild } from '../engine/grader.ts'
import type { LabText, Lang, Surroundings } from '../engine/lab.ts'
import { exitCodes, type TestResult, type Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import type { Arguments } from './arguments.ts'
import { inkFor } from './draw.ts'
import {
  changeProgress,
  isPassed,
  learnerPath,
  nextOpenLab,
  ofLab,
  readProgress,
  resetLab,
} from './progress.ts'
import { type Page, renderVerdict, wrap } from './render.ts'
import { ui } from './ui-texts.ts'

export const usageExitCode = 3

export function pageFor(lang: Lang): Page {
  const isTerminal = process.stdout.isTTY === true
  const isColoured = isTerminal ? process.env.NO_COLOR === undefined : process.env.FORCE_COLOR !== undefined
  return { lang, ink: inkFor(isColoured), width: Math.max(40, Math.min(process.stdout.columns || 100, 110)) }
}

export const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)

/** The lab that was named, or the next open one, or the last. Complains and gives undefined when there is none of that name. */
export function labFor(name: string | undefined, lang: Lang): LabText | undefined {
  if (name === undefined) return nextOpenLab() ?? labs.at(-1)
  const lab = findLab(name)
  if (lab === undefined)
    complain(fill(ui.unknownLab, { name, labs: labs.map(({ id }) => id).join(' ') })[lang])
  return lab
}

/** A broker of ours answers in milliseconds; a cluster elsewhere gets more patience. */
export const surroundingsFor = ({ bootstrap }: Arguments): Surroundings => ({
  bootstrap,
  patienceMs: bootstrap === undefined ? 8_000 : 45_000,
})

/** Judges the learner's file, or `--file`, and remembers a pass of the learner's. */
export async function judge(
  lab: LabText,
  args: Arguments,
  ready?: WarmChild,
  onResult?: (result: TestResult) => void,
): Promise<Verdict> {
  const file = args.file === undefined ? learnerPath(lab) : resolve(args.file)
  const seed = args.seed ?? Math.floor(Math.random() * 1_000_000)
  const listen = onResult === undefined ? {} : { onResult }
  const verdict = await check({ lab, file, seed, surroundings: surroundingsFor(args), ...listen }, ready)
  if (args.file === undefined && verdict.outcome === 'passed') {
    changeProgress((progress) => {
      ofLab(progress, lab).passedAt ??= new Date().toISOString()
    })
  }
  return verdict
}

export async function checkCommand(args: Arguments, lang: Lang): Promise<number> {
  const one = args.lab === 'all' ? undefined : labFor(args.lab, lang)
  if (one === undefined && args.lab !== 'all') return usageExitCode
  const verdicts: Verdict[] = []
  for (const lab of one === undefined ? labs : [one]) {
    const verdict = await judge(lab, args)
    verdicts.push(verdict)
    if (!args.json) print(renderVerdict(verdict, lab, pageFor(lang), args.bootstrap))
  }
  const codes = verdicts.map((verdict) => exitCodes[verdict.outcome])
  if (args.json) print([JSON.stringify(one === undefined ? verdicts : verdicts[0], null, 2)])
  return codes.find((code) => code === 1) ?? Math.max(...codes)
}

export function listLines(page: Page): string[] {
  const { lang, ink } = page
  return labs.map((lab) => {
    const state = isPassed(lab) ? ink.good(`✓ ${ui.listPassed[lang]}`) : ink.dim(`· ${ui.listOpen[lang]}`)
    return `${lab.id}  ${lab.title[lang].padEnd(42)} ${state}  ${ink.dim(learnerFile(lab))}`
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

/** The next level each time, up to the third; all of them can be read again. */
export function hintLines(lab: LabText, page: Page, level?: number): string[] {
  const shown = level ?? Math.min(3, (readProgress().labs[lab.id]?.hints ?? 0) + 1)
  changeProgress((progress) => {
    const own = ofLab(progress, lab)
    own.hints = Math.max(own.hints ?? 0, shown)
  })
  const text = lab.hints[shown - 1] ?? lab.hints[2]
  return [page.ink.bold(fill(ui.hint, { level: shown })[page.lang]), ...wrap(text[page.lang], page.width, '')]
}

export function hintCommand(args: Arguments, lang: Lang): number {
  const lab = labFor(args.lab, lang)
  if (lab === undefined) return usageExitCode
  print(hintLines(lab, pageFor(lang), args.level))
  return 0
}

export function resetLines(lab: LabText, lang: Lang): string[] {
  const backup = resetLab(lab, lang)
  const file = learnerFile(lab)
  if (backup === undefined) return [fill(ui.resetNothing, { file })[lang]]
  return [fill(ui.resetDone, { file, backup: backup === '' ? '—' : relative(process.cwd(), backup) })[lang]]
}

export function resetCommand(args: Arguments, lang: Lang): number {
  const lab = args.lab === undefined ? undefined : labFor(args.lab, lang)
  if (lab === undefined) {
    if (args.lab === undefined)
      complain(
        fill(ui.badValue, { name: 'reset', value: '—', wanted: labs.map(({ id }) => id).join(' | ') })[lang],
      )
    return usageExitCode
  }
  print(resetLines(lab, lang))
  return 0
}

export function solutionLines(lab: LabText): string[] {
  const file = `${solutionsFolder(lab)}/solution.ts`
  return [`// ${file}`, readFileSync(inRepository(file), 'utf8').trimEnd()]
}

export function solutionCommand(args: Arguments, lang: Lang): number {
  const lab = labFor(args.lab, lang)
  if (lab === undefined) return usageExitCode
  if (!isPassed(lab) && !args.giveUp) {
    complain(fill(ui.solutionLocked, { lab: lab.id })[lang])
    return 1
  }
  print(solutionLines(lab))
  return 0
}
