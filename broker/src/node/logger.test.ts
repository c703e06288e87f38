/** The log for people: one line per event, whatever the event contains. */
import { expect, test } from 'vitest'
import { lineLogger } from './logger.ts'

function logged(level: 'debug' | 'warn'): { lines: string[]; log: ReturnType<typeof lineLogger> } {
  const lines: string[] = []
  return {
    lines,
    log: lineLogger(
      level,
      (line) => lines.push(line),
      () => 0,
    ),
  }
}

test('a line has time, level, message, and fields as key=value', () => {
  const { lines, log } = logged('debug')
  log('warn', 'frame of -1 bytes', { connection: 7, topic: 'orders' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z WARN frame of -1 bytes connection=7 topic=orders\n'])
})

test('events below the level are not logged', () => {
  const { lines, log } = logged('warn')
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level)
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['WARN', 'ERROR'])
})

test('LOGGER-1: a line break in a client’s name does not start a new line, and an escape does not colour the terminal', () => {
  const { lines, log } = logged('debug')
  log('info', 'client a\nb\u001b[31m', { id: 'c\u001b[31m' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z INFO client a\\nb\\u001b[31m id="c\\u001b[31m"\n'])
})

test.each([
  ['a control of the second set, which some terminals obey', '\u009b31m'],
  ['the line break of EBCDIC', '\u0085'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['text turned round', '\u202e'],
  ['an isolate that is never closed', '\u2066'],
  ['a mark of direction', '\u200f'],
  ['a mark of direction of Arabic', '\u061c'],
  ['half a pair', '\ud800'],
])('LOGGER-1: %s is written as an escape, in a message, a field and a list', (_, bad) => {
  const { lines, log } = logged('debug')
  log('info', `a${bad}b`, { group: `a${bad}b`, list: [`a${bad}b`] })
  const hex = `\\u${bad.charCodeAt(0).toString(16).padStart(4, '0')}`
  const what = bad.length > 1 ? `a${hex}31mb` : `a${hex}b`
  expect(lines).toEqual([`1970-01-01T00:00:00.000Z INFO ${what} group="${what}" list=["${what}"]\n`])
})

test('LOGGER-2: a value is quoted if it could look like another field', () => {
  const { lines, log } = logged('debug')
  const forged = ['x member=admin', 'a"b', 'a\\b', '', 'a=b', 'a\u00a0b']
  for (const group of forged) log('info', 'left', { group })
  expect(lines.map((line) => line.slice('1970-01-01T00:00:00.000Z INFO left '.length, -1))).toEqual([
    'group="x member=admin"',
    'group="a\\"b"',
    'group="a\\\\b"',
    'group=""',
    'group="a=b"',
    'group="a\u00a0b"',
  ])
})

test('LOGGER-2: ordinary names, addresses, numbers and words of other languages stay as they are', () => {
  const { lines, log } = logged('debug')
  log('info', 'is', { a: '127.0.0.1:9092', b: 'my-group_1.x', c: 7, d: 'заказы', e: true, f: null, g: '7' })
  expect(lines[0]).toContain(' is a=127.0.0.1:9092 b=my-group_1.x c=7 d=заказы e=true f=null g=7\n')
})
