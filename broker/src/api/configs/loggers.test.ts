import { expect, test } from 'vitest'
import type { Logger } from '../../core.ts'
import { lineLogger } from '../../node/logger.ts'
import { Loggers } from './loggers.ts'

const [SET, DELETE, APPEND] = [0, 1, 2]
const set = (value: string | null, name = 'root', operation = SET) => [{ name, operation, value }]

test('the log level can be changed while the broker runs', () => {
  const lines: string[] = []
  const log: Logger = lineLogger(
    'warn',
    (line) => void lines.push(line),
    () => 0,
  )
  const loggers = new Loggers(log)
  expect(loggers.level).toBe('WARN')
  log('info', 'unheard')
  loggers.change(set('TRACE'), true)
  log('info', 'only asked')
  loggers.change(set('TRACE'), false)
  log('debug', 'heard')
  expect(loggers.level).toBe('TRACE')
  loggers.change(set('FATAL'), false)
  log('warn', 'too quiet')
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z DEBUG heard\n'])
})

test.each([
  ['a level that is none', set('info'), 'Cannot set the log level of root to info'],
  ['a logger that is none', set('INFO', 'kafka.server'), 'Logger kafka.server does not exist!'],
  ['the root without a level', set(null, 'root', DELETE), 'Removing the log level of the root logger'],
  ['a level appended', set('INFO', 'root', APPEND), 'APPEND operation is not allowed'],
])('%s is refused', (_what, changes, wanted) => {
  const loggers = new Loggers(lineLogger('info', () => {}))
  expect(() => loggers.change(changes, false)).toThrow(wanted)
  expect(loggers.level).toBe('INFO')
})
