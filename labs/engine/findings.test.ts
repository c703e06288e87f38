import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inRepository } from './catalog.ts'
import type { FindingKind } from './findings.ts'
import { runSuite } from './judge/run-suite.ts'
import { WorkerPool } from './judge/worker-pool.ts'
import { defineSuite, type LabText } from './lab.ts'

// What is noticed around any call, whatever the test is about: the test that promises it is blamed, and no other.
const both = (text: string) => ({ en: text, ru: text })
const one = { name: both('one'), says: { wrong: both('wrong') } }
const text = {
  id: '99',
  slug: 'trial',
  file: 'program.ts',
  track: 'build',
  title: both('Trial'),
  summary: both('Trial'),
  exports: ['answer'],
  hints: [both('1'), both('2'), both('3')],
  examples: [],
  tests: { call: one, yours: { ...one, name: both('yours') } },
} as const satisfies LabText

const folder = mkdtempSync(join(inRepository('labs'), '.findings-'))
const pool = new WorkerPool({ isClientNeeded: false })
afterAll(async () => {
  await pool.renew(0)
  rmSync(folder, { recursive: true, force: true })
})
let count = 0

async function judge(body: string, blames: Readonly<Partial<Record<FindingKind, 'yours'>>>) {
  const file = join(folder, `program-${++count}.ts`)
  writeFileSync(file, `export function answer(list: number[]): unknown {\n${body}\n}\n`)
  const suite = defineSuite<typeof text, { answer(list: number[]): unknown }>(text, {
    gives: { answer: 'anything' },
    pure: ['answer'],
    blames,
    tests: {
      call: (t, subject) => {
        subject.answer([3, 1, 2])
        t.check(true, 'wrong')
      },
      yours: (t) => t.check(true, 'wrong'),
    },
  })
  const run = await runSuite(suite as never, undefined, { file, seed: 1, patienceMs: 8_000, pool })
  return Object.fromEntries(run.results.map((result) => [result.id, result]))
}

describe('what is noticed around any call', { timeout: 30_000 }, () => {
  for (const [kind, body, says] of [
    [
      'argument-changed',
      'list.sort(); return [...list]',
      'answer([ 3, 1, 2 ]) changed what was passed to it',
    ],
    ['argument-returned', 'return list', 'answer([ 3, 1, 2 ]) returned the very object that was passed'],
    ['printed', 'console.log(list); return 1', 'answer([ 3, 1, 2 ]) printed'],
    [
      'answer-differs',
      'const all = globalThis as { times?: number }; all.times = (all.times ?? 0) + 1; return all.times',
      'answer([ 3, 1, 2 ]) was called twice with equal arguments',
    ],
    [
      'left-timer',
      'clearTimeout(setTimeout(() => {}, 60_000)); setTimeout(() => {}, 60_000); return 1',
      'timers that your code set are still running: 2',
    ],
  ] as const)
    it(`${kind}: the test that answers for it fails, where a lab names one`, async () => {
      const { call, yours } = await judge(body, { [kind]: 'yours' })
      expect(call?.status).toBe('passed')
      expect(yours).toMatchObject({ status: 'failed', kind, says: { en: expect.stringContaining(says) } })
      expect((await judge(body, {})).yours?.status).toBe('passed')
    })

  it('an answer of its own is fine', async () => {
    const { yours } = await judge('return [...list].sort()', {
      'argument-changed': 'yours',
      'argument-returned': 'yours',
      'answer-differs': 'yours',
      'left-timer': 'yours',
      printed: 'yours',
    })
    expect(yours?.status).toBe('passed')
  })
})
