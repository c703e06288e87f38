import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { removeFiles } from './remove-files.ts'

const root = mkdtempSync(join(tmpdir(), 'offset-zero-remove-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A sparse file of many megabytes. */
function large(path: string): string {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, 64 * 1_048_576)
  closeSync(fd)
  return path
}

test('REMOVE-FILES-1: a large file, a small one, a folder with both, and a missing path are gone after the call', () => {
  const folder = join(root, 'orders-0')
  mkdirSync(folder)
  large(join(folder, '00.log'))
  writeFileSync(join(folder, '00.index'), 'x')
  const alone = large(join(root, '42.log.deleted'))
  for (const path of [folder, alone, join(root, 'nothing')]) {
    removeFiles(path)
    expect(existsSync(path)).toBe(false)
  }
})
