import { expect, test } from 'vitest'
import { isContradicted, meets, type Report, type Row, ratio, toJson, toMarkdown } from './report.ts'

const row = (ours: number[], kafka: number[]): Row => ({
  group: 'produce',
  what: '1 KB',
  unit: '/s',
  better: 'more',
  target: 1,
  runs: { 'offset-zero': ours, kafka },
})

// In each round ours is slightly faster; in one round the machine was twice as fast, so the two medians are of different rounds.
const OPPOSITE = row([100, 210, 90], [95, 105, 200])
const PLAIN = row([110, 120, 130], [100, 100, 100])

const report = (rows: Row[]): Report => ({
  command: 'npm run bench',
  date: '2026-01-01T00:00',
  machine: { cores: 2, model: 'M', memoryGb: 8, loadBefore: [0, 0, 0], loadAfter: [0, 0, 0] },
  versions: { kafka: '4.3.1', java: '17', node: '24', offsetZero: 'abc1234' },
  ways: { fetch: 'sendfile', checksum: 'tables' },
  settings: '',
  rounds: 3,
  rows,
})

test('BENCH-REPORT-3: a row whose medians contradict its ratio is marked', () => {
  expect(ratio(OPPOSITE)).toBeGreaterThan(1)
  expect(isContradicted(OPPOSITE)).toBe(true)
  expect(isContradicted(PLAIN)).toBe(false)
  expect(isContradicted(row([1], [0]))).toBe(false)
})

test('BENCH-REPORT-3: the table explains the mark, and has no explanation without one', () => {
  expect(toMarkdown(report([OPPOSITE]))).toMatch(/1\.05 \\\* \|[\s\S]*\\\* The medians say the opposite/)
  expect(toMarkdown(report([PLAIN]))).not.toContain('opposite')
  expect(toMarkdown(report([PLAIN]))).toContain('by sendfile')
  const [marked] = JSON.parse(toJson(report([OPPOSITE]))).rows
  expect(marked.contradicted).toBe(true)
})

test('BENCH-REPORT-1: all runs are kept, and the lowest and the highest ratio of a round are shown', () => {
  const [kept] = JSON.parse(toJson(report([PLAIN]))).rows
  expect(kept.runs).toEqual({ 'offset-zero': [110, 120, 130], kafka: [100, 100, 100] })
  expect(kept.ratios).toEqual([1.1, 1.2, 1.3])
  expect(toMarkdown(report([PLAIN]))).toMatch(/1\.20 .*1\.10.*1\.30/)
})

test('BENCH-REPORT-2: the ratio of a row decides whether its target is met, not its medians', () => {
  expect(meets(OPPOSITE)).toBe(true)
  expect(meets({ ...OPPOSITE, better: 'less' })).toBe(false)
  expect(meets(row([90, 90, 200], [100, 100, 100]))).toBe(false)
  expect(meets(row([1], [0]))).toBeUndefined()
})
