/**
 * Draws pictures with characters: tables, timelines, bytes with a caret.
 *
 * LAB-DRAW-1  no line is wider than `width`: a table that is too wide is shown row by row, one cell under the other
 * LAB-DRAW-2  what two cells differ in is never cut off: a long cell is broken over lines, not shortened
 */
import type { Lang, Text } from '../engine/lab.ts'
import {
  type BytesPicture,
  cellIn,
  type Picture,
  type TablePicture,
  type TimelinePicture,
} from '../engine/picture.ts'
import { fill } from '../engine/words.ts'
import { pad, safeLines, widthOf, wrap } from './columns.ts'

export interface Ink {
  bad(text: string): string
  good(text: string): string
  dim(text: string): string
  bold(text: string): string
}

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`
const plain = (text: string) => text

/** Colours when `isColoured`, plain text otherwise. */
export const inkFor = (isColoured: boolean): Ink =>
  isColoured
    ? { bad: paint(31), good: paint(32), dim: paint(2), bold: paint(1) }
    : { bad: plain, good: plain, dim: plain, bold: plain }

/** The picture as lines of at most `width` columns. */
export function draw(picture: Picture, lang: Lang, ink: Ink, width = 100): string[] {
  if (picture.kind === 'table') return drawTable(picture, lang, ink, width)
  if (picture.kind === 'bytes') return drawBytes(picture, lang, ink, width)
  return drawTimeline(picture, lang, ink, width)
}

const gap = 3

interface Row {
  readonly cells: readonly string[]
  readonly isWrong: boolean
}

const narrowRowsMin = 3

/** A table; where it is too wide, one of the rows that are narrow enough, or the rows one by one. */
function drawTable(picture: TablePicture, lang: Lang, ink: Ink, width: number): string[] {
  const head = picture.columns.map((column) => column[lang])
  const rows = picture.rows.map((row, i) => ({
    cells: row.map((cell) => safeLines(cellIn(lang, cell)).join(' ')),
    isWrong: picture.wrong.includes(i),
  }))
  if (widthsOf(head, rows).all <= width) return drawRows(head, rows, 0, lang, ink)
  const wrong = rows.some((row) => row.isWrong) ? rows.filter((row) => row.isWrong) : rows
  const narrow: Row[] = []
  for (const row of wrong) if (widthsOf(head, [...narrow, row]).all <= width) narrow.push(row)
  if (narrow.length >= Math.min(narrowRowsMin, wrong.length))
    return drawRows(head, narrow, wrong.length - narrow.length, lang, ink)
  return drawStack(head, wrong, lang, ink, width)
}

function widthsOf(head: readonly string[], rows: readonly Row[]): { each: number[]; all: number } {
  const each = head.map((title, i) =>
    Math.max(widthOf(title), ...rows.map(({ cells }) => widthOf(cells[i] ?? ''))),
  )
  return { each, all: 2 + each.reduce((sum, one) => sum + one, 0) + gap * (each.length - 1) }
}

function drawRows(
  head: readonly string[],
  rows: readonly Row[],
  more: number,
  lang: Lang,
  ink: Ink,
): string[] {
  const { each } = widthsOf(head, rows)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, each[i] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd()
  const body = rows.map(({ cells, isWrong }) => (isWrong ? ink.bad(`✗ ${line(cells)}`) : `  ${line(cells)}`))
  return [ink.dim(`  ${line(head)}`), ...body, ...moreLine(more, lang, ink)]
}

const moreLine = (more: number, lang: Lang, ink: Ink) =>
  more > 0 ? [ink.dim(`  ${fill(moreRows, { more })[lang]}`)] : []

const stackedRowsMax = 3

/** Each row as a list of `column  cell`. */
function drawStack(
  head: readonly string[],
  rows: readonly Row[],
  lang: Lang,
  ink: Ink,
  width: number,
): string[] {
  const nameWidth = Math.max(...head.map(widthOf))
  const lines = rows.slice(0, stackedRowsMax).flatMap(({ cells, isWrong }) => {
    const tell = (text: string) => (isWrong ? ink.bad(text) : text)
    return cells.flatMap((cell, i) => {
      const mark = tell(i === 0 && isWrong ? '✗ ' : '  ')
      const [first = '', ...rest] = wrap(cell, width - nameWidth - 4)
      return [
        `${mark}${ink.dim(pad(head[i] ?? '', nameWidth))}  ${tell(first)}`,
        ...rest.map((text) => `${' '.repeat(nameWidth + 4)}${tell(text)}`),
      ]
    })
  })
  return [...lines, ...moreLine(rows.length - stackedRowsMax, lang, ink)]
}

const moreRows: Text = {
  en: 'and {more} more {more:row|rows}',
  ru: 'и ещё {more} {more:строка|строки|строк}',
}

function drawTimeline(picture: TimelinePicture, lang: Lang, ink: Ink, width: number): string[] {
  const named = picture.lanes.map((lane) => ({
    name: typeof lane.name === 'string' ? lane.name : lane.name[lang],
    cells: lane.cells.map((cell) => safeLines(cellIn(lang, cell)).join(' ')),
    wrong: lane.wrong,
  }))
  const nameWidth = Math.max(...named.map((lane) => widthOf(lane.name)))
  const cellWidths: number[] = []
  for (const { cells } of named)
    for (const [i, cell] of cells.entries()) cellWidths[i] = Math.max(cellWidths[i] ?? 0, widthOf(cell))
  return named.flatMap(({ name, cells, wrong }) => {
    const lines: string[] = []
    let line = ''
    for (const [i, cell] of cells.entries()) {
      const text = cells.length === 1 ? cell : pad(cell, cellWidths[i] ?? 0)
      const drawn = wrong.includes(i) ? ink.bad(`[${text}]`) : `|${text}|`
      if (line !== '' && widthOf(line + drawn) > width - nameWidth - 2) {
        lines.push(line)
        line = ''
      }
      line += drawn
    }
    const [first = '', ...rest] = [...lines, line || '—']
    return [
      `${ink.dim(pad(name, nameWidth))}  ${first}`,
      ...rest.map((text) => `${' '.repeat(nameWidth)}  ${text}`),
    ]
  })
}

const bytesPerLine = 16

function drawBytes(picture: BytesPicture, lang: Lang, ink: Ink, width: number): string[] {
  const words: Record<'expected' | 'got', Text> = {
    expected: { en: 'expected', ru: 'ожидалось' },
    got: { en: 'got', ru: 'получено' },
  }
  const start = Math.floor(picture.from / bytesPerLine) * bytesPerLine
  const nameWidth = Math.max(widthOf(words.expected[lang]), widthOf(words.got[lang]))
  const pairs = (hex: string) => (hex.match(/../g) ?? []).slice(start, start + bytesPerLine).join(' ')
  const line = (name: Text, hex: string) =>
    `${ink.dim(pad(name[lang], nameWidth))}  ${pad(String(start), 4)} ${pairs(hex)}`
  const indent = ' '.repeat(nameWidth + 2 + 5 + (picture.from - start) * 3)
  const differing = Math.min(picture.length, start + bytesPerLine - picture.from)
  const caret = `${indent}${'^'.repeat(Math.max(2, differing * 3 - 1))}`
  const label = picture.label[lang]
  const isOneLine = widthOf(`${caret} ${label}`) <= width
  const told = isOneLine
    ? [`${caret} ${label}`]
    : [caret, ...wrap(label, width - nameWidth - 2).map((text) => ' '.repeat(nameWidth + 2) + text)]
  return [line(words.expected, picture.expected), line(words.got, picture.got), ...told.map(ink.bad)]
}
