import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findLab, inRepository, solutionsFolder } from './catalog.ts'
import { check } from './grader.ts'
import type { LabText } from './lab.ts'

// Code that misbehaves, graded with the suite of lab 03: its functions are synchronous and quick to break.
const lab = findLab('03') as LabText
const folder = mkdtempSync(join(tmpdir(), 'offset-zero-lab-'))
const solution = readFileSync(inRepository(`${solutionsFolder(lab)}/solution.ts`), 'utf8')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
function judge(source: string) {
  const file = join(folder, `case-${++count}.ts`)
  writeFileSync(file, source)
  return check({ lab, file, seed: 77, surroundings: { patienceMs: 10_000 } })
}

const failedIds = (verdict: Awaited<ReturnType<typeof judge>>) =>
  verdict.tests.filter((test) => test.status === 'failed').map((test) => `${test.id}: ${test.kind}`)

describe('a verdict on code that misbehaves', { timeout: 60_000 }, () => {
  it('BUNDLE-1: a syntax error is shown with its line and a caret, and no stack', async () => {
    const verdict = await judge('export function createLog(start) {\n  return {{\n}\n')
    expect(verdict.outcome).toBe('failed')
    expect(verdict.trouble?.kind).toBe('syntax')
    expect(verdict.trouble?.where).toMatch(/^case-\d+\.ts:2:\d+$/)
    expect(verdict.trouble?.excerpt).toMatch(/\| +\^$/m)
    expect(verdict.trouble?.says.ru).toMatch(/^Файл не читается/)
  })

  it('a file that throws while it is loaded says so', async () => {
    const verdict = await judge('throw new Error("too early")\n')
    expect(verdict.trouble).toMatchObject({
      kind: 'load',
      where: expect.stringMatching(/^case-\d+\.ts:1:\d+$/),
    })
    expect(verdict.trouble?.says.en).toContain('too early')
  })

  it('GRADER-1: a loop outside of functions is stopped', async () => {
    const verdict = await judge('for (;;) {}\n')
    expect(verdict.trouble?.kind).toBe('endless-loop')
    expect(verdict.ms).toBeLessThan(20_000)
  })

  it('VERDICT-2: process.exit outside of functions is no pass', async () => {
    const verdict = await judge('process.exit(0)\n')
    expect(verdict).toMatchObject({ outcome: 'failed', trouble: { kind: 'exit' } })
  })

  it('a missing file names the way back', async () => {
    const verdict = await check({
      lab,
      file: join(folder, 'nowhere.ts'),
      seed: 1,
      surroundings: { patienceMs: 1_000 },
    })
    expect(verdict.trouble).toMatchObject({ kind: 'missing-file' })
  })

  it('a function that is not exported, or is no function, fails each test that needs it', async () => {
    const missing = await judge('function createLog() {}\nexport default createLog\n')
    expect(missing.tests.every((test) => test.kind === 'missing-export')).toBe(true)
    expect(missing.tests[0]?.says?.en).toContain('default')
    const wrongKind = await judge('export const createLog = 42\n')
    expect(wrongKind.tests[0]?.says?.en).toContain('a number')
  })

  it('VERDICT-2, RUN-1, RUN-3: an endless loop in one call fails that test only; the others are judged in a new thread', async () => {
    const verdict = await judge(
      solution.replace(
        'if (offset > end)',
        'while (offset === end && end > startOffset) {}\n      if (offset > end)',
      ),
    )
    // The first test that reads at the end, after tests that do not.
    expect(failedIds(verdict)[0]).toBe('copy-out: endless-loop')
    // After three that had to be stopped, the rest is not tried any more.
    expect(failedIds(verdict).filter((failed) => !/: (?:endless-loop|not-run)$/.test(failed))).toEqual([])
    expect(verdict.tests).toHaveLength(Object.keys(lab.tests).length)
    const notRun = verdict.tests.find(({ kind }) => kind === 'not-run')
    expect(notRun?.says?.en).toMatch(
      /^Not run: before it, 3 checks had to be stopped by force.*“.+”, “.+”, “.+”\.$/,
    )
  })

  it('process.exit in a call fails the tests that it was called in', async () => {
    const verdict = await judge(
      solution.replace('const base = end', 'if (count > 1) process.exit(0)\n      const base = end'),
    )
    expect(failedIds(verdict)).toContain('append-offsets: exit')
    expect(failedIds(verdict).filter((failed) => !failed.endsWith(': exit'))).toEqual([])
    expect(verdict.tests.find(({ id }) => id === 'empty-log')?.status).toBe('passed')
  })

  it('a rejection that nobody awaits is laid at the door of its test', async () => {
    const verdict = await judge(
      solution.replace(
        'const batches',
        "if (startOffset > 0 && Math.abs(startOffset) % 1 === 0) void Promise.reject(new Error('forgotten'))\n  const batches",
      ),
    )
    expect(verdict.outcome).toBe('failed')
    expect(failedIds(verdict)).toContain('empty-log: unhandled')
    expect(failedIds(verdict)).not.toContain('wire-kafkajs: unhandled')
  })

  it('OBSERVE-1, WORKER-2: what the code prints is laid to the check that it printed in, and to none when it was loaded', async () => {
    const verdict = await judge(
      `console.log('loaded')\n${solution.replace('const batches', "console.log('a log is born')\n  const batches")}`,
    )
    expect(verdict.outcome).toBe('passed')
    expect(verdict.output).toBe('loaded\n')
    expect(verdict.tests.find(({ id }) => id === 'read-base')?.output).toBe('a log is born\n')
    expect(verdict.tests.find(({ id }) => id === 'two-logs')?.output).toMatch(/^(?:a log is born\n){2,}$/)
  })

  it('TypeScript that is more than types (enums, parameter properties) is understood', async () => {
    const verdict = await judge(
      `enum Mood { Calm }\nclass Box { constructor(readonly mood: Mood) {} }\nnew Box(Mood.Calm)\n${solution}`,
    )
    expect(verdict.outcome).toBe('passed')
  })

  it('the same seed gives the same verdict, word for word', async () => {
    const broken = solution.replace('end += count', 'end += 1')
    const [one, two] = [await judge(broken), await judge(broken)]
    const words = (verdict: typeof one) =>
      verdict.tests.filter((test) => test.id !== 'wire-kafkajs').map((test) => [test.says, test.picture])
    expect(words(one)).toEqual(words(two))
  })
})
