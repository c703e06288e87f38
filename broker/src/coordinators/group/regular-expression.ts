/**
 * Subscription by regular expression (KIP-848): the broker evaluates it, so all clients mean the same topics.
 *
 * Kafka uses RE2/J, whose expressions never take exponential time. JavaScript's have nearly the same syntax. So an
 * expression is read from left to right as RE2 reads it: what RE2 refuses is refused, in its words, and the rest is
 * written again as JavaScript has it, and matched in linear time (linear-match.ts).
 *
 *   RE2                     JavaScript
 *   (?P<name>...)           (?<name>...)
 *   \A  \z                  ^  $
 *   \Q...\E                 its letters, escaped
 *   [[:alpha:]]             [a-zA-Z]
 *   \1  (?=  (?!            refused: what looks back or ahead can't be matched in linear time
 *
 * X1  an expression must match the whole name of a topic
 * X2  a repetition counts to 1000 at most, and is not repeated itself
 */
import { linearMatcher } from './linear-match.ts'

const REPEATED_MAX = 1000
const FLAGS = /^\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)([:)])/
const NAMED = /^\(\?P?<(\w+)>/
const COUNTED = /^\{(\d+)(?:,(\d*))?\}/
const ESCAPES =
  /^\\(?:[dDwWsSbBAzafnrtv]|x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]+\}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^A-Za-z0-9])/
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

/** The expression as a test of topic names; undefined when it is none. */
export function compileRegularExpression(expression: string): ((topic: string) => boolean) | undefined {
  const read = new Expression(expression)
  if (read.wrong !== undefined) return undefined
  try {
    return linearMatcher(read.rewritten) ?? (() => false)
  } catch {
    return () => false // a class that RE2 knows, and JavaScript does not
  }
}

/** Why it is no expression, in RE2's words; undefined when it is one. */
export function whyNoExpression(expression: string): string | undefined {
  return new Expression(expression).wrong
}

class Expression {
  rewritten = ''
  wrong: string | undefined
  private rest: string
  private depth = 0
  private readonly names = new Set<string>()
  /** What a repetition would repeat: nothing, something, or a repetition already (X2). */
  private before: 'nothing' | 'something' | 'repetition' = 'nothing'

  constructor(expression: string) {
    this.rest = expression
    while (this.rest !== '' && this.wrong === undefined) this.next()
    if (this.wrong === undefined && this.depth > 0) this.wrong = 'missing closing )'
  }

  private next(): void {
    const [first] = this.rest
    if (first === '(') this.open()
    else if (first === ')') this.close()
    else if (first === '[') this.bracket()
    else if (first === '\\') this.escape()
    else if (first === '|') this.take('|', '|', 'nothing')
    else if (first === '*' || first === '+' || first === '?') this.repeat(first)
    else if (COUNTED.test(this.rest)) this.repeat(COUNTED.exec(this.rest)![0])
    else if (first === '{' || first === '}') this.take(first, `\\${first}`)
    else this.take(first!, first === '/' || first === ']' ? `\\${first}` : first!)
  }

  private take(source: string, target: string, before: typeof this.before = 'something'): void {
    this.rest = this.rest.slice(source.length)
    this.rewritten += target
    this.before = before
  }

