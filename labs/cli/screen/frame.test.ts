/** The screen of watch mode: everything fits, what is explained is whole, and nothing is cut. */
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findLab } from '../../engine/catalog.ts'
import type { LabText, Lang } from '../../engine/lab.ts'
import type { TestResult, Verdict } from '../../engine/verdict.ts'
import { widthOf } from '../columns.ts'
import { inkFor } from '../draw.ts'
import { frame, keyBar, type ScreenState } from './frame.ts'

const lab = findLab('02') as LabText
const ids = Object.keys(lab.tests)

const passed = (id: string): TestResult => ({ id, status: 'passed', assertions: 1, ms: 1 })
const unwritten = (id: string): TestResult => ({
  id,
  status: 'failed',
  kind: 'not-implemented',
  says: { en: 'movedKeys is not written yet. Your turn!', ru: 'Функция movedKeys ещё не написана. Ваш ход!' },
  assertions: 0,
  ms: 1,
})
const failed = (id: string): TestResult => ({
  id,
  status: 'failed',
  kind: 'wrong-value',
  case: 'differs',
  says: {
    en: 'Of 8 keys, 5 have another hash than in Kafka, and this sentence is long enough for two lines.',
    ru: 'Из 8 ключей у 5 хеш не тот, что в Kafka, и это предложение не умещается в одну строку экрана.',
  },
  why: {
    en: 'Two clients put a key into the same partition only if they compute the same hash, bit for bit.',
    ru: 'Два клиента положат ключ в одну партицию, только если их хеши совпадают бит в бит.',
  },
  try: {
    en: 'Compare the constants and read the four bytes little-endian.',
    ru: 'Сверьте константы и читайте четыре байта как little-endian.',
  },
  picture: {
    kind: 'table',
    columns: [
      { en: 'bytes', ru: 'байты' },
      { en: 'expected', ru: 'ожидалось' },
      { en: 'got', ru: 'получено' },
    ],
    rows: Array.from({ length: 5 }, (_, i) => [`a0b1c2d${i}`, `${i}00`, `${i}01`]),
    wrong: [0, 1, 2, 3, 4],
  },
  call: 'murmur2(<a0b1c2d0>)',
  where: 'partitioner.ts:12:3',
  frames: ['murmur2 (/x/partitioner.ts:12:3)', 'partitionForKey (/x/partitioner.ts:40:10)'],
  assertions: 1,
  ms: 1,
})

const verdictOf = (tests: TestResult[], rest: Partial<Verdict> = {}): Verdict => ({
  lab: '02',
  file: '/x/partitioner.ts',
  seed: 42,
  outcome: tests.every((test) => test.status === 'passed') ? 'passed' : 'failed',
  tests,
  output: '',
  ms: 1234,
  ...rest,
})

const stateOf = (
  lang: Lang,
  columns: number,
  rows: number,
  rest: Partial<ScreenState> = {},
): ScreenState => ({
  lab,
  page: { lang, ink: inkFor(false), width: columns },
  rows,
  phase: 'idle',
  keys: ['h', 'l', 'c', 'x', 's', 'g', 'q'],
  address: 'http://localhost:3000/labs/02-keys-and-partitions/',
  labsPassed: 1,
  scroll: 0,
  ...rest,
})

const oneFails = verdictOf([
  ...ids.slice(0, 9).map(passed),
  failed(ids[9] ?? ''),
  ...ids.slice(10).map(unwritten),
])
const manyFail = verdictOf(ids.map(failed), { explained: ids[3] ?? '' })
const screens: [string, Partial<ScreenState>][] = [
  ['nothing known yet', { phase: 'starting' }],
  ['nothing written', { verdict: verdictOf(ids.map(unwritten)) }],
  ['one fails', { verdict: oneFails }],
  ['all fail', { verdict: manyFail }],
  ['all pass', { verdict: verdictOf(ids.map(passed)), keys: ['n', 'r', 's', 'h', 'l', 'c', 'x', 'g', 'q'] }],
  ['while it is checked', { phase: 'checking', results: [passed(ids[0] ?? ''), failed(ids[1] ?? '')] }],
  [
    'it does not load',
    {
      verdict: verdictOf([], {
        outcome: 'failed',
        trouble: {
          kind: 'syntax',
          says: { en: 'It cannot be read: Expression expected', ru: 'Не читается: Expression expected' },
          where: 'partitioner.ts:5:1',
          excerpt: ' 4 |   return (\n 5 | }\n   | ^',
        },
      }),
    },
  ],
  ['a question', { verdict: oneFails, notice: 'Put the starter back in place of labs/x/y.ts? y/n' }],
  [
    'a long text',
    { text: { title: 'The solution', lines: Array.from({ length: 90 }, (_, i) => `line ${i}`) } },
  ],
]

