/** The committed files in labs/ are equal to the starters that the grader knows. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const LABS = readdirSync(join(ROOT, 'solutions'))

/** A file of the last commit; undefined outside a checkout. */
function committed(path: string): string | undefined {
  try {
    return execFileSync('git', ['show', `HEAD:${path}`], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
}

const isCheckout = committed('package.json') !== undefined
if (!isCheckout) console.log('skipped: the starters are compared in a git checkout only')

describe.skipIf(!isCheckout)('a fresh clone', () => {
  test.each(LABS)('%s holds the starter', (lab) => {
    const starter = readFileSync(join(ROOT, 'solutions', lab, 'starter.ts'), 'utf8')
    const names = execFileSync('git', ['ls-tree', '--name-only', `HEAD:labs/${lab}`], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const same = names
      .trim()
      .split('\n')
      .filter((name) => committed(`labs/${lab}/${name}`) === starter)
    expect(same).toHaveLength(1)
  })
})
