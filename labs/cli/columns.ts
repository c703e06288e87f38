/**
 * Text in columns: how wide it is on a terminal, where it breaks, what must not get there.
 *
 * LAB-COLUMNS-1  a line breaks at spaces; only a word that is wider than the whole line is broken
 * LAB-COLUMNS-2  what was printed by somebody else holds no control codes afterwards: it can neither move the cursor
 *     nor colour
 */
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** Columns that a text takes; colours and links take none. */
export const widthOf = (text: string): number => stringWidth(text)

export const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - widthOf(text)))

/** Breaks at spaces; lines after the first begin with `indent`. A break in the text stays one. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines = wrapAnsi(text, Math.max(10, width - widthOf(indent)), { hard: true }).split('\n')
  return lines.map((line, i) => (i === 0 ? line : indent + line))
}

/** Breaks what is wider than `width` and changes nothing else: spaces stay where they are. */
export const wrapVerbatim = (text: string, width: number): string[] =>
  wrapAnsi(text, Math.max(10, width), { hard: true, trim: false, wordWrap: false }).split('\n')

/** At most `to` columns, with a mark where something was left out. */
export function cut(text: string, to: number): string {
  if (widthOf(text) <= to) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(text))) {
    if (widthOf(kept + segment) > to - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** Somebody else's text, as lines that are safe to print. */
export function safeLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '  ').replace(/\p{Cc}/gu, '·'))
}
