/**
 * The broker's command line: parses arguments into options, or fails with one clear line.
 *
 *   npm run broker -- --port 9092 --data ./data --brokers 3 --set log.retention.hours=1 --set num.partitions=3
 *
 * CLI-OPTIONS-1  an unknown option or key is an error, never ignored: a mistyped option must not act like a default
 * CLI-OPTIONS-2  an error names the option, what is wrong with it, and what would be valid
 */
import { BrokerConfig } from '../config/broker-config.ts'
import { LOG_LEVELS, type LogLevel } from './logger.ts'

export interface Address {
  readonly host: string
  /** 0: a free port for each broker. */
  readonly port: number
}

export interface CliOptions {
  readonly host: string
  readonly port: number
  readonly brokers: number
  /** Undefined: in a temporary folder. */
  readonly data: string | undefined
  readonly config: Readonly<Record<string, string>>
  readonly logLevel: LogLevel
  /** Where the first broker serves its metrics; the others use the next ports. Undefined: no metrics. */
  readonly metrics: Address | undefined
}

export type CliRequest = CliOptions | 'help' | 'version'

/** Invalid arguments; `message` is one line for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `A Kafka broker.

  --port N         the port of the first broker (9092); the others have the next ones; 0: any free one
  --host H         the address to listen on (127.0.0.1)
  --data DIR       the folder that keeps the records; without it they are gone when the broker stops
  --brokers N      how many brokers, in this process (1)
  --set KEY=VALUE  a broker's setting, under Kafka's name; may be repeated
  --metrics PORT   metrics for Prometheus at http://127.0.0.1:PORT/metrics; several brokers have the next ports;
                   HOST:PORT where another machine shall read them
  --log-level L    ${LOG_LEVELS.join(', ')} (info); the log goes to stderr
  --help           this text
  --version        the broker's version

When it serves, one line goes to stdout: ready 127.0.0.1:9092[,127.0.0.1:9093,…]
`

const BROKERS_MAX = 100
/** Settings that must be given by their own option, so that they have one source. */
const BY_OPTION: ReadonlyMap<string, string> = new Map([
  ['listeners', '--host and --port'],
  ['log.dir', '--data'],
  ['log.dirs', '--data'],
])

/** Parses the arguments after the command's name. Throws UsageError. */
export function parseArguments(args: readonly string[]): CliRequest {
  const found = new Map<string, string>()
  const settings: string[] = []
  const rest = args.flatMap(splitAtEquals)
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--help' || option === '-h') return 'help'
    if (option === '--version') return 'version'
    if (!VALUED.has(option)) throw new UsageError(`unknown option ${option}; --help lists all options`)
    const value = rest.shift()
    if (value === undefined || value === '')
      throw new UsageError(`${option} needs a value; --help shows which`)
    if (option === '--set') settings.push(value)
    else if (found.has(option)) throw new UsageError(`${option} was given twice`)
    else found.set(option, value)
  }
  return checked(found, parseSettings(settings))
}

const VALUED = new Set(['--port', '--host', '--data', '--brokers', '--set', '--log-level', '--metrics'])

/** `--port=9092` means `--port 9092`. The value of --set keeps its own equals sign. */
function splitAtEquals(argument: string): string[] {
  const at = argument.indexOf('=')
  if (!argument.startsWith('--') || at < 0) return [argument]
  return [argument.slice(0, at), argument.slice(at + 1)]
}

function checked(found: ReadonlyMap<string, string>, config: Record<string, string>): CliOptions {
  const brokers = integer('--brokers', found.get('--brokers') ?? '1', 1, BROKERS_MAX)
  const port = integer('--port', found.get('--port') ?? '9092', 0, 65_535)
  if (port > 0 && port + brokers - 1 > 65_535)
    throw new UsageError(`--port ${port} leaves no room for ${brokers} brokers below 65536`)
  if (brokers > 1 && (config['node.id'] ?? config['broker.id']) !== undefined)
    throw new UsageError('--set node.id works with one broker only: several brokers get the ids 1, 2, 3, …')
  const advertised = advertisedAddress(config)
  if (advertised && advertised.port + brokers - 1 > 65_535)
    throw new UsageError(
      `--set advertised.listeners: port ${advertised.port} leaves no room for ${brokers} brokers below 65536`,
    )
  const logLevel = found.get('--log-level') ?? 'info'
  if (!isLogLevel(logLevel))
    throw new UsageError(`--log-level ${logLevel}: must be one of ${LOG_LEVELS.join(', ')}`)
  return {
    host: found.get('--host') ?? '127.0.0.1',
    port,
    brokers,
    data: found.get('--data'),
    config,
    logLevel,
    metrics: metricsAddress(found.get('--metrics'), brokers),
  }
}

/** `9404`, `0.0.0.0:9404` or `[::1]:9404`. */
function metricsAddress(text: string | undefined, brokers: number): Address | undefined {
  if (text === undefined) return undefined
  const at = text.lastIndexOf(':')
  const host = text.slice(0, Math.max(at, 0)).replace(/^\[(.*)\]$/, '$1')
  if (at === 0) throw new UsageError(`--metrics ${text}: must be PORT or HOST:PORT`)
  const port = integer('--metrics', text.slice(at + 1), 0, 65_535)
  if (port > 0 && port + brokers - 1 > 65_535)
    throw new UsageError(`--metrics ${port} leaves no room for ${brokers} brokers below 65536`)
  return { host: host || '127.0.0.1', port }
}

function parseSettings(settings: readonly string[]): Record<string, string> {
  const pairs = settings.map((setting): [string, string] => {
    const at = setting.indexOf('=')
    if (at < 1) throw new UsageError(`--set ${setting}: must be KEY=VALUE`)
    return [setting.slice(0, at), setting.slice(at + 1)]
  })
  for (const [key] of pairs) {
    const option = BY_OPTION.get(key)
    if (option) throw new UsageError(`--set ${key}: use ${option} instead`)
  }
  // Not by assignment: assigning to `__proto__` sets nothing, so that mistyped key would be silently ignored
  // (CLI-OPTIONS-1).
  const config: Record<string, string> = Object.fromEntries(pairs)
  checkConfig(config)
  return config
}

/** The first of advertised.listeners, if set: the address of the first broker; the others use the next ports. */
export function advertisedAddress(
  config: Readonly<Record<string, string>>,
): { readonly host: string; readonly port: number } | undefined {
  const first = config['advertised.listeners']?.split(',')[0] ?? ''
  const match = /^\s*\w+:\/\/(.+):(\d+)\s*$/.exec(first)
  return match ? { host: match[1]!, port: Number(match[2]) } : undefined
}

/** Throws UsageError with Kafka's message if a key is unknown or a value is invalid. */
function checkConfig(config: Record<string, string>): void {
  try {
    new BrokerConfig(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function integer(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${option} ${text}: must be a whole number from ${min} to ${max}`)
  }
  return value
}

function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text)
}
