/**
 * The broker's log for people: one line an event, on stderr, for stdout belongs to `ready`.
 *
 *   2026-03-01T12:00:00.000Z WARN closed 127.0.0.1: frame of -1 bytes connection=7
 *   when (UTC)               level what happened                     key=value
 *
 * G1  an event is one line, whatever a client put into its name: line breaks are written as \n
 */
import type { Logger, LogLevel } from '../core.ts'

export type { LogLevel }
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A logger that passes on lines of `level` and above, until its threshold is set to another. `write` takes a line with its line break. */
export function lineLogger(
  level: LogLevel,
  write: (line: string) => void,
  now: () => number = Date.now,
): Logger {
  const log: Logger = (at, message, fields = {}) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(log.threshold ?? level)) return
    const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${format(value)}`)
    write(`${new Date(now()).toISOString()} ${at.toUpperCase()} ${oneLine(message)}${pairs.join('')}\n`)
  }
  log.threshold = level
  return log
}

function format(value: unknown): string {
  return oneLine(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f]/g, (each) =>
    each === '\n' ? '\\n' : each === '\t' ? '\\t' : '?',
  )
}
