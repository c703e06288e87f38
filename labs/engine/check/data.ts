/**
 * Labs check, the data that the site shows: labs/data/kill-matrix.json (which wrong solution is noticed by
 * which test) and labs/data/checks.json (what is checked, in words). Both are derived; a stale one is a fault.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { inRepository, labs } from '../catalog.ts'
import { labFiles } from './texts.ts'

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

/** The two files' contents, by path, from the tags (which the runs hold against the truth). */
export async function derivedData(): Promise<ReadonlyMap<string, string>> {
  const matrix: Record<string, unknown> = {}
  const checks: Record<string, unknown> = {}
  for (const lab of labs) {
    const files = await labFiles(lab)
    const right = files.right.map((file) => ({ file: short(file), kind: 'right', killedBy: [] }))
    const wrong = files.wrong.map(({ file, wrong: tag }) => ({
      file: short(file),
      kind: 'wrong',
      id: tag.misconception,
      misconception: tag.belief,
      killedBy: Object.keys(lab.tests).filter((id) => tag.fails.includes(id)),
    }))
    matrix[lab.id] = { tests: Object.keys(lab.tests), rows: [...right, ...wrong] }
    checks[lab.id] = Object.entries(lab.tests).map(([id, { name }]) => ({ id, en: name.en, ru: name.ru }))
  }
  return new Map([
    ['labs/data/kill-matrix.json', json(matrix)],
    ['labs/data/checks.json', json(checks)],
  ])
}

/** The paths of data files that do not say what the labs say. */
export async function staleData(): Promise<string[]> {
  const data = await derivedData()
  return [...data].filter(([path, wanted]) => read(path) !== wanted).map(([path]) => path)
}

export async function writeData(): Promise<void> {
  for (const [path, text] of await derivedData()) writeFileSync(inRepository(path), text)
}

function read(path: string): string {
  try {
    return readFileSync(inRepository(path), 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return ''
  }
}
