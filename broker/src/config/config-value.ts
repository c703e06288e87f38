/**
 * Parses the value of a config: from text to the declared type, or an error (Kafka: ConfigDef.parse).
 *
 * Values arrive as text, from the command line, from a request or from the metadata log. Errors have Kafka's texts, which
 * users can search for:
 *
 *   Invalid value -5 for configuration segment.bytes: Value must be at least 1048576
 *
 * CONFIG-VALUE-1  parse(format(v)) = v
 * CONFIG-VALUE-2  a value that the declaration does not allow is never stored in a config
 */
import { ConfigError, type ConfigKey } from './config-key.ts'

const WHOLE_NUMBER = /^[+-]?\d+$/
/** The texts that Java parses as a double, except for hexadecimal ones. */
const NUMBER = /^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?)$/
const RANGE: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
}

/**
 * Parses `text`; null means not set. Throws ConfigError if the declaration does not allow the value.
 */
export function parseValue(name: string, key: ConfigKey<unknown>, text: string | null): unknown {
  if (text === null) return key.type === 'list' ? [] : null
  key.check?.(name, text)
  switch (key.type) {
    case 'boolean':
      return parseBoolean(name, text)
    case 'int':
    case 'short':
    case 'long':
      return parseInteger(name, key, text)
    case 'double':
      return parseDouble(name, key, text)
    case 'list':
      return parseList(name, key, text.trim())
    case 'password':
      return text
    default:
      return parseString(name, key, text.trim())
  }
}

/** Formats a valid value like Kafka: ` +5 ` is 5, `TRUE` is true, `a, a` is a, and a double has a fraction. */
export function formatValue(key: ConfigKey<unknown>, text: string): string {
  switch (key.type) {
    case 'boolean':
      return text.trim().toLowerCase()
    case 'int':
    case 'short':
    case 'long':
      return String(BigInt(text.trim().replace('+', '')))
    case 'double':
      return formatDouble(Number(text.trim().replace(/[dDfF]$/, '')))
    case 'list':
      return elementsOf(text.trim()).join(',')
    case 'password':
      return text
    default:
      return text.trim()
  }
}

/** Parses a 32-bit integer like Java's Integer.parseInt: `7`, `+7`, `-07`; undefined if it is invalid. */
export function parseInt32(text: string): number | undefined {
  const value = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined
}

/** The error for an invalid value, with Kafka's text. */
export function invalidValue(name: string, value: string | number, why: string): ConfigError {
  return new ConfigError(`Invalid value ${value} for configuration ${name}: ${why}`)
}

function parseBoolean(name: string, text: string): boolean {
  const lower = text.trim().toLowerCase()
  if (lower !== 'true' && lower !== 'false')
    throw invalidValue(name, text, 'Expected value to be either true or false')
  return lower === 'true'
}

function parseInteger(name: string, key: ConfigKey<unknown>, text: string): number {
  const [min, max] = RANGE[key.type]!
  const trimmed = text.trim()
  const value = WHOLE_NUMBER.test(trimmed) ? BigInt(trimmed.replace('+', '')) : undefined
  if (value === undefined || value < min || value > max)
    throw invalidValue(name, text, `Not a number of type ${key.type.toUpperCase()}`)
  return checkBounds(name, key, Number(value), String(value))
}

function parseDouble(name: string, key: ConfigKey<unknown>, text: string): number {
  const trimmed = text.trim()
  if (!NUMBER.test(trimmed)) throw invalidValue(name, text, 'Not a number of type DOUBLE')
  const value = Number(trimmed.replace(/[dDfF]$/, ''))
  return checkBounds(name, key, value, formatDouble(value))
}

/** Formats a double like Java: 1.0, 1000.0, 2.147483648E9. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits, exponent] = value.toExponential().split('e')
  return `${digits!.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

function checkBounds(name: string, { min, max, except }: ConfigKey<unknown>, value: number, shown: string) {
  if (except !== undefined && (value === except || value < min! || value > max!))
    throw invalidValue(name, shown, `Value must be between ${except + 1} and ${max} or equal to ${min}`)
  if (min !== undefined && value < min) throw invalidValue(name, shown, `Value must be at least ${min}`)
  if (max !== undefined && value > max) throw invalidValue(name, shown, `Value must be no more than ${max}`)
  return value
}

/** The elements of a list without duplicates (KIP-1161). */
function elementsOf(text: string): string[] {
  return text === '' ? [] : [...new Set(text.split(',').map((each) => each.trim()))]
}

function parseList(name: string, key: ConfigKey<unknown>, text: string): string[] {
  const values = elementsOf(text)
  if (key.nonEmpty && values.length === 0) {
    const valid = key.oneOf ? `[${key.oneOf.join(', ')}]` : 'any non-empty value'
    throw new ConfigError(`Configuration '${name}' must not be empty. Valid values include: ${valid}`)
  }
  for (const value of values) {
    if (value === '' && !key.check) throw new ConfigError(`Configuration '${name}' values must not be empty.`)
    checkOneOf(name, key, value)
  }
  return values
}

function parseString(name: string, key: ConfigKey<unknown>, text: string): string {
  if (key.nonEmpty && text === '') throw invalidValue(name, text, 'String must be non-empty')
  return checkOneOf(name, key, text)
}

function checkOneOf(name: string, { oneOf, anyCase }: ConfigKey<unknown>, text: string): string {
  if (!oneOf || oneOf.includes(anyCase ? text.toUpperCase() : text)) return text
  throw invalidValue(
    name,
    text,
    `String must be one of${anyCase ? ' (case insensitive)' : ''}: ${oneOf.join(', ')}`,
  )
}
