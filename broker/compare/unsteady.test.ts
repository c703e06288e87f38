/** The record of scenarios that were unsteady. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { afterRun, keepUnsteady, RUNS_MAX, type UnsteadyScenarios } from './unsteady.ts'

const steady = { name: 'a', isUnsteady: false }
const unsteady = { name: 'a', isUnsteady: true }

/** After so many runs without a difference. */
function steadyFor(runs: number): UnsteadyScenarios {
  let known = afterRun({}, [unsteady]).after
  for (let run = 0; run < runs; run++) known = afterRun(known, [steady]).after
  return known
}

test('one unsteady run is accepted', () => {
  expect(afterRun({}, [unsteady, { name: 'b', isUnsteady: false }])).toEqual({ after: { a: 0 }, again: [] })
})

test('UNSTEADY-1: a second one is not, in the next run or the nineteenth', () => {
  expect(afterRun(steadyFor(0), [unsteady])).toEqual({ after: { a: 0 }, again: ['a'] })
  expect(afterRun(steadyFor(RUNS_MAX - 1), [unsteady]).again).toEqual(['a'])
})

test('UNSTEADY-2: after twenty runs without a difference the entry is removed; runs without the scenario do not count', () => {
  expect(steadyFor(RUNS_MAX)).toEqual({})
  expect(afterRun({ a: 3 }, [{ name: 'b', isUnsteady: false }]).after).toEqual({ a: 3 })
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unsteady-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the file carries the record from run to run; a damaged one is replaced', () => {
  const file = join(folder, 'unsteady.json')
  const run = (differences: readonly unknown[]) =>
    keepUnsteady([{ scenario: { name: 'a' }, unsteady: differences }], file)
  expect(run(['differed'])).toEqual([])
  expect(run([])).toEqual([])
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: 1 })
  expect(run(['differed'])).toEqual(['a'])
  writeFileSync(file, '{"a": 1')
  expect(run(['differed'])).toEqual([])
})
