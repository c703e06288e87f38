/**
 * A config key: declared once, with its type, default and bounds (Kafka: ConfigDef).
 *
 * Values arrive as text, from the command line, from a request, from the metadata log. They are checked against the
 * declaration, and refused with Kafka's own words, which people look up:
 *
 *   Invalid value -5 for configuration segment.bytes: Value must be at least 1048576
 *
 * K1  parse(format(v)) = v
 * K2  a value that its declaration does not allow never gets into a config
 */
export type ConfigType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'

/** Where a broker's key may be changed while it runs: nowhere, on one broker, or for the cluster. */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide'

export interface ConfigKeyOptions {
  readonly min?: number
  readonly max?: number
  /** A number between the bounds that is not allowed. */
  readonly except?: number
  /** The values, or the list's elements, that are allowed. */
  readonly oneOf?: readonly string[]
  readonly update?: UpdateMode
  readonly importance?: 'high' | 'medium' | 'low'
  readonly sensitive?: boolean
  /** For Kafka's own tests: known, but shown only when it is set. */
  readonly internal?: boolean
}

declare const VALUE: unique symbol

/** A declared key whose parsed value is a `Value`. `text`: the default as text; null is "not set". */
export interface ConfigKey<Value> extends ConfigKeyOptions {
  readonly type: ConfigType
  readonly text: string | null
  readonly [VALUE]?: Value
}

export type ConfigKeys = Readonly<Record<string, ConfigKey<unknown>>>
export type ValueOf<K> = K extends { readonly [VALUE]?: infer Value } ? Exclude<Value, undefined> : never

/** A value or a key that can't be; its message is for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Maybe<Value, Default> = Default extends null ? Value | null : Value
const declare = <Value>(
  type: ConfigType,
  text: string | null,
  options: ConfigKeyOptions,
): ConfigKey<Value> => ({
  type,
  text,
  ...options,
})
const textOf = (value: number | string | boolean | null): string | null =>
  value === null ? null : String(value).replace('e+', 'E')

export const bool = <D extends boolean>(value: D, options: ConfigKeyOptions = {}) =>
  declare<boolean>('boolean', textOf(value), options)
export const int = <D extends number | null>(value: D, options: ConfigKeyOptions = {}) =>
  declare<Maybe<number, D>>('int', textOf(value), options)
export const short = <D extends number | null>(value: D, options: ConfigKeyOptions = {}) =>
  declare<Maybe<number, D>>('short', textOf(value), options)
/** Long.MAX_VALUE is given as text, for a number can't hold it. */
export const long = <D extends number | '9223372036854775807' | null>(
  value: D,
  options: ConfigKeyOptions = {},
) => declare<Maybe<number, D>>('long', textOf(value), options)
export const double = <D extends number | null>(value: D, options: ConfigKeyOptions = {}) =>
  declare<Maybe<number, D>>('double', textOf(value), options)
export const string = <D extends string | null>(value: D, options: ConfigKeyOptions = {}) =>
  declare<Maybe<string, D>>('string', value, options)
export const className = <D extends string | null>(value: D, options: ConfigKeyOptions = {}) =>
  declare<Maybe<string, D>>('class', value, options)
export const list = (value: string | null, options: ConfigKeyOptions = {}) =>
  declare<string[]>('list', value, options)
export const password = (options: ConfigKeyOptions = {}) =>
  declare<string | null>('password', null, { sensitive: true, ...options })

const NUMBER = /^[+-]?\d+$/
const RANGE: Readonly<Record<string, readonly [bigint, bigint, string]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n, 'int'],
  short: [-(2n ** 15n), 2n ** 15n - 1n, 'short'],
  long: [-(2n ** 63n), 2n ** 63n - 1n, 'long'],
}

/** The value that `text` stands for; throws ConfigError when the declaration does not allow it. */
export function parseValue(name: string, key: ConfigKey<unknown>, text: string | null): unknown {
  if (text === null) return key.type === 'list' ? [] : null
  const trimmed = key.type === 'password' ? text : text.trim()
  switch (key.type) {
    case 'boolean':
      return parseBoolean(name, trimmed)
    case 'int':
    case 'short':
    case 'long':
      return parseInteger(name, key, trimmed)
    case 'double':
      return parseDouble(name, key, trimmed)
    case 'list':
      return parseList(name, key, trimmed)
    default:
      return checkOneOf(name, key, trimmed)
  }
}

function parseBoolean(name: string, text: string): boolean {
  const lower = text.toLowerCase()
  if (lower !== 'true' && lower !== 'false')
    throw invalid(name, text, 'Expected value to be either true or false')
  return lower === 'true'
}

function parseInteger(name: string, key: ConfigKey<unknown>, text: string): number {
  const [min, max, word] = RANGE[key.type]!
  const value = NUMBER.test(text) ? BigInt(text) : undefined
  if (value === undefined || value < min || value > max)
    throw invalid(name, text, `Not a number of type ${word.toUpperCase()}`)
  return checkBounds(name, key, Number(value))
}

function parseDouble(name: string, key: ConfigKey<unknown>, text: string): number {
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) throw invalid(name, text, 'Not a number of type DOUBLE')
  return checkBounds(name, key, value)
}

function checkBounds(name: string, { min, max, except }: ConfigKey<unknown>, value: number): number {
  if (min !== undefined && value < min) throw invalid(name, value, `Value must be at least ${min}`)
  if (max !== undefined && value > max) throw invalid(name, value, `Value must be no more than ${max}`)
  if (value === except)
    throw invalid(name, value, `Value must be between ${except + 1} and ${max} or equal to ${min}`)
  return value
}

function parseList(name: string, key: ConfigKey<unknown>, text: string): string[] {
  const values = text === '' ? [] : text.split(',').map((each) => each.trim())
  for (const value of values) checkOneOf(name, key, value)
  return values
}

function checkOneOf(name: string, { oneOf }: ConfigKey<unknown>, text: string): string {
  if (oneOf && !oneOf.includes(text)) throw invalid(name, text, `String must be one of: ${oneOf.join(', ')}`)
  return text
}

function invalid(name: string, value: string | number, why: string): ConfigError {
  return new ConfigError(`Invalid value ${value} for configuration ${name}: ${why}`)
}