  private open(): void {
    if (!this.rest.startsWith('(?')) {
      this.depth++
      return this.take('(', '(', 'nothing')
    }
    const named = NAMED.exec(this.rest)
    if (named) return this.openNamed(named[0], named[1]!)
    if (/^\(\?P?</.test(this.rest)) return this.fail('invalid named capture')
    const flags = this.rest.startsWith('(?:') ? ['(?:', ':'] : FLAGS.exec(this.rest)
    if (!flags) return this.fail('invalid or unsupported Perl syntax')
    if (flags[1] === ':') this.depth++
    this.take(flags[0]!, flags[0]!, 'nothing')
  }

  private openNamed(source: string, name: string): void {
    if (this.names.has(name)) return this.fail('duplicate capture group name')
    this.names.add(name)
    this.depth++
    this.take(source, /^\d/.test(name) ? '(' : `(?<${name}>`, 'nothing')
  }

  private close(): void {
    if (this.depth === 0) return this.fail('regexp/syntax: internal error')
    this.depth--
    this.take(')', ')')
  }

  private repeat(operator: string): void {
    if (this.before === 'nothing') return this.fail('missing argument to repetition operator')
    if (this.before === 'repetition') return this.fail('invalid nested repetition operator')
    const [, least = '0', most = least] = COUNTED.exec(operator) ?? []
    if (Math.max(Number(least), Number(most)) > REPEATED_MAX || (most !== '' && Number(most) < Number(least)))
      return this.fail('invalid repeat count')
    const isLazy = this.rest[operator.length] === '?'
    this.take(operator, operator, 'repetition')
    if (isLazy) this.take('?', '?', 'repetition')
  }

  private escape(): void {
    if (this.rest.length === 1) return this.fail('trailing backslash at end of expression')
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(this.rest)
    if (quoted) return this.take(quoted[0], quoted[1]!.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    const source = this.escapeHere(this.rest)
    if (source === undefined) return
    this.take(source, source === '\\-' ? '-' : translated(source)) // JavaScript escapes a dash in brackets only
  }

  /** The escape at the beginning of `text`; undefined, and a reason, when there is none. */
  private escapeHere(text: string): string | undefined {
    const property = /^\\[pP](?:([A-Z])|\{\^?(\w+)\})?/.exec(text)
    if (property) {
      if (isProperty(property[1] ?? property[2])) return property[0]
      this.fail('invalid character class range')
      return undefined
    }
    const source = ESCAPES.exec(text)?.[0]
    if (source === undefined) this.fail('invalid escape sequence')
    return source
  }

  /** A class of letters, from `[` to its `]`. */
  private bracket(): void {
    let at = this.rest.startsWith('[^') ? 2 : 1
    let target = this.rest.slice(0, at)
    for (let isFirst = true; isFirst || this.rest[at] !== ']'; isFirst = false) {
      if (at >= this.rest.length) return this.fail('missing closing ]')
      const item = this.item(this.rest.slice(at))
      if (item === undefined) return
      at += item.length
      target += item.target
    }
    this.take(this.rest.slice(0, at + 1), `${target}]`)
  }

  /** A letter, a range or a named class in brackets. */
  private item(text: string): { length: number; target: string } | undefined {
    const named = /^\[:(\^?)(\w+):\]/.exec(text)
    if (named) {
      const letters = named[1] === '' ? CLASSES[named[2]!] : undefined
      if (letters === undefined) return this.fail('invalid character class range')
      return { length: named[0].length, target: letters }
    }
    const low = this.letter(text)
    if (low === undefined) return undefined
    const isSet = /^\\[dDwWsSpP]/.test(low)
    if (isSet || text[low.length] !== '-' || text[low.length + 1] === ']' || text.length <= low.length + 1)
      return { length: low.length, target: translated(low) }
    const high = this.letter(text.slice(low.length + 1))
    if (high === undefined) return undefined
    if (/^\\[dDwWsSpP]/.test(high)) return this.fail('invalid escape sequence')
    if (codeOf(high) < codeOf(low)) return this.fail('invalid character class range')
    return { length: low.length + 1 + high.length, target: `${translated(low)}-${translated(high)}` }
  }

  private letter(text: string): string | undefined {
    return text.startsWith('\\') ? this.escapeHere(text) : String.fromCodePoint(text.codePointAt(0)!)
  }

  private fail(why: string): undefined {
    this.wrong = why
  }
}

function isProperty(name: string | undefined): boolean {
  if (name === undefined) return false
  try {
    return new RegExp(`\\p{${scriptOr(name)}}`, 'u') !== undefined
  } catch {
    return false
  }
}

/** One or two letters are a category; longer names are scripts. */
function scriptOr(name: string): string {
  return name.length <= 2 ? name : `Script=${name}`
}

function translated(source: string): string {
  const property = /^\\([pP])(?:([A-Z])|\{(\^?)(\w+)\})$/.exec(source)
  if (property) {
    const isNegated = (property[1] === 'P') !== (property[3] === '^')
    return `\\${isNegated ? 'P' : 'p'}{${scriptOr(property[2] ?? property[4]!)}}`
  }
  if (source === '\\A') return '^'
  if (source === '\\z') return '$'
  if (source === '\\a') return '\\x07'
  if (/^\\(?:[0-7]|x\{)/.test(source)) return `\\u{${codeOf(source).toString(16)}}`
  if (/^\\[^A-Za-z0-9]$/.test(source)) return /[\^$\\.*+?()[\]{}|/-]/.test(source[1]!) ? source : source[1]!
  return /^[[\](){}^|/-]$/.test(source) ? `\\${source}` : source
}

/** The letter that is meant, as a number. */
function codeOf(source: string): number {
  const hex = /^\\x\{?([0-9a-fA-F]+)/.exec(source)
  if (hex) return Number.parseInt(hex[1]!, 16)
  if (/^\\[0-7]/.test(source)) return Number.parseInt(source.slice(1), 8)
  return source.codePointAt(source.length > 1 && source.startsWith('\\') ? 1 : 0)!
}
