/**
 * The command line of `npm run lab`, read once. A usage error names the culprit and what would be right; it exits with
 * 3, as troubles of the environment do: 1 and 2 are verdicts on the learner's code.
 */
import { closest } from '../../scripts/closest.mjs'
import { findLab, labs } from '../engine/catalog.ts'
import type { Lang, Text } from '../engine/lab.ts'
import { fill } from '../engine/words.ts'
import { troubleTexts } from './trouble-texts.ts'

/** Each command with the options that it takes; `--lang` and `--help` go with all of them. */
const optionsOf = {
  watch: ['--seed', '--bootstrap', '--json'],
  check: ['--seed', '--bootstrap', '--docker', '--file', '--json'],
  run: ['--bootstrap', '--file'],
  list: ['--json'],
  hint: ['--level'],
  reset: [],
  solution: ['--give-up'],
  report: ['--wrong-green', '--misconception', '--belief', '--belief-ru', '--seed'],
  help: [],
} as const satisfies Record<string, readonly string[]>

export type Command = keyof typeof optionsOf
export const commands = Object.keys(optionsOf) as Command[]

const flags = ['--json', '--give-up', '--help', '--docker']
/** What a valued option takes, for the message. */
const wanted: Readonly<Record<string, Text | string>> = {
  '--seed': '0 … 2147483647',
  '--level': '1, 2, 3',
  '--bootstrap': 'host:port[,host:port]',
  '--lang': 'ru, en',
  '--file': { en: 'a path', ru: 'путь к файлу' },
  '--wrong-green': { en: 'a path', ru: 'путь к файлу' },
  '--misconception': { en: 'a name in kebab-case', ru: 'имя вида kebab-case' },
  '--belief': { en: 'a sentence in English', ru: 'предложение по-английски' },
  '--belief-ru': { en: 'a sentence in Russian', ru: 'предложение по-русски' },
}
const known = [...Object.keys(wanted), ...flags]

export interface Arguments {
  readonly command: Command
  /** The labs that were named, as they were typed; `check` takes several. */
  readonly labs: readonly string[]
  readonly seed?: number
  readonly bootstrap?: string
  readonly docker: boolean
  readonly file?: string
  readonly level?: number
  readonly lang?: Lang
  readonly json: boolean
  readonly giveUp: boolean
  readonly wrongGreen?: string
  readonly misconception?: string
  readonly belief?: string
  readonly beliefRu?: string
}

export class UsageError extends Error {
  readonly says: Text
  /** The language that the command line asks for, as far as it was read. */
  readonly lang: Lang | undefined
  constructor(says: Text, lang?: Lang) {
    super(says.en)
    this.says = says
    this.lang = lang
  }
}

