/**
 * The promises of the whole project (promises.ts), compared with their citations:
 *
 * PROMISES-1  an id is defined once, and all promises of a file have the same prefix
 * PROMISES-2  every cited id is defined
 * PROMISES-3  in a test an id is at the beginning of a title, and nowhere else
 * PROMISES-4  every promise is in the title of a test
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  findAmbiguous,
  findDangling,
  findMisplaced,
  findUnproven,
  promisesOf,
  type SourceFile,
} from './promises.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['broker', 'docs', 'labs', 'scripts', 'solutions']
const READ = /\.(ts|tsx|mjs|java|md|mdx)$/
const NOT_OURS = /(^|\/)(node_modules|dist|build|\.docusaurus|results)\//
function read(): SourceFile[] {
  const files: SourceFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (NOT_OURS.test(`${path}/`)) continue
      if (entry.isDirectory()) walk(path)
      else if (READ.test(path)) files.push({ path, text: readFileSync(join(ROOT, path), 'utf8') })
    }
  }
  FOLDERS.forEach(walk)
  return files
}

/** In capitals, so that the samples of this file are no ids to its own machine. */
const sample = (path: string, text: string): SourceFile => ({ path, text: text.toUpperCase() })

const WATER = sample(
  'water.ts',
  '/**\n * Water.\n *\n * water-1  it is wet\n * water-2  it flows downhill\n */',
)
const WATER_TEST = sample('water.test.ts', "test('water-1, water-2: rivers', () => {})")

describe('the machine', () => {
  test('reads a head', () => {
    expect(promisesOf([WATER]).map(({ id }) => id.toLowerCase())).toEqual(['water-1', 'water-2'])
    const sound = [WATER, WATER_TEST, sample('kip.ts', '// kip-848, utf-8, /[a-z0-9]/, and floats (water-2)')]
    for (const find of [findAmbiguous, findDangling, findUnproven, findMisplaced])
      expect(find(sound)).toEqual([])
  })

  test('PROMISES-1: finds an id that is promised twice, in one file or in two', () => {
    expect(findAmbiguous([WATER, sample('rain.ts', '/**\n * water-2  it falls\n */')])).toHaveLength(1)
    expect(
      findAmbiguous([sample('rain.ts', '/**\n * rain-1  it falls\n * rain-1  in spring\n */')]),
    ).toHaveLength(1)
    expect(
      findAmbiguous([sample('rain.ts', '/**\n * rain-1  it falls\n * snow-2  it lies\n */')]),
    ).toHaveLength(1)
  })

  test('PROMISES-2: finds what is cited and not promised, and ids of the old form', () => {
    expect(findDangling([WATER, sample('boat.ts', '// floats (water-3)')])).toHaveLength(1)
    expect(findDangling([WATER, sample('boat.test.ts', "test('wine-1: floats', () => {})")])).toHaveLength(1)
    for (const old of [
      ' * w1  it is wet',
      '// it is wet (w1)',
      ' * it is wet (w1, w2).',
      "test('w1, w2: floats'",
    ]) {
      expect(findDangling([sample('boat.ts', old)]), old).toHaveLength(1)
    }
  })

  test('PROMISES-3: finds an id in a test that is not at the beginning of a title', () => {
    for (const text of ["test('floats (water-1)', f)", '// water-1', "test('floats, water-1: f', f)"]) {
      expect(findMisplaced([WATER, sample('boat.test.ts', text)]), text).toHaveLength(1)
    }
  })
})

describe('a promise without a test', () => {
  test('PROMISES-4: is found, also when a test has its id elsewhere than in a title', () => {
    const comment = sample('boat.test.ts', "// water-2\ntest('water-1: floats', () => {})")
    const lines = findUnproven([WATER, comment]).map((line) => line.toLowerCase())
    expect(lines).toEqual(['water.ts: water-2  it flows downhill'])
  })
})

describe('the project', () => {
  const files = read()

  test('has promises', () => expect(promisesOf(files).length).toBeGreaterThan(300))
  test('PROMISES-1: each is an address', () => expect(findAmbiguous(files)).toEqual([]))
  test('PROMISES-2: what is cited is promised', () => expect(findDangling(files)).toEqual([]))
  test('PROMISES-3: tests cite in their titles', () => expect(findMisplaced(files)).toEqual([]))
  test('PROMISES-4: each has a test', () => expect(findUnproven(files)).toEqual([]))
})
