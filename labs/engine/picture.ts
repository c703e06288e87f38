/**
 * Pictures as data: a failed test says what it saw, and whoever shows it (terminal, JSON, a page) draws.
 * Words in a picture are few and go through `Text`, so that a picture reads in both languages.
 */
import type { Lang, Text } from './text.ts'

/** What stands in a cell: a value, or words in both languages. */
export type Cell = string | Text

/** A cell's text in a language. */
export const cellIn = (lang: Lang, cell: Cell): string => (typeof cell === 'string' ? cell : cell[lang])

/** A text with a size in bytes behind it: `"abc…" (4100 B)`, «(4100 Б)». */
export const withSize = (text: string, bytes: number): Text => ({
  en: `${text} (${bytes} B)`,
  ru: `${text} (${bytes} Б)`,
})

/** Rows of cells; `wrong` lists the rows that do not hold. */
export interface TablePicture {
  readonly kind: 'table'
  readonly columns: readonly Text[]
  readonly rows: readonly (readonly Cell[])[]
  readonly wrong: readonly number[]
}

/** Bytes with a caret under some of them, and what was expected there. */
export interface BytesPicture {
  readonly kind: 'bytes'
  /** Hexadecimal, two digits a byte. */
  readonly got: string
  readonly expected: string
  /** First byte and length of what differs. */
  readonly from: number
  readonly length: number
  readonly label: Text
}

/** What happened, in order: a lane per partition or per call. */
export interface TimelinePicture {
  readonly kind: 'timeline'
  readonly lanes: readonly {
    readonly name: string | Text
    readonly cells: readonly Cell[]
    readonly wrong: readonly number[]
  }[]
}

export type Picture = TablePicture | BytesPicture | TimelinePicture

export const columns = {
  key: { en: 'key', ru: 'ключ' },
  bytes: { en: 'bytes', ru: 'байты' },
  partition: { en: 'partition', ru: 'партиция' },
  offset: { en: 'offset', ru: 'смещение' },
  value: { en: 'value', ru: 'значение' },
  expected: { en: 'expected', ru: 'ожидалось' },
  got: { en: 'got', ru: 'получено' },
  call: { en: 'call', ru: 'вызов' },
} as const satisfies Record<string, Text>

/** A table of what was expected against what came, row by row; rows that hold are kept for comparison, up to `rowsMax`. */
export function compareTable(
  rows: readonly { readonly left: readonly Cell[]; readonly expected: Cell; readonly got: Cell }[],
  left: readonly Text[],
  rowsMax = 8,
): TablePicture {
  const isWrong = (row: (typeof rows)[number]) => cellIn('en', row.expected) !== cellIn('en', row.got)
  const wrongRows = rows.filter(isWrong)
  const kept = new Set([...wrongRows.slice(0, rowsMax), ...rows.filter((row) => !isWrong(row)).slice(0, 2)])
  const shown = rows.filter((row) => kept.has(row))
  return {
    kind: 'table',
    columns: [...left, columns.expected, columns.got],
    rows: shown.map((row) => [...row.left, row.expected, row.got]),
    wrong: shown.flatMap((row, index) => (isWrong(row) ? [index] : [])),
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
