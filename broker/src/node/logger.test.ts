/** The log for people: one line an event, whatever is in it. */
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

test('when, how bad, what, and the rest as key=value', () => {
  const { lines, log } = logged('debug')
  log('warn', 'frame of -1 bytes', { connection: 7, topic: 'orders' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z WARN frame of -1 bytes connection=7 topic=orders\n'])
})

test('what is less than the level is not said', () => {
  const { lines, log } = logged('warn')
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level)
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['WARN', 'ERROR'])
})

test('G1: a line break in a client’s name does not make a second line, nor does it colour the terminal', () => {
  const { lines, log } = logged('debug')
  log('info', 'client a\nb', { id: 'c\u001b[31m' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z INFO client a\\nb id=c?[31m\n'])
})
