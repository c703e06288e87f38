/**
 * One screen of watch mode, as lines: what is on it, and what gives way when it is small. Pure: a state goes in, lines
 * come out; terminal.ts puts them up.
 *
 *   01 The first record                             not yet · 8 of 11 checks passed
 *
 *   ✓ 8 checks passed                        the checks: a line each, or fewer
 *   ✗ …                                      what is explained, last and whole
 *       what happened, picture, why, what to try, where
 *
 *   Save labs/01-first-record/first-record.ts, and it is checked again.
 *   http://localhost:3000/labs/01-first-record/
 *   h hint · l list · …
 *
 * FR1  there are exactly `rows` lines, none wider than `columns`; no word of ours is cut
 * FR2  what is explained gives way last: first the passed checks become one line, then the unwritten ones, then the other
 *      failing ones, then blank lines go, then callers. What is still too tall is scrolled, from its beginning
 */
import { labs, learnerFile } from '../../engine/catalog.ts'
import type { LabText, Lang } from '../../engine/lab.ts'
import type { TestResult, Verdict } from '../../engine/verdict.ts'
import { fill } from '../../engine/words.ts'
import { cut, pad, widthOf, wrap } from '../columns.ts'
import { explain, explainTrouble, isUnwritten, linesOf, outputLines, type Page } from '../explain.ts'
import {
  countLine,
  explainedTest,
  greenLines,
  hasValues,
  outcomeWord,
  repeatLine,
  testLines,
  whatToStart,
} from '../render.ts'
import { keyTexts, ui } from '../ui-texts.ts'

export type KeyName = keyof typeof keyTexts

export interface ScreenState {
  readonly lab: LabText
  readonly page: Page
  readonly rows: number
  /** `idle` with a verdict, or at work. */
  readonly phase: 'starting' | 'checking' | 'idle'
  readonly verdict?: Verdict | undefined
  /** What is known so far of the check that runs, once it takes long enough to be shown. */
  readonly results?: readonly TestResult[] | undefined
  /** A hint, the list, the solution: shown instead of the verdict. */
  readonly text?: { readonly title: string; readonly lines: readonly string[] } | undefined
  /** A question, or the answer to a key. */
  readonly notice?: string | undefined
  /** The keys that do something now. */
  readonly keys: readonly KeyName[]
  /** The address of the lab's page, perhaps as a link. */
  readonly address: string
  readonly bootstrap?: string | undefined
  readonly labsPassed: number
  /** Lines that the learner has scrolled down. */
  readonly scroll: number
}

export interface Frame {
  readonly lines: readonly string[]
  /** How far it can be scrolled. */
  readonly scrollMax: number
}

interface Body {
  readonly lines: readonly string[]
  /** The line that comes to the top when there is no room for all. */
  readonly anchor: number
}

const indent = '    '
/** Longer lines are hard to read, however wide the terminal is. */
const textWidthMax = 100

export function frame(state: ScreenState): Frame {
  const { rows, page } = state
  const head = header(state)
  const isTight = rows < 20
  const foot = footer(state, isTight)
  const room = Math.max(3, rows - head.length - foot.length - (isTight ? 0 : 2))
  const narrow = { ...state, page: { ...page, width: Math.min(page.width, textWidthMax) } }
  const body = state.text === undefined ? verdictBody(narrow, room) : textBody(narrow)
  const hidden = body.lines.length - room
  const scrollMax = Math.max(0, hidden - Math.min(body.anchor, Math.max(0, hidden)))
  const shown = window(body, room, Math.min(state.scroll, scrollMax), page)
  const gap = isTight ? [] : ['']
  const lines = [...head, ...gap, ...shown, ...gap, ...foot].slice(0, rows)
  return { lines: lines.map((line) => cut(line, page.width)), scrollMax }
}

/** The part of the body that is in sight, with a mark where there is more below. */
function window(body: Body, room: number, scroll: number, page: Page): string[] {
  const { lines } = body
  if (lines.length <= room) return [...lines, ...Array.from({ length: room - lines.length }, () => '')]
  const top = Math.min(body.anchor, lines.length - room) + scroll
  const shown = lines.slice(top, top + room)
  const below = lines.length - top - room
  if (below === 0) return shown
  const more = fill(ui.more, { n: below + 1 })[page.lang]
  return [...shown.slice(0, -1), page.ink.dim(`↓ ${more}`)]
}

