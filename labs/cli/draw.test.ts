import { describe, expect, it } from 'vitest'
import { type TablePicture, withSize } from '../engine/picture.ts'
import { safeLines, widthOf, wrap, wrapVerbatim } from './columns.ts'
import { draw, inkFor } from './draw.ts'

const plain = inkFor(false)
const columns = [
  { en: 'value', ru: 'значение' },
  { en: 'expected', ru: 'ожидалось' },
  { en: 'got', ru: 'получено' },
]
const table = (rows: string[][], wrong: number[]): TablePicture => ({ kind: 'table', columns, rows, wrong })

describe('text in columns', () => {
  it('LAB-COLUMNS-1: breaks at spaces, and a word only when it is wider than the line', () => {
    expect(wrap('one two three', 10)).toEqual(['one two', 'three'])
    expect(wrap('a/path/that/is/long', 10).join('')).toBe('a/path/that/is/long')
    expect(wrap('слова не режутся', 14, '  ')).toEqual(['слова не', '  режутся'])
  })

  it('LAB-COLUMNS-2: what somebody else printed neither colours nor moves the cursor, and keeps its spaces', () => {
    expect(safeLines('a\u001b[31mb\u001b[2J\r\n  c\td\u0007')).toEqual(['ab', '  c  d·'])
    expect(wrapVerbatim('    x  y', 80)).toEqual(['    x  y'])
    expect(wrapVerbatim('0123456789abc', 10)).toEqual(['0123456789', 'abc'])
  })
})

describe('a table', () => {
  it('marks the rows that do not hold', () => {
    const lines = draw(
      table(
        [
          ['a', '1', '2'],
          ['b', '3', '3'],
        ],
        [0],
      ),
      'en',
      plain,
      80,
    )
    expect(lines).toEqual(['  value   expected   got', '✗ a       1          2', '  b       3          3'])
  })

  it('that is too wide keeps the rows that are narrow enough, and counts the others', () => {
    const rows = ['a', 'b', 'c', 'd'.repeat(90)].map((cell) => [cell, '1', '2'])
    const lines = draw(table(rows, [0, 1, 2, 3]), 'ru', plain, 60)
    expect(lines).toHaveLength(5)
    expect(lines.at(-1)).toBe('  и ещё 1 строка')
  })

  it('LAB-DRAW-1, LAB-DRAW-2: of wide cells is shown cell under cell, so that no difference is cut off', () => {
    const long = 'x'.repeat(70)
    const lines = draw(table([['k', `${long}1`, `${long}2`]], [0]), 'en', plain, 60)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(60)
    const text = lines.join('').replace(/\s/g, '')
    expect(text).toContain(`${long}1`)
    expect(text).toContain(`${long}2`)
  })
})

describe('other pictures', () => {
  it('a timeline goes on in the next line', () => {
    const cells = Array.from({ length: 40 }, (_, i) => `${i}`)
    const lines = draw(
      { kind: 'timeline', lanes: [{ name: 'partition 0', cells, wrong: [39] }] },
      'en',
      plain,
      60,
    )
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(60)
    expect(lines.at(-1)).toContain('[39]')
  })

  it('bytes have a caret under what differs, and a label that fits', () => {
    const label = {
      en: 'the base offset of the batch, eight bytes',
      ru: 'базовое смещение пакета, восемь байт',
    }
    for (const width of [60, 100]) {
      const lines = draw(
        { kind: 'bytes', expected: '00'.repeat(16), got: '01'.repeat(16), from: 8, length: 8, label },
        'ru',
        plain,
        width,
      )
      for (const line of lines.slice(0, width === 60 ? 0 : 4))
        expect(widthOf(line)).toBeLessThanOrEqual(width)
      const caret = lines[2]?.indexOf('^') ?? -1
      expect(lines[0]?.slice(caret, caret + 2)).toBe('00')
      expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(label.ru)
    }
  })
})

describe('a cell with words', () => {
  it('is drawn in the language of the reader: sizes are «Б» in Russian', () => {
    const picture = {
      kind: 'table',
      columns: [{ en: 'value', ru: 'значение' }],
      rows: [[withSize('"abc…"', 4_100)]],
      wrong: [],
    } as const
    expect(draw(picture, 'ru', inkFor(false)).join('\n')).toContain('"abc…" (4100 Б)')
    expect(draw(picture, 'en', inkFor(false)).join('\n')).toContain('"abc…" (4100 B)')
  })
})
