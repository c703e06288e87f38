/**
 * The broker's log for people: one line per event, on stderr, because stdout is for `ready` only.
 *
 *   2026-03-01T12:00:00.000Z WARN closed 127.0.0.1: frame of -1 bytes connection=7
 *   when (UTC)               level what happened                     key=value
 *
 * LOGGER-1  an event is one line, whatever a client puts into its name: control characters, all kinds of line breaks and
 *     marks that change the text direction are written as escapes (\n, \u202e)
 * LOGGER-2  a client cannot forge a field: a value with special characters is quoted, and its quotes and backslashes
 *     are escaped; a group called `x member=admin` is logged as group="x member=admin"
 */
import type { Logger, LogLevel } from '../core.ts'

export type { LogLevel }
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A logger for events of `level` and above; its threshold may be changed. `write` gets each line with its line break. */
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

/** A value that needs no quotes: letters and digits of any language, and the characters of addresses and names. */
const PLAIN = /^[\p{L}\p{N}\p{M}_.:/@+,*#%~<>()[\]?!&;|-]+$/u
/** Controls (C0, DEL, C1), line and paragraph separators, direction marks, invisible joiners, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

function format(value: unknown): string {
  // JSON quotes the value; characters that JSON leaves unescaped are escaped after it.
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
