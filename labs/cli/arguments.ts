/**
 * The command line of `npm run lab`, read once. Usage errors name the culprit and what would be right; they
 * exit with 3, as troubles of the environment do: 1 and 2 are verdicts on the learner's code.
 */
import type { Lang } from '../engine/lab.ts'

export const commands = ['watch', 'check', 'list', 'hint', 'reset', 'solution', 'help'] as const
export type Command = (typeof commands)[number]

export interface Arguments {
  readonly command: Command
  readonly lab?: string
  readonly seed?: number
  readonly bootstrap?: string
  readonly file?: string
  readonly level?: number
  readonly lang?: Lang
  readonly json: boolean
  readonly giveUp: boolean
}

export class UsageError extends Error {
  readonly key: 'unknownCommand' | 'unknownOption' | 'badValue'
  readonly facts: Record<string, string>
  constructor(key: UsageError['key'], facts: Record<string, string>) {
    super(key)
    this.key = key
    this.facts = facts
  }
}

const valued = ['--seed', '--bootstrap', '--file', '--level', '--lang']
const flags = ['--json', '--give-up', '--help']

/** Parses `process.argv.slice(2)`. Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const words: string[] = []
  const options = new Map<string, string>()
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!word.startsWith('-')) {
      words.push(word)
      continue
    }
    const [name = '', inline] = word.split(/=(.*)/s)
    const full = name === '-h' ? '--help' : name
    if (flags.includes(full)) options.set(full, 'yes')
    else if (valued.includes(full)) options.set(full, inline ?? argv[++i] ?? '')
    else throw new UsageError('unknownOption', { name, options: [...valued, ...flags].join(' ') })
  }
  const first = words[0] ?? 'watch'
  const isCommand = (commands as readonly string[]).includes(first)
  if (!isCommand && !/^\d+/.test(first)) {
    throw new UsageError('unknownCommand', { name: first, commands: commands.join(' ') })
  }
  const lab = isCommand ? words[1] : first
  const command = options.has('--help') ? 'help' : isCommand ? (first as Command) : 'watch'
  return {
    command,
    ...(lab === undefined ? {} : { lab }),
    ...numberOption(options, '--seed', 0, 2 ** 31 - 1, 'seed'),
    ...numberOption(options, '--level', 1, 3, 'level'),
    ...bootstrapOption(options),
    ...(options.has('--file') ? { file: options.get('--file') ?? '' } : {}),
    ...languageOption(options),
    json: options.has('--json'),
    giveUp: options.has('--give-up'),
  }
}

function numberOption<K extends string>(
  options: Map<string, string>,
  name: string,
  min: number,
  max: number,
  key: K,
) {
  const value = options.get(name)
  if (value === undefined) return {}
  const number = Number(value)
  if (value === '' || !Number.isInteger(number) || number < min || number > max) {
    throw new UsageError('badValue', { name, value, wanted: `${min} … ${max}` })
  }
  return { [key]: number } as Record<K, number>
}

function bootstrapOption(options: Map<string, string>): { bootstrap?: string } {
  const value = options.get('--bootstrap')
  if (value === undefined) return {}
  if (!/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/.test(value)) {
    throw new UsageError('badValue', { name: '--bootstrap', value, wanted: 'host:port[,host:port]' })
  }
  return { bootstrap: value }
}

function languageOption(options: Map<string, string>): { lang?: Lang } {
  const value = options.get('--lang')
  if (value === undefined) return {}
  if (value !== 'ru' && value !== 'en')
    throw new UsageError('badValue', { name: '--lang', value, wanted: 'ru | en' })
  return { lang: value }
}