describe.each([
  [80, 24],
  [120, 40],
  [60, 20],
  [44, 12],
])('a terminal of %i × %i', (columns, rows) => {
  it.each(screens)('%s: exactly that many lines, none too wide', (_name, state) => {
    for (const lang of ['en', 'ru'] as const) {
      const { lines } = frame(stateOf(lang, columns, rows, state))
      expect(lines).toHaveLength(rows)
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns)
    }
  })
})

describe('at 80 × 24', () => {
  it.each(['en', 'ru'] as const)('what is explained is there as a whole (%s)', (lang) => {
    for (const verdict of [oneFails, manyFail]) {
      const { lines, scrollMax } = frame(stateOf(lang, 80, 24, { verdict }))
      const text = lines.join(' ').replace(/\s+/g, ' ')
      const test = failed(ids[9] ?? '')
      expect(scrollMax).toBe(0)
      for (const part of [test.says, test.why, test.try]) expect(text).toContain(part?.[lang])
      for (const row of ['a0b1c2d0', 'a0b1c2d4', '400 401'])
        expect(text.replaceAll(/ +/g, ' ')).toContain(row)
      expect(text).toContain('labs/02-keys-and-partitions/partitioner.ts:12:3')
      expect(text).toContain('murmur2(<a0b1c2d0>)')
    }
  })

  it('the check that the verdict names is the one that is explained; the others are a line', () => {
    const { lines } = frame(stateOf('en', 80, 24, { verdict: manyFail }))
    const at = lines.findIndex((line) =>
      line.startsWith(`✗ ${lab.tests[ids[3] ?? '']?.name.en.slice(0, 40)}`),
    )
    expect(at).toBeGreaterThan(0)
    expect(lines[at - 1] === '' ? lines[at - 2] : lines[at - 1]).toContain('other checks fail too')
  })

  it('unwritten checks are dim and never red', () => {
    const page = { lang: 'en' as const, ink: inkFor(true), width: 80 }
    const { lines } = frame({ ...stateOf('en', 80, 24, { verdict: verdictOf(ids.map(unwritten)) }), page })
    expect(lines.join('\n')).not.toContain('\u001b[31m')
    expect(lines.filter((line) => line.startsWith('\u001b[2m·')).length).toBeGreaterThan(0)
  })

  it('a text that is too long is scrolled to its last line', () => {
    const text = { title: 'The solution', lines: Array.from({ length: 90 }, (_, i) => `line ${i}`) }
    const { scrollMax, lines } = frame(stateOf('en', 80, 24, { text }))
    expect(lines.join('\n')).toContain('↓')
    const end = frame(stateOf('en', 80, 24, { text, scroll: scrollMax })).lines.join('\n')
    expect(end).toContain('line 89')
    expect(end).not.toContain('↓')
  })

  it('the address can be read also where it is a link', () => {
    const address = 'http://localhost:3000/labs/02-keys-and-partitions/'
    const linked = `\u001b]8;;${address}\u0007${address}\u001b]8;;\u0007`
    const { lines } = frame(stateOf('en', 80, 24, { verdict: oneFails, address: linked }))
    expect(lines).toContain(linked)
    expect(lines.map(stripVTControlCharacters)).toContain(address)
  })
})

describe('the key bar', () => {
  const keys = ['n', 'r', 's', 'h', 'l', 'c', 'x', 'g', 'q'] as const

  it('shows all keys where there is room, and the most important ones where there is not', () => {
    for (const lang of ['en', 'ru'] as const) {
      const page = (width: number) => ({ lang, ink: inkFor(false), width })
      expect(keyBar(keys, page(120)).split(' · ')).toHaveLength(keys.length)
      for (const width of [80, 60, 40, 20]) {
        const bar = keyBar(keys, page(width))
        expect(widthOf(bar)).toBeLessThanOrEqual(width)
        expect(bar).toMatch(/q \S+$/)
        if (width >= 40) expect(bar).toContain('h ')
      }
    }
  })
})
