/**
 * Draws pictures with characters: tables, timelines, bytes with a caret.
 *
 * D1  no line is wider than `width`: a table that is too wide is shown row by row, one cell under the other
 * D2  what two cells differ in is never cut off: a long cell is broken over lines, not shortened
 */
import type { Lang, Text } from '../engine/lab.ts'
import type { BytesPicture, Picture, TablePicture, TimelinePicture } from '../engine/picture.ts'
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

function drawTable(picture: TablePicture, lang: Lang, ink: Ink, width: number): string[] {
  const head = picture.columns.map((column) => column[lang])
  const rows = picture.rows.map((row) => row.map((cell) => safeLines(cell).join(' ')))
  const widths = head.map((title, i) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? ''))))
  const all = 2 + widths.reduce((sum, one) => sum + one, 0) + gap * (widths.length - 1)
  if (all > width) return drawStack(picture, head, rows, lang, ink, width)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd()
  const body = rows.map((row, i) =>
    picture.wrong.includes(i) ? ink.bad(`✗ ${line(row)}`) : `  ${line(row)}`,
  )
  return [ink.dim(`  ${line(head)}`), ...body]
}

const stackedRowsMax = 3

/** The rows that do not hold, each as a list of `column  cell`. */
function drawStack(
  picture: TablePicture,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  lang: Lang,
  ink: Ink,
  width: number,
): string[] {
  const nameWidth = Math.max(...head.map(widthOf))
  const chosen = picture.wrong.length > 0 ? picture.wrong : rows.map((_, i) => i)
  const lines = chosen.slice(0, stackedRowsMax).flatMap((at) =>
    (rows[at] ?? []).flatMap((cell, i) => {
      const mark = i === 0 && picture.wrong.includes(at) ? '✗ ' : '  '
      const name = ink.dim(pad(head[i] ?? '', nameWidth))
      const [first = '', ...rest] = wrap(cell, width - nameWidth - 4)
      const isWrong = picture.wrong.includes(at)
      const tell = (text: string) => (isWrong ? ink.bad(text) : text)
      return [
        `${tell(mark)}${name}  ${tell(first)}`,
        ...rest.map((text) => `${' '.repeat(nameWidth + 4)}${tell(text)}`),
      ]
    }),
  )
  const more = chosen.length - stackedRowsMax
  return more > 0 ? [...lines, ink.dim(`  ${fill(moreRows, { more })[lang]}`)] : lines
}

const moreRows: Text = {
  en: 'and {more} more {more:row|rows}',
  ru: 'и ещё {more} {more:строка|строки|строк}',
}

function drawTimeline(picture: TimelinePicture, lang: Lang, ink: Ink, width: number): string[] {
  const named = picture.lanes.map((lane) => ({
    name: typeof lane.name === 'string' ? lane.name : lane.name[lang],
    cells: lane.cells.map((cell) => safeLines(cell).join(' ')),
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
