/**
 * The command line of a tool: `kafka-topics --create --topic orders --partitions 3` becomes the tool and its options.
 *
 * - names as in Apache Kafka 4; what Kafka's tool knows and ours does not is an error that says so
 * - the name of a tool may end in .sh, and may have a folder before it
 *
 * TOOL-OPTIONS-1  an option that is unknown, lacks its value or has one too many is an error: it is never ignored
 */

/** A mistake in a command line, or what a broker has refused; the message is what the tool prints. */
export class ToolError extends Error {}

export interface Declared {
  /** Options without a value. */
  readonly flags: readonly string[]
  /** Options with a value. */
  readonly values: readonly string[]
  /** Options with a value that may stand several times. */
  readonly lists: readonly string[]
}

export interface Options {
  has(flag: string): boolean
  /** Undefined: it is not there. */
  value(name: string): string | undefined
  list(name: string): readonly string[]
}

/** Words of a line, as a shell makes them: quotes hold words together, a backslash holds the next character. Throws ToolError. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  const pattern = /\s*((?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\\"'])+)/gy
  let end = 0
  for (let found = pattern.exec(line); found !== null; found = pattern.exec(line)) {
    words.push(unquoted(found[1] ?? ''))
    end = pattern.lastIndex
  }
  if (line.slice(end).trim() !== '') throw new ToolError(`a quote is not closed: ${line.slice(end).trim()}`)
  return words
}

function unquoted(word: string): string {
  return word.replace(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, escaped, double, single) => {
    if (escaped !== undefined) return escaped
    return double === undefined ? single : double.replace(/\\(["\\$`])/g, '$1')
  })
}

/** The name of a tool as it is known here: without a folder and without .sh. */
export function toolName(word: string): string {
  return word.replace(/^.*\//, '').replace(/\.(sh|bat)$/, '')
}

/** Throws ToolError (TOOL-OPTIONS-1). */
export function optionsOf(words: readonly string[], { flags, values, lists }: Declared): Options {
  const given = new Map<string, string[]>()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) throw new ToolError(`unexpected: ${word}`)
    const [name = '', ...tied] = word.slice(2).split('=')
    const isFlag = flags.includes(name)
    if (!isFlag && !values.includes(name) && !lists.includes(name))
      throw new ToolError(`${name} is not a recognized option`)
    if (isFlag && tied.length > 0) throw new ToolError(`Option ${name} takes no value`)
    const value = isFlag ? '' : tied.length > 0 ? tied.join('=') : rest.shift()
    if (value === undefined || (!isFlag && value.startsWith('--')))
      throw new ToolError(`Option ${name} requires an argument`)
    const before = given.get(name) ?? []
    if (before.length > 0 && !lists.includes(name))
      throw new ToolError(`Found multiple arguments for option ${name}, but you asked for only one`)
    given.set(name, [...before, value])
  }
  return {
    has: (flag) => given.has(flag),
    value: (name) => given.get(name)?.[0],
    list: (name) => given.get(name) ?? [],
  }
}

/** The one of these that is there. Throws ToolError when it is none, or more. */
export function oneOf(options: Options, names: readonly string[]): string {
  const there = names.filter((name) => options.has(name))
  if (there.length === 1) return there[0] as string
  const list = names.map((name) => `--${name}`).join(', ')
  throw new ToolError(`Command must include exactly one action: ${list}`)
}

/** The value of an option that has to be there. Throws ToolError. */
export function required(options: Options, name: string): string {
  const value = options.value(name)
  if (value === undefined) throw new ToolError(`Missing required argument "[${name}]"`)
  return value
}

/** A whole number. Throws ToolError. */
export function whole(name: string, text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new ToolError(`Cannot parse argument '${text}' of option ${name}`)
  return Number(text)
}

/** `a=1,b=[x,y]` as pairs; brackets hold a value with commas together. Throws ToolError. */
export function pairsOf(text: string): [string, string][] {
  return text
    .split(/,(?![^[]*\])/)
    .filter((each) => each !== '')
    .map((each) => {
      const at = each.indexOf('=')
      if (at < 1)
        throw new ToolError(`Invalid entity config: all configs to be added must be in the format "key=val".`)
      const value = each.slice(at + 1).trim()
      return [each.slice(0, at).trim(), value.replace(/^\[(.*)\]$/, '$1')]
    })
}
