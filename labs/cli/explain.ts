/**
 * One failed check in words: what happened, what to look at, why it is so, what to try, where.
 *
 * LAB-EXPLAIN-1  what is said is what the verdict says: why, try and the belief are shown where the verdict has them,
 *     or not at all
 * LAB-EXPLAIN-2  the learner's own output is shown as it was printed, without control codes, and with a count of what
 *     was cut
 */
import { relative } from 'node:path'
import { inRepository, learnerFile } from '../engine/catalog.ts'
import type { LabText, Lang } from '../engine/lab.ts'
import type { TestResult, Trouble } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import { safeLines, wrap, wrapVerbatim } from './columns.ts'
import { draw, type Ink } from './draw.ts'
import { ui } from './ui-texts.ts'

export interface Page {
  readonly lang: Lang
  readonly ink: Ink
  /** Columns to wrap at. */
  readonly width: number
}

/** A piece of an explanation. `isAside`: it goes first when there is no room for all. */
export interface Piece {
  readonly lines: readonly string[]
  readonly isAside?: boolean
  /** A blank line before and after it, where there is room. */
  readonly isSetOff?: boolean
}

/** Not written yet: neither right nor wrong, and no reason for red. */
export const isUnwritten = (test: TestResult): boolean =>
  test.kind === 'not-implemented' || test.kind === 'not-run'

const framesMax = 4

/** The pieces of the explanation, in reading order, without an indent. */
export function explain(test: TestResult, lab: LabText, page: Page): Piece[] {
  const { lang, ink, width } = page
  const pieces: Piece[] = []
  const say = (text: string, indent = '') =>
    pieces.push({ lines: safeLines(text).flatMap((line) => wrap(line, width, indent)) })
  const labelled = (label: { readonly en: string; readonly ru: string }, text: string) =>
    pieces.push({ lines: wrap(`${ink.bold(`${label[lang]}:`)} ${safeLines(text).join(' ')}`, width, '  ') })

  if (test.says !== undefined) say(test.says[lang])
  if (test.call !== undefined && test.says?.[lang].includes(test.call) !== true) labelled(ui.call, test.call)
  if (test.picture !== undefined) pieces.push({ lines: draw(test.picture, lang, ink, width), isSetOff: true })
  if (test.did !== undefined) say(test.did[lang], '  ')
  if (test.why !== undefined) labelled(ui.why, test.why[lang])
  if (test.belief !== undefined) say(fill(ui.belief, { belief: test.belief.text })[lang], '  ')
  if (test.try !== undefined) labelled(ui.try, test.try[lang])
  if (test.where !== undefined)
    pieces.push({ lines: [`${ink.bold(`${ui.where[lang]}:`)} ${placeInFile(test.where, lab)}`] })
  const callers = (test.frames ?? [])
    .slice(1, framesMax)
    .map((frame) => `  ${lang === 'ru' ? 'из' : 'from'} ${shortFrame(frame)}`)
  if (callers.length > 0) pieces.push({ lines: callers.map(ink.dim), isAside: true })
  const printed = outputLines(test.output, test.outputCut, page)
  if (printed.length > 0) pieces.push({ lines: printed, isSetOff: true })
  return pieces
}

/** The pieces as lines, set off by blank lines where `isRoomy`. */
export function linesOf(pieces: readonly Piece[], isRoomy = true): string[] {
  return pieces.flatMap((piece, i) => {
    const after = pieces[i + 1]
    const before = isRoomy && piece.isSetOff === true && i > 0 && pieces[i - 1]?.isSetOff !== true ? [''] : []
    return [
      ...before,
      ...piece.lines,
      ...(isRoomy && piece.isSetOff === true && after !== undefined ? [''] : []),
    ]
  })
}

/** What kept the checks from running: the words, the lines of the file around the place, the place. */
export function explainTrouble(trouble: Trouble, lab: LabText, page: Page): Piece[] {
  const { lang, ink, width } = page
  const pieces: Piece[] = [{ lines: safeLines(trouble.says[lang]).flatMap((line) => wrap(line, width)) }]
  if (trouble.excerpt !== undefined)
    pieces.push({ lines: safeLines(trouble.excerpt).map((line) => `  ${line}`), isSetOff: true })
  if (trouble.where !== undefined)
    pieces.push({ lines: [`${ink.bold(`${ui.where[lang]}:`)} ${placeInFile(trouble.where, lab)}`] })
  return pieces
}

/** What the learner's code printed: every line, marked as theirs. */
export function outputLines(output: string | undefined, cutChars: number | undefined, page: Page): string[] {
  const text = (output ?? '').replace(/\n+$/, '')
  if (text === '') return []
  const { lang, ink } = page
  const mark = ink.dim(ui.outputMark[lang])
  const markWidth = ui.outputMark[lang].length + 1
  const printed = safeLines(text).flatMap((line) => wrapVerbatim(line, page.width - markWidth))
  const more =
    cutChars === undefined || cutChars === 0 ? [] : [ink.dim(fill(ui.outputCut, { cut: cutChars })[lang])]
  return [ui.output[lang], ...printed.map((line) => `${mark} ${line}`), ...more]
}

/** `labs/02-…/partitioner.ts:12:3`, which terminals and editors open at the line. */
export function placeInFile(where: string, lab: LabText): string {
  return where.startsWith(`${lab.file}:`) ? where.replace(lab.file, learnerFile(lab)) : where
}

/** A frame with its path from where the learner stands. */
function shortFrame(frame: string): string {
  return frame.replace(inRepository(''), relative(process.cwd(), inRepository('')) || '')
}
