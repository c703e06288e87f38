import { expect, test } from 'vitest'
import { isContradicted, type Report, type Row, ratio, toJson, toMarkdown } from './report.ts'

const row = (ours: number[], kafka: number[]): Row => ({
  group: 'produce',
  what: '1 KB',
  unit: '/s',
  better: 'more',
  target: 1,
  runs: { 'offset-zero': ours, kafka },
})

// Round by round ours is a little faster; the machine was twice as fast in one round, so the two medians are of different rounds.
const OPPOSITE = row([100, 210, 90], [95, 105, 200])
const PLAIN = row([110, 120, 130], [100, 100, 100])

test('BENCH-REPORT-3: a row whose medians say the opposite of its ratio is marked', () => {
  expect(ratio(OPPOSITE)).toBeGreaterThan(1)
  expect(isContradicted(OPPOSITE)).toBe(true)
  expect(isContradicted(PLAIN)).toBe(false)
  expect(isContradicted(row([1], [0]))).toBe(false)
})

test('BENCH-REPORT-3: the table explains the mark, and has no explanation without one', () => {
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
  expect(toMarkdown(report([OPPOSITE]))).toMatch(/1\.05 \\\* \|[\s\S]*\\\* The medians say the opposite/)
  expect(toMarkdown(report([PLAIN]))).not.toContain('opposite')
  expect(toMarkdown(report([PLAIN]))).toContain('by sendfile')
  const [marked] = JSON.parse(toJson(report([OPPOSITE]))).rows
  expect(marked.contradicted).toBe(true)
})
