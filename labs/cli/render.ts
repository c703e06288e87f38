/** Turns a verdict into lines for people: what failed, why, what to try, and the picture that helps. */
import { readFileSync } from 'node:fs'
import { inRepository, learnerFile, solutionsFolder } from '../engine/catalog.ts'
import type { LabText, Lang, Text } from '../engine/lab.ts'
import type { TestResult, Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import { draw, type Ink } from './draw.ts'
import { ui } from './ui-texts.ts'

export interface Page {
  readonly lang: Lang
  readonly ink: Ink
  /** Columns to wrap at. */
  readonly width: number
}

const marks = { passed: '✓', failed: '✗', inconclusive: '?' } as const

export function renderVerdict(verdict: Verdict, lab: LabText, page: Page, bootstrap?: string): string[] {
  const { lang, ink } = page
  const held = verdict.tests.filter((test) => test.status === 'passed').length
  const outcome =
    verdict.outcome === 'passed' ? ink.good(ui.passed[lang]) : ink.bad(ui[verdict.outcome][lang])
  const count = fill(ui.headline, { held, all: Object.keys(lab.tests).length })[lang]
  const lines = [`${ink.bold(`${lab.id} ${lab.title[lang]}`)}: ${outcome}`, '']
  if (verdict.trouble !== undefined)
    return [...lines, ...renderTrouble(verdict, lab, page), ...renderOutput(verdict, page)]
  const toExplain =
    verdict.tests.find((test) => test.status === 'failed') ??
    verdict.tests.find((test) => test.status !== 'passed')
  for (const test of verdict.tests) {
    const line = `${marks[test.status]} ${lab.tests[test.id]?.name[lang] ?? test.id}`
    lines.push(
      ...wrap(line, page.width, '  ').map(
        test.status === 'passed' ? ink.good : test.status === 'failed' ? ink.bad : ink.dim,
      ),
    )
    if (test === toExplain) lines.push(...renderFailure(test, lab, page))
  }
  lines.push('', ink.dim(`${count}, ${fill(ui.seconds, { seconds: (verdict.ms / 1000).toFixed(2) })[lang]}`))
  const failed = verdict.tests.filter((test) => test.status === 'failed')
  if (failed.length > 1) lines.push(ink.dim(ui.moreFailures[lang]))
  const belief = beliefBehind(verdict, lab)
  if (belief !== undefined) lines.push(...wrap(fill(ui.belief, { belief })[lang], page.width, ''))
  if (toExplain?.case !== undefined) {
    const command = `npm run lab -- check ${lab.id} --seed ${verdict.seed}`
    lines.push(ink.dim(fill(ui.repeat, { command })[lang]))
  }
  if (verdict.outcome === 'passed') {
    lines.push(fill(ui.green, { solution: `${solutionsFolder(lab)}/solution.ts` })[lang])
    if (bootstrap !== undefined) lines.push(fill(ui.greenOnKafka, { bootstrap })[lang])
  }
  return [...lines, ...renderOutput(verdict, page)]
}

/** What can be said as soon as one test has failed, while others still run. */
export function renderFirstFailure(test: TestResult, lab: LabText, page: Page): string[] {
  const name = wrap(`${marks.failed} ${lab.tests[test.id]?.name[page.lang] ?? test.id}`, page.width, '  ')
  return [
    ...name.map(page.ink.bad),
    ...renderFailure(test, lab, page),
    '',
    page.ink.dim(ui.checkingRest[page.lang]),
  ]
}

function renderFailure(test: TestResult, lab: LabText, page: Page): string[] {
  const { lang, ink } = page
  const lines = test.says === undefined ? [] : wrap(test.says[lang], page.width - 4, '')
  if (test.picture !== undefined) lines.push('', ...draw(test.picture, lang, ink), '')
  if (test.why !== undefined) lines.push(...wrap(`${ui.why[lang]}: ${test.why[lang]}`, page.width - 4, '  '))
  if (test.try !== undefined) lines.push(...wrap(`${ui.try[lang]}: ${test.try[lang]}`, page.width - 4, '  '))
  if (test.where !== undefined) lines.push(ink.dim(`${ui.where[lang]}: ${placeInFile(test.where, lab)}`))
  return lines.map((line) => (line === '' ? '' : `    ${line}`))
}

function renderTrouble(verdict: Verdict, lab: LabText, page: Page): string[] {
  const { trouble } = verdict
  if (trouble === undefined) return []
  const lines = wrap(trouble.says[page.lang], page.width, '')
  if (trouble.excerpt !== undefined)
    lines.push('', ...trouble.excerpt.split('\n').map((line) => `  ${line}`), '')
  if (trouble.where !== undefined)
    lines.push(page.ink.dim(`${ui.where[page.lang]}: ${placeInFile(trouble.where, lab)}`))
  return lines
}

/** `labs/02-…/partitioner.ts:12:3`, which terminals turn into a link. */
function placeInFile(where: string, lab: LabText): string {
  return where.startsWith(`${lab.file}:`) ? where.replace(lab.file, learnerFile(lab)) : where
}

const outputLinesMax = 12

function renderOutput(verdict: Verdict, page: Page): string[] {
  const printed = verdict.output
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
  if (printed.length === 0 || verdict.outcome === 'environment') return []
  const mark = page.ink.dim(ui.outputMark[page.lang])
  return ['', ui.output[page.lang], ...printed.slice(-outputLinesMax).map((line) => `${mark} ${line}`)]
}

/** The misconception whose wrong solution fails in exactly these tests, if there is exactly one. */
function beliefBehind(verdict: Verdict, lab: LabText): Text | undefined {
  const failed = verdict.tests.filter((test) => test.status === 'failed')
  if (
    failed.length === 0 ||
    failed.some((test) => test.kind === 'not-implemented' || test.kind === 'missing-export')
  )
    return undefined
  const signature = failed.map((test) => test.id).join()
  const alike = wrongRows(lab).filter((row) => row.killedBy.join() === signature)
  const beliefs = new Set(alike.map((row) => row.misconception.en))
  return beliefs.size === 1 ? alike[0]?.misconception : undefined
}

function wrongRows(lab: LabText): { misconception: Text; killedBy: string[] }[] {
  try {
    const matrix = JSON.parse(readFileSync(inRepository('labs/data/kill-matrix.json'), 'utf8')) as Record<
      string,
      { rows: { kind: string; misconception: Text; killedBy: string[] }[] }
    >
    return matrix[lab.id]?.rows.filter((row) => row.kind === 'wrong') ?? []
  } catch {
    return []
  }
}

/** Breaks at spaces; lines after the first begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && [...line].length + 1 + [...word].length > width) {
      lines.push(line)
      line = indent + word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
