import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LeftBehind, leftoversOn } from './left-behind.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offset-zero-left-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that has ended: its number is no living one's for some time. */
const dead = 2 ** 22 - 3

describe('what a run leaves on a cluster that is not ours', () => {
  it('is known to the next run when the first was killed, for the same cluster only', () => {
    writeFileSync(join(folder, 'abc.txt'), `host:1\n${dead}\norders-abc-1\ngroup-abc-2\n`)
    expect(leftoversOn('host:2', folder)).toEqual([])
    const [left] = leftoversOn('host:1', folder)
    expect(left?.names).toEqual(['orders-abc-1', 'group-abc-2'])
    left?.forget()
    expect(leftoversOn('host:1', folder)).toEqual([])
  })

  it('LEFT-BEHIND-1: names of a run that still lives are left alone; one that has cleaned up leaves none', () => {
    const left = new LeftBehind('xyz', 'host:1', folder)
    left.note('orders-xyz-1')
    expect(readFileSync(join(folder, 'xyz.txt'), 'utf8')).toContain('orders-xyz-1')
    expect(leftoversOn('host:1', folder)).toEqual([])
    left.forget()
    expect(leftoversOn('host:1', folder)).toEqual([])
  })
})
