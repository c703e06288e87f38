/**
 * The flags of the broker's command line, and what is said when one is wrong.
 */
import { parseArgs } from 'node:util'
import { LOG_LEVELS, type LogLevel } from './core-of-node.ts'

export interface CliOptions {
  readonly host: string
  readonly port: number
  /** Undefined: a temporary folder. */
  readonly data: string | undefined
  readonly brokers: number
  readonly config: Readonly<Record<string, string>>
  readonly logLevel: LogLevel
}

/** A flag that is wrong; the message is one line for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const USAGE = `Usage: npm run broker -- [options]

  --port N           the first node's port (9092); the others' follow it; 0 takes any that is free
  --host ADDRESS     the address to listen on (127.0.0.1)
  --data DIR         where records are kept; without it a temporary folder, removed at the end
  --brokers N        how many nodes in this process (1)
  --set KEY=VALUE    a broker setting by its Kafka key; may be given many times
  --log-level LEVEL  ${LOG_LEVELS.join(', ')} (info)
  --help             this text
`

/** Parses the flags; throws UsageError. */
export function parseCli(args: readonly string[]): CliOptions | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  return {
    host: values.host ?? '127.0.0.1',
    port: integer('--port', values.port ?? '9092', 0, 65_535),
    data: values.data,
    brokers: integer('--brokers', values.brokers ?? '1', 1, 9),
    config: settings(values.set ?? []),
    logLevel: level(values['log-level'] ?? 'info'),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        brokers: { type: 'string' },
        set: { type: 'string', multiple: true },
        'log-level': { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0]! : String(error)
    throw new UsageError(`${why}; --help lists the options`)
  }
}

function integer(flag: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${flag} ${text}: a whole number from ${min} to ${max} is wanted`)
  }
  return value
}

function settings(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--set ${pair}: KEY=VALUE is wanted`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

function level(text: string): LogLevel {
  const found = LOG_LEVELS.find((each) => each === text)
  if (!found) throw new UsageError(`--log-level ${text}: one of ${LOG_LEVELS.join(', ')} is wanted`)
  return found
}