function header({ lab, page, phase, verdict, results, labsPassed, text }: ScreenState): string[] {
  const { lang, ink, width } = page
  const title = `${lab.id} ${lab.title[lang]}`
  const bar = ink.dim(`${ui.labsDone[lang]} ${labsPassed}/${labs.length}`)
  const states = text !== undefined && phase === 'idle' ? [] : statesOf(phase, verdict, results, lab, page)
  const rights = [...states.map((state) => `${state}   ${bar}`), ...states.slice(-1), bar]
  const right = rights.find((one) => widthOf(title) + 3 + widthOf(one) <= width)
  const start = ink.bold(title)
  if (right === undefined) return [start]
  return [`${pad(start, width - widthOf(right))}${right}`]
}

/** How it stands, in full and in brief. */
function statesOf(
  phase: ScreenState['phase'],
  verdict: Verdict | undefined,
  results: readonly TestResult[] | undefined,
  lab: LabText,
  page: Page,
): string[] {
  const { lang } = page
  const all = Object.keys(lab.tests).length
  if (phase === 'starting') return [ui.starting[lang]]
  if (phase === 'checking')
    return results === undefined
      ? [ui.checking[lang]]
      : [fill(ui.checkingSome, { done: results.length, all })[lang], ui.checking[lang]]
  if (verdict === undefined) return []
  const word = outcomeWord(verdict, page)
  if (verdict.trouble !== undefined) return [word]
  const held = verdict.tests.filter((test) => test.status === 'passed').length
  return [`${word} · ${countLine(verdict, lab, page)}`, `${word} · ${held}/${all}`, word]
}

function footer(state: ScreenState, isTight: boolean): string[] {
  const { lab, page, notice, address, keys, text } = state
  const { lang, ink, width } = page
  const bar = keyBar(keys, page)
  if (notice !== undefined) return [...wrap(notice, width).map(ink.bold), address, bar]
  if (text !== undefined || isTight) return [address, bar]
  const save = fill(ui.waiting, { file: learnerFile(lab) })[lang]
  if (widthOf(save) + 3 + widthOf(address) <= width) return [`${ink.dim(save)}   ${address}`, bar]
  return [...wrap(save, width).map(ink.dim), address, bar]
}

/** The keys that go first where there is no room for all. */
const dropOrder: readonly KeyName[] = ['x', 'c', 'l', 's', 'g', 'r', 'h', 'n', 'esc']

/** All keys with their words in full, or in brief, or the most important ones. */
export function keyBar(keys: readonly KeyName[], { lang, ink, width }: Page): string {
  const bar = (names: readonly KeyName[], size: 'full' | 'brief') =>
    names.map((name) => `${ink.bold(name)} ${keyTexts[name][size][lang]}`).join(ink.dim(' · '))
  const full = bar(keys, 'full')
  if (widthOf(full) <= width) return full
  let kept = keys
  for (const name of dropOrder) {
    const line = bar(kept, 'brief')
    if (widthOf(line) <= width) return line
    kept = kept.filter((key) => key !== name)
  }
  return bar(kept, 'brief')
}

function textBody({ text, page }: ScreenState): Body {
  const title = wrap(text?.title ?? '', page.width).map(page.ink.bold)
  return { lines: [...title, '', ...(text?.lines ?? [])], anchor: 0 }
}

function verdictBody(state: ScreenState, room: number): Body {
  const { verdict, results, lab, page } = state
  if (results !== undefined && state.phase === 'checking')
    return fitted(
      results,
      results.find((test) => test.status === 'failed' && !isUnwritten(test)),
      state,
      room,
    )
  if (verdict === undefined) return { lines: wrap(lab.summary[page.lang], page.width), anchor: 0 }
  if (verdict.trouble !== undefined) {
    const start = verdict.trouble.kind === 'environment' ? whatToStart(state.bootstrap, page) : []
    const told = linesOf(explainTrouble(verdict.trouble, lab, page))
    return { lines: [...told, ...start, ...printed(verdict, page)], anchor: 0 }
  }
  return fitted(verdict.tests, explainedTest(verdict), state, room)
}

