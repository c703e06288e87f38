/**
 * The broker's log for people: one line an event, on stderr, for stdout belongs to `ready`.
 *
 *   2026-03-01T12:00:00.000Z WARN closed 127.0.0.1: frame of -1 bytes connection=7
 *   when (UTC)               level what happened                     key=value
 *
 * LOGGER-1  an event is one line, whatever a client put into its name: control characters, line breaks of any kind and
 *     marks that turn the direction of text are written as escapes (\n, \u202e)
 * LOGGER-2  a field cannot be forged: a value with anything but plain characters is quoted, with quotes and backslashes
 *     escaped, so `x member=admin` of a client reads group="x member=admin"
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

/** What a value may be made of without quotes: letters and digits of any language, and what addresses and names need. */
const PLAIN = /^[\p{L}\p{N}\p{M}_.:/@+,*#%~<>()[\]?!&;|-]+$/u
/** Controls (C0, DEL, C1), line and paragraph separators, marks of direction, invisible joiners, halves of a pair. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

function format(value: unknown): string {
  // JSON quotes what is in it; only what it leaves as it is has still to be escaped.
  if (typeof value === 'object' && value !== null) return oneLine(JSON.stringify(value))
  const text = String(value)
  if (typeof value !== 'string' || PLAIN.test(text)) return oneLine(text)
  return oneLine(JSON.stringify(text))
}

function oneLine(text: string): string {
  return text.replace(UNSAFE, (each) => {
    if (each === '\n') return '\\n'
    if (each === '\t') return '\\t'
    return `\\u${each.codePointAt(0)!.toString(16).padStart(4, '0')}`
  })
}
