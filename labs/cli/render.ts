/**
 * A verdict as plain lines: for a pipe, for CI, for `check` in a terminal. The screen (screen/) shows the same pieces.
 *
 * The checks come first, a line each; the one that the verdict explains comes last and in full.
 */
import { solutionsFolder } from '../engine/catalog.ts'
import type { LabText } from '../engine/lab.ts'
import { hasReal } from '../engine/real.ts'
import type { TestResult, Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import { wrap } from './columns.ts'
import { explain, explainTrouble, isUnwritten, linesOf, outputLines, type Page } from './explain.ts'
import { troubleTexts } from './trouble-texts.ts'
import { ui } from './ui-texts.ts'

const indent = '    '

/** The check to show in full: the most specific failing one; of unwritten ones, the first. */
export function explainedTest(verdict: Verdict): TestResult | undefined {
  const failed = verdict.tests.filter((test) => test.status === 'failed')
  return (
    failed.find((test) => test.id === verdict.explained) ??
    failed.find((test) => !isUnwritten(test)) ??
    failed[0] ??
    verdict.tests.find((test) => test.status !== 'passed')
  )
}

/** How the check was asked for, to be repeated in the same way. */
export interface Asked {
  readonly bootstrap?: string | undefined
  readonly file?: string | undefined
}

export function renderVerdict(verdict: Verdict, lab: LabText, page: Page, asked: Asked = {}): string[] {
  const { lang, ink } = page
  const narrow = { ...page, width: page.width - indent.length }
  const lines = [`${ink.bold(`${lab.id} ${lab.title[lang]}`)}: ${outcomeWord(verdict, page)}`]
  if (verdict.trouble !== undefined) {
    const told = linesOf(explainTrouble(verdict.trouble, lab, page))
    const start = verdict.trouble.kind === 'environment' ? whatToStart(asked.bootstrap, page) : []
    return [...lines, '', ...told, ...start, ...printedOutside(verdict, page)]
  }
  lines.push(ink.dim(countLine(verdict, lab, page)), '')
  const explained = explainedTest(verdict)
  const isMixed = verdict.tests.some((test) => !isUnwritten(test))
  for (const test of verdict.tests) if (test !== explained) lines.push(...testLines(test, lab, page, isMixed))
  if (explained !== undefined) {
    if (verdict.tests.length > 1) lines.push('')
    lines.push(...testLines(explained, lab, page))
    lines.push(...linesOf(explain(explained, lab, narrow)).map((line) => (line === '' ? '' : indent + line)))
    if (isUnwritten(explained)) lines.push('', ...wrap(fill(ui.hintAsk, { lab: lab.id })[lang], page.width))
  }
  if (explained !== undefined && hasValues(explained))
    lines.push('', ...wrap(repeatLine(verdict, lab, page, asked), page.width).map(ink.dim))
  if (verdict.outcome === 'passed') lines.push('', ...greenLines(lab, page, asked.bootstrap))
  return [...lines, ...printedOutside(verdict, page)]
}

export function outcomeWord(verdict: Verdict, { lang, ink }: Page): string {
  if (verdict.outcome === 'passed') return ink.good(ui.passed[lang])
  const isBegun = verdict.trouble !== undefined || verdict.tests.some((test) => !isUnwritten(test))
  return isBegun ? ink.bad(ui[verdict.outcome][lang]) : ink.dim(ui.unwritten[lang])
}

export function countLine(verdict: Verdict, lab: LabText, { lang }: Page): string {
  const held = verdict.tests.filter((test) => test.status === 'passed').length
  const count = fill(ui.headline, { held, all: Object.keys(lab.tests).length })[lang]
  const seconds = fill(ui.seconds, { seconds: Math.round(verdict.ms / 10) / 100 })[lang]
  return `${count}, ${seconds}`
}

/** One check in its line: done, wrong, unclear, or not written yet; in words too, where others are further. */
export function testLines(
  test: TestResult,
  lab: LabText,
  { lang, ink, width }: Page,
  isMixed = false,
): string[] {
  const name = lab.tests[test.id]?.name[lang] ?? test.id
  const [mark, paint] = isUnwritten(test)
    ? ['·', ink.dim]
    : test.status === 'passed'
      ? ['✓', ink.good]
      : test.status === 'failed'
        ? ['✗', ink.bad]
        : ['?', ink.dim]
  const aside =
    isMixed && isUnwritten(test) ? ` (${ui[test.kind === 'not-run' ? 'notRun' : 'unwritten'][lang]})` : ''
  return wrap(`${mark} ${name}${aside}`, width, '  ').map(paint)
}

/** Whether other values might have given another result. */
export const hasValues = (test: TestResult): boolean =>
  test.status === 'failed' && !isUnwritten(test) && test.kind !== 'missing-export'

export function repeatLine(
  verdict: Verdict,
  lab: LabText,
  { lang }: Page,
  { bootstrap, file }: Asked = {},
): string {
  const options = [
    ...(file === undefined ? [] : [`--file ${file}`]),
    ...(bootstrap === undefined ? [] : [`--bootstrap ${bootstrap}`]),
    `--seed ${verdict.seed}`,
  ]
  return fill(ui.repeat, { command: `npm run lab -- check ${lab.id} ${options.join(' ')}` })[lang]
}

/** After green: the solution, the broker it was checked on, what goes on from here. */
export function greenLines(lab: LabText, { lang, ink, width }: Page, bootstrap?: string): string[] {
  const lines = wrap(fill(ui.green, { solution: `${solutionsFolder(lab)}/solution.ts` })[lang], width)
  if (bootstrap !== undefined) {
    const where = lab.track === 'use' ? fill(ui.greenOnKafka, { bootstrap }) : ui.bootstrapUnused
    lines.push(...wrap(where[lang], width))
  }
  if (hasReal(lab))
    lines.push(...wrap(fill(ui.runIt, { command: `npm run lab -- run ${lab.id}` })[lang], width))
  if (lab.stretch !== undefined)
    lines.push(...wrap(`${ink.bold(`${ui.stretch[lang]}:`)} ${lab.stretch[lang]}`, width, '  '))
  return lines
}

/** What would make a Kafka answer there. */
export function whatToStart(bootstrap: string | undefined, { lang, width }: Page): string[] {
  if (bootstrap === undefined) return []
  const known = startersByPort[/:(\d+)/.exec(bootstrap)?.[1] ?? '']
  const text =
    known === undefined
      ? troubleTexts.startOther
      : fill(troubleTexts.startKnown, { command: known, bootstrap })
  return wrap(text[lang], width)
}

/** The brokers of this repository, by the port on which each command starts one. */
const startersByPort: Readonly<Record<string, string>> = {
  9092: 'npm start',
  19092: 'docker compose --profile single up -d --wait',
  29092: 'npm run kafka',
}

function printedOutside(verdict: Verdict, page: Page): string[] {
  if (verdict.outcome === 'environment') return []
  const lines = outputLines(verdict.output, verdict.outputCut, page)
  return lines.length === 0 ? [] : ['', ...lines]
}