/** The list and the explanation, as roomy as there is room for. */
function fitted(
  tests: readonly TestResult[],
  explained: TestResult | undefined,
  state: ScreenState,
  room: number,
): Body {
  let body: Body = { lines: [], anchor: 0 }
  for (let tightness = 0; tightness <= 5; tightness++) {
    const list = listOf(tests, explained, state, tightness)
    const after = explained === undefined ? ending(state) : told(explained, state, tightness)
    const gap = list.length > 0 && after.length > 0 && tightness < 5 ? [''] : []
    body = { lines: [...list, ...gap, ...after], anchor: list.length + gap.length }
    if (body.lines.length <= room) break
  }
  return body
}

function listOf(
  tests: readonly TestResult[],
  explained: TestResult | undefined,
  { lab, page }: ScreenState,
  tightness: number,
): string[] {
  const { lang, ink } = page
  const others = tests.filter((test) => test !== explained)
  const passed = others.filter((test) => test.status === 'passed')
  const unwritten = others.filter(isUnwritten)
  const failing = others.filter((test) => test.status !== 'passed' && !isUnwritten(test))
  const isShort = { passed: tightness >= 1, unwritten: tightness >= 2, failing: tightness >= 3 }
  const isMixed = tests.some((test) => !isUnwritten(test))
  const one = (test: TestResult) => testLines(test, lab, page, isMixed)
  const count = (mark: string, text: Parameters<typeof fill>[0], n: number) =>
    n === 0 ? [] : [`${mark} ${fill(text, { n })[lang]}`]
  if (!isShort.passed) return others.flatMap(one)
  return [
    ...count('✓', ui.passedCount, passed.length).map(ink.good),
    ...(isShort.unwritten
      ? count('·', ui.unwrittenCount, unwritten.length).map(ink.dim)
      : unwritten.flatMap(one)),
    ...(isShort.failing ? count('✗', ui.failedCount, failing.length).map(ink.bad) : failing.flatMap(one)),
  ]
}

function told(test: TestResult, state: ScreenState, tightness: number): string[] {
  const { lab, page, verdict } = state
  const narrow = { ...page, width: page.width - indent.length }
  const pieces = explain(test, lab, narrow).filter((piece) => tightness < 5 || piece.isAside !== true)
  const lines = linesOf(pieces, tightness < 4).map((line) => (line === '' ? '' : indent + line))
  const isRepeatable = hasValues(test) && verdict !== undefined && state.phase === 'idle'
  const repeat =
    isRepeatable && tightness < 5
      ? [page.ink.dim(indent + repeatLine(verdict, lab, narrow, { bootstrap: state.bootstrap }))]
      : []
  const outside = verdict === undefined || state.phase !== 'idle' ? [] : printed(verdict, page)
  return [...testLines(test, lab, page), ...lines, ...repeat, ...outside]
}

/** After green: what there is to do next. */
function ending(state: ScreenState): string[] {
  const { verdict, lab, page, bootstrap } = state
  if (verdict === undefined || state.phase !== 'idle') return []
  const green = verdict.outcome === 'passed' ? greenLines(lab, page, bootstrap) : []
  return [...green, ...printed(verdict, page)]
}

function printed(verdict: Verdict, page: Page): string[] {
  if (verdict.outcome === 'environment') return []
  const lines = outputLines(verdict.output, verdict.outputCut, page)
  return lines.length === 0 ? [] : ['', ...lines]
}

/** What `npm run lab` leaves behind in the terminal when it ends. */
export function farewell(lab: LabText, verdict: Verdict | undefined, page: Page): string {
  const title = `${lab.id} ${lab.title[page.lang]}`
  if (verdict === undefined) return title
  const count = verdict.trouble === undefined ? `, ${countLine(verdict, lab, page)}` : ''
  return `${title}: ${outcomeWord(verdict, page)}${count}`
}

export const languages: Readonly<Record<Lang, Lang>> = { en: 'ru', ru: 'en' }
