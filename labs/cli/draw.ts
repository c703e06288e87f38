/** Draws pictures with characters: tables, timelines, bytes with a caret. Widths are counted in code points. */
import type { Lang, Text } from '../engine/lab.ts'
import type { BytesPicture, Picture, TablePicture, TimelinePicture } from '../engine/picture.ts'

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

export function draw(picture: Picture, lang: Lang, ink: Ink): string[] {
  if (picture.kind === 'table') return drawTable(picture, lang, ink)
  if (picture.kind === 'bytes') return drawBytes(picture, lang, ink)
  return drawTimeline(picture, lang, ink)
}

const width = (text: string) => [...text].length
const pad = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - width(text)))
const cut = (text: string, to: number) =>
  width(text) > to ? `${[...text].slice(0, to - 1).join('')}…` : text

const cellWidthMax = 44

function drawTable(picture: TablePicture, lang: Lang, ink: Ink): string[] {
  const head = picture.columns.map((column) => column[lang])
  const rows = picture.rows.map((row) => row.map((cell) => cut(cell, cellWidthMax)))
  const widths = head.map((title, i) => Math.max(width(title), ...rows.map((row) => width(row[i] ?? ''))))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0))
      .join('   ')
      .trimEnd()
  const body = rows.map((row, i) => {
    const isWrong = picture.wrong.includes(i)
    return isWrong ? ink.bad(`✗ ${line(row)}`) : `  ${line(row)}`
  })
  return [ink.dim(`  ${line(head)}`), ...body]
}

function drawTimeline(picture: TimelinePicture, lang: Lang, ink: Ink): string[] {
  const named = picture.lanes.map((lane) => ({
    ...lane,
    name: typeof lane.name === 'string' ? lane.name : lane.name[lang],
  }))
  const nameWidth = Math.max(...named.map((lane) => width(lane.name)))
  const cellWidth = (i: number) =>
    Math.max(...named.map((lane) => width(cut(lane.cells[i] ?? '', cellWidthMax))))
  return named.map((lane) => {
    const cells = lane.cells.map((cell, i) => {
      const text = pad(cut(cell, cellWidthMax), lane.cells.length === 1 ? 0 : cellWidth(i))
      return lane.wrong.includes(i) ? ink.bad(`[${text}]`) : `|${text}|`
    })
    return `${ink.dim(pad(lane.name, nameWidth))}  ${cells.join('') || '—'}`
  })
}

const bytesPerLine = 16

function drawBytes(picture: BytesPicture, lang: Lang, ink: Ink): string[] {
  const words: Record<'expected' | 'got', Text> = {
    expected: { en: 'expected', ru: 'ожидалось' },
    got: { en: 'got', ru: 'получено' },
  }
  const start = Math.floor(picture.from / bytesPerLine) * bytesPerLine
  const nameWidth = Math.max(width(words.expected[lang]), width(words.got[lang]))
  const pairs = (hex: string) => (hex.match(/../g) ?? []).slice(start, start + bytesPerLine).join(' ')
  const line = (name: Text, hex: string) =>
    `${ink.dim(pad(name[lang], nameWidth))}  ${pad(String(start), 4)} ${pairs(hex)}`
  const indent = ' '.repeat(nameWidth + 2 + 5 + (picture.from - start) * 3)
  const caret = `${indent}${'^'.repeat(Math.max(2, picture.length * 3 - 1))} ${picture.label[lang]}`
  return [line(words.expected, picture.expected), line(words.got, picture.got), ink.bad(caret)]
}