/** Parses `process.argv.slice(2)`. Throws UsageError. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { words, options } = split(argv)
  const lang = languageIn(options)
  try {
    return read(words, options, lang)
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(error.says, lang) : error
  }
}

function split(argv: readonly string[]): { words: string[]; options: Map<string, string | undefined> } {
  const words: string[] = []
  const options = new Map<string, string | undefined>()
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (!word.startsWith('-')) {
      words.push(word)
      continue
    }
    const [typed = '', inline] = word.split(/=(.*)/s)
    const name = typed === '-h' ? '--help' : typed
    const next = argv[i + 1]
    const takesNext = wanted[name] !== undefined && inline === undefined
    const value = takesNext && next !== undefined && !next.startsWith('--') ? argv[++i] : inline
    options.set(name, value)
  }
  return { words, options }
}

function languageIn(options: Map<string, string | undefined>): Lang | undefined {
  const value = options.get('--lang')
  return value === 'ru' || value === 'en' ? value : undefined
}

function read(
  words: readonly string[],
  options: Map<string, string | undefined>,
  lang: Lang | undefined,
): Arguments {
  const first = words[0] ?? 'watch'
  for (const name of options.keys()) checkKnown(name)
  const isCommand = (commands as readonly string[]).includes(first)
  if (!isCommand && findLab(first) === undefined && !/^\d+$/.test(first)) throw unknownCommand(first)
  const command = options.has('--help') ? 'help' : isCommand ? (first as Command) : 'watch'
  const named = isCommand ? words.slice(1) : words
  if (command !== 'help') for (const name of options.keys()) checkOption(name, command)
  for (const [name, value] of options) checkValue(name, value)
  const text = (name: string) => options.get(name)
  const args: Arguments = {
    command,
    labs: [...new Set(named)],
    docker: options.has('--docker'),
    json: options.has('--json'),
    giveUp: options.has('--give-up'),
    ...(options.has('--seed') ? { seed: Number(text('--seed')) } : {}),
    ...(options.has('--level') ? { level: Number(text('--level')) } : {}),
    ...given('bootstrap', text('--bootstrap')),
    ...given('file', text('--file')),
    ...given('wrongGreen', text('--wrong-green')),
    ...given('misconception', text('--misconception')),
    ...given('belief', text('--belief')),
    ...given('beliefRu', text('--belief-ru')),
    ...(lang === undefined ? {} : { lang }),
  }
  checkTogether(args)
  return args
}

const given = <K extends string>(key: K, value: string | undefined) =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>)

function unknownCommand(name: string): UsageError {
  const labNames = labs.map(({ slug }) => slug)
  const meant = closest(name, [...commands, ...labNames]) ?? labNames.find((slug) => slug.includes(name))
  return new UsageError(
    fill(troubleTexts.unknownCommand, { name, guess: guess(meant), commands: commands.join(', ') }),
  )
}

function checkOption(name: string, command: Command): void {
  const own: readonly string[] = [...optionsOf[command], '--lang', '--help']
  if (own.includes(name)) return
  const facts = { name, command, options: own.join(' ') }
  const homes = commands.filter((each) => (optionsOf[each] as readonly string[]).includes(name)).join(', ')
  throw new UsageError(fill(troubleTexts.misplacedOption, { ...facts, commands: homes }))
}

function checkKnown(name: string): void {
  if (known.includes(name)) return
  const meant = closest(name, known)
  throw new UsageError(fill(troubleTexts.unknownOption, { name, guess: guess(meant) }))
}

function checkValue(name: string, value: string | undefined): void {
  const wants = wanted[name]
  if (wants === undefined) return
  if (value === undefined || value === '')
    throw new UsageError(fill(troubleTexts.noValue, { name, wanted: wants }))
  if (!isValue(name, value)) throw new UsageError(fill(troubleTexts.badValue, { name, value, wanted: wants }))
}

function isValue(name: string, value: string): boolean {
  if (name === '--seed') return /^\d+$/.test(value) && Number(value) < 2 ** 31
  if (name === '--level') return /^[123]$/.test(value)
  if (name === '--bootstrap') return value.split(',').every(isAddress)
  if (name === '--lang') return value === 'ru' || value === 'en'
  if (name === '--misconception') return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
  return true
}

function isAddress(text: string): boolean {
  const port = Number(/^(?:[^\s:,]+|\[[0-9a-f:]+\]):(\d+)$/i.exec(text)?.[1] ?? 0)
  return port > 0 && port < 65_536
}

function checkTogether({ command, labs: named, docker, bootstrap, file }: Arguments): void {
  if (docker && bootstrap !== undefined)
    throw new UsageError(fill(troubleTexts.together, { one: '--docker', other: '--bootstrap' }))
  if (command === 'check' && file !== undefined && (named.length !== 1 || named[0] === 'all'))
    throw new UsageError(fill(troubleTexts.fileOneLab, { file }))
  if (command !== 'check' && named.length > 1)
    throw new UsageError(fill(troubleTexts.extraWords, { command, words: named.join(' ') }))
}

/** ` Did you mean …?`, to stand inside a message; nothing where nothing is near. */
export function guess(meant: string | undefined): Text {
  if (meant === undefined) return { en: '', ru: '' }
  const { en, ru } = fill(troubleTexts.didYouMean, { meant })
  return { en: ` ${en}`, ru: ` ${ru}` }
}
