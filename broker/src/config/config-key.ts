/**
 * A config key, declared once with its type, default and bounds (Kafka: ConfigDef).
 *
 *   'segment.bytes': int(1_073_741_824, { min: 1048576 })
 *
 * Values arrive as text and are checked against the declaration (config-value.ts). The type of the parsed value also follows
 * from the declaration: `config.get('segment.bytes')` is a number.
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

/** Where a key may be changed while the broker runs: not at all, on one broker, or for the cluster. */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide'

export interface ConfigKeyOptions {
  readonly min?: number
  readonly max?: number
  /** A number between the bounds that is not allowed. */
  readonly except?: number
  /** The allowed values, or elements of a list. */
  readonly oneOf?: readonly string[]
  /** `oneOf` ignores case. */
  readonly anyCase?: boolean
  /** An empty text or an empty list is invalid. */
  readonly nonEmpty?: boolean
  /** Another validator (special-formats.ts). Throws ConfigError. */
  readonly check?: (name: string, text: string) => void
  readonly update?: UpdateMode
  readonly importance?: 'high' | 'medium' | 'low'
  readonly sensitive?: boolean
  /** For Kafka's own tests: known, but shown only when it is set. */
  readonly internal?: boolean
}

declare const VALUE: unique symbol

/** A declared key whose parsed value is a `Value`. `text`: the default as text; null means not set. */
export interface ConfigKey<Value> extends ConfigKeyOptions {
  readonly type: ConfigType
  readonly text: string | null
  readonly [VALUE]?: Value
}

export type ConfigKeys = Readonly<Record<string, ConfigKey<unknown>>>
export type ValueOf<K> = K extends { readonly [VALUE]?: infer Value } ? Exclude<Value, undefined> : never

/** An invalid value or an unknown key; its message is shown to users. */
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
/** Long.MAX_VALUE is given as text, as a number cannot represent it. */
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
