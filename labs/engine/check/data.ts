/**
 * Labs check, the data that the site shows: labs/data/kill-matrix.json (which wrong solution is noticed by
 * which test) and labs/data/checks.json (what is checked, in words). Both are derived; a stale one is a fault.
 *
 * - the words are written by every run; rows of the matrix only by a run that has held them against the truth: the whole
 *   matrix of that lab, without a fault
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { inRepository, labs } from '../catalog.ts'
import type { LabText } from '../lab.ts'
import { labFiles } from './texts.ts'

const matrixFile = 'labs/data/kill-matrix.json'
const checksFile = 'labs/data/checks.json'

/** JSON as the project's formatter writes it: a list of words on one line where it fits. */
function json(value: unknown): string {
  const spread = JSON.stringify(value, null, 2)
  const compact = spread.replace(
    /^(.*)\[\n([^[\]{}]*)\n *\](,?)$/gm,
    (whole, before: string, inside: string, after: string) => {
      const line = `${before}[${inside.trim().replace(/\n */g, ' ')}]${after}`
      return line.length <= 110 ? line : whole
    },
  )
  return `${compact}\n`
}

const short = (file: string) => file.replace(/^solutions\/[^/]+\//, '')

/** What the tags of a lab say (which the whole matrix holds against the truth). */
async function matrixOf(lab: LabText): Promise<unknown> {
  const files = await labFiles(lab)
  const right = files.right.map((file) => ({ file: short(file), kind: 'right', killedBy: [] }))
  const wrong = files.wrong.map(({ file, wrong: tag }) => ({
    file: short(file),
    kind: 'wrong',
    id: tag.misconception,
    misconception: tag.belief,
    killedBy: Object.keys(lab.tests).filter((id) => tag.fails.includes(id)),
  }))
  return { tests: Object.keys(lab.tests), rows: [...right, ...wrong] }
}

function checksText(): string {
  const checks = labs.map((lab) => [
    lab.id,
    Object.entries(lab.tests).map(([id, { name }]) => ({ id, en: name.en, ru: name.ru })),
  ])
  return json(Object.fromEntries(checks))
}

/** What is in the data files and not in the labs, or the other way round; in words. */
export async function staleData(): Promise<string[]> {
  const faults: string[] = []
  if (read(checksFile) !== checksText()) faults.push(`${checksFile} is stale: npm run labs:check`)
  const written = writtenMatrix()
  for (const lab of labs) {
    if (JSON.stringify(written[lab.id]) !== JSON.stringify(await matrixOf(lab)))
      faults.push(`${matrixFile} is stale: npm run labs:check -- ${lab.id} --whole`)
  }
  for (const id of Object.keys(written))
    if (!labs.some((lab) => lab.id === id)) faults.push(`${matrixFile} knows a lab ${id} that is not there`)
  return faults
}

export function writeChecks(): void {
  writeFileSync(inRepository(checksFile), checksText())
}

/** Writes the rows of labs whose whole matrix has just been held against the truth. */
export async function writeMatrix(proven: readonly LabText[]): Promise<void> {
  const written = writtenMatrix()
  const matrix: Record<string, unknown> = {}
  for (const lab of labs) {
    const rows = proven.includes(lab) ? await matrixOf(lab) : written[lab.id]
    if (rows !== undefined) matrix[lab.id] = rows
  }
  writeFileSync(inRepository(matrixFile), json(matrix))
}

function writtenMatrix(): Record<string, unknown> {
  const text = read(matrixFile)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function read(path: string): string {
  try {
    return readFileSync(inRepository(path), 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return ''
  }
}
