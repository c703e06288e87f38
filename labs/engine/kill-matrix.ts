/** Which known wrong program fails in which test: labs/data/kill-matrix.json, written by `npm run labs:check`. */
import { readFileSync } from 'node:fs'
import { inRepository, solutionsFolder } from './catalog.ts'
import type { LabText } from './lab.ts'
import type { Text } from './text.ts'

export interface WrongRow {
  /** From the repository's root. */
  readonly file: string
  readonly id: string
  readonly misconception: Text
  readonly killedBy: readonly string[]
}

type Matrix = Record<
  string,
  { rows: { file: string; kind: string; id?: string; misconception?: Text; killedBy: string[] }[] }
>
let matrix: Matrix | undefined

/** The wrong programs of a lab; none when the file is not there. */
export function wrongRows(lab: LabText): WrongRow[] {
  try {
    matrix ??= JSON.parse(readFileSync(inRepository('labs/data/kill-matrix.json'), 'utf8')) as Matrix
  } catch {
    return []
  }
  return (matrix[lab.id]?.rows ?? []).flatMap(({ file, kind, id, misconception, killedBy }) =>
    kind === 'wrong' && id !== undefined && misconception !== undefined
      ? [{ file: `${solutionsFolder(lab)}/${file}`, id, misconception, killedBy }]
      : [],
  )
}

/** The wrong programs that fail in a test. */
export function killedBy(lab: LabText, test: string): WrongRow[] {
  return wrongRows(lab).filter((row) => row.killedBy.includes(test))
}
