/**
 * Matching a regular expression in time linear in the text, as RE2 does and JavaScript's own engine does not.
 *
 * JavaScript tries one way after the other and goes back when it fails: `(a+)+b` takes 2^n tries to see that n letters a
 * don't match. A stranger's expression would stop the whole broker. Here all ways are gone at once (Thompson, 1968):
 *
 *   expression   ->  tree  ->  program                          run
 *   a(b|c)*          a         0 char a                         the set of places where one can be, letter by letter:
 *                    (b|c)*    1 split 2 7                      {0} -a-> {1 2 3 5 7} -c-> {1 2 3 5 7} …
 *                              2 split 3 5 …   7 match          it matches when `match` is among them at the end
 *
 * L1  a text of n letters and a program of m steps take at most n · m looks
 * L2  single letters are tested by JavaScript: what a class like [a-z] or \p{L} means is its business
 */
type Node =
  | { readonly is: 'letter'; readonly test: (letter: string) => boolean }
  | { readonly is: 'place'; readonly holds: (text: readonly string[], at: number) => boolean }
  | { readonly is: 'sequence'; readonly parts: readonly Node[] }
  | { readonly is: 'choice'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

type Step =
  | Extract<Node, { is: 'letter' | 'place' }>
  | { readonly is: 'split'; readonly to: number[] }
  | { readonly is: 'accept' }

/** Kafka has no bound; nobody writes an expression of so many steps to name topics. */
const STEPS_MAX = 20_000

const GROUP = /^\((?:\?(?:<\w+>|([imsU]*)(?:-([imsU]+))?([:)])))?/
const REPEAT = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/
const LETTER = /^(?:\\(?:u\{[^}]*\}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/u

/**
 * A test of whole texts. `pattern` is in JavaScript's syntax and sound, but for flags, which may be set anywhere as in
 * RE2. Undefined when the program would be too long.
 */
export function linearMatcher(pattern: string): ((text: string) => boolean) | undefined {
  const steps: Step[] = []
  if (!compile(new Parser(pattern).choice({ ignoresCase: false }), steps)) return undefined
  steps.push({ is: 'accept' })
  return (text) => run(steps, [...text])
}

interface Flags {
  ignoresCase: boolean
}

class Parser {
  private rest: string

  constructor(pattern: string) {
    this.rest = pattern
  }

  /** Up to the end of the group; flags that are set on the way count up to there. */
  choice(flags: Flags): Node {
    const parts = [this.sequence(flags)]
    while (this.rest.startsWith('|')) {
      this.take('|')
      parts.push(this.sequence(flags))
    }
    return parts.length === 1 ? parts[0]! : { is: 'choice', parts }
  }

  private sequence(flags: Flags): Node {
    const parts: Node[] = []
    while (this.rest !== '' && !/^[|)]/.test(this.rest)) {
      const part = this.rest.startsWith('(') ? this.group(flags) : this.letter(flags)
      if (part) parts.push(this.repeated(part))
    }
    return { is: 'sequence', parts }
  }

  private group(flags: Flags): Node | undefined {
    const [source, on = '', off = '', end] = GROUP.exec(this.rest)!
    this.take(source)
    const inner: Flags = { ignoresCase: (flags.ignoresCase || on.includes('i')) && !off.includes('i') }
    if (end === ')') {
      Object.assign(flags, inner)
      return undefined
    }
    const content = this.choice(inner)
    this.take(')')
    return content
  }

  private repeated(part: Node): Node {
    const found = REPEAT.exec(this.rest)
    if (!found) return part
    const [source, sign, count, comma, most] = found
    this.take(source)
    if (sign === '*') return { is: 'repeat', part, least: 0, most: Number.POSITIVE_INFINITY }
    if (sign === '+') return { is: 'repeat', part, least: 1, most: Number.POSITIVE_INFINITY }
    if (sign === '?') return { is: 'repeat', part, least: 0, most: 1 }
    const least = Number(count)
    if (!comma) return { is: 'repeat', part, least, most: least }
    return { is: 'repeat', part, least, most: most === '' ? Number.POSITIVE_INFINITY : Number(most) }
  }

  private letter({ ignoresCase }: Flags): Node {
    const [source] = LETTER.exec(this.rest)!
    this.take(source)
    if (source === '^') return { is: 'place', holds: (_text, at) => at === 0 }
    if (source === '$') return { is: 'place', holds: (text, at) => at === text.length }
    if (source === '\\b') return { is: 'place', holds: isWordEdge }
    if (source === '\\B') return { is: 'place', holds: (text, at) => !isWordEdge(text, at) }
    const one = new RegExp(`^${source}$`, ignoresCase ? 'iu' : 'u')
    return { is: 'letter', test: (letter) => one.test(letter) }
  }

  private take(source: string): void {
    this.rest = this.rest.slice(source.length)
  }
}

function isWordEdge(text: readonly string[], at: number): boolean {
  const isWord = (letter: string | undefined): boolean => letter !== undefined && /^\w$/.test(letter)
  return isWord(text[at - 1]) !== isWord(text[at])
}

/** Adds the steps of a node; false when they are too many. */
function compile(node: Node, steps: Step[]): boolean {
  if (steps.length > STEPS_MAX) return false
  switch (node.is) {
    case 'sequence':
      return node.parts.every((part) => compile(part, steps))
    case 'choice':
      return compileChoice(node.parts, steps)
    case 'repeat':
      return compileRepeat(node, steps)
    default:
      steps.push(node)
      return true
  }
}

function compileChoice(parts: readonly Node[], steps: Step[]): boolean {
  const fork: Step & { is: 'split' } = { is: 'split', to: [] }
  steps.push(fork)
  const ends: (Step & { is: 'split' })[] = []
  for (const part of parts) {
    fork.to.push(steps.length)
    if (!compile(part, steps)) return false
    const end: Step & { is: 'split' } = { is: 'split', to: [] }
    ends.push(end)
    steps.push(end)
  }
  for (const end of ends) end.to.push(steps.length)
  return true
}

function compileRepeat({ part, least, most }: Node & { is: 'repeat' }, steps: Step[]): boolean {
  const begin = steps.length
  for (let count = 0; count < least; count++) {
    if (!compile(part, steps)) return false
    if (steps.length === begin) return true // nothing, however often
  }
  if (most === Number.POSITIVE_INFINITY) {
    const fork: Step & { is: 'split' } = { is: 'split', to: [steps.length + 1] }
    const again = steps.push(fork) - 1
    if (!compile(part, steps)) return false
    steps.push({ is: 'split', to: [again] })
    fork.to.push(steps.length)
    return true
  }
  const forks: (Step & { is: 'split' })[] = []
  for (let count = least; count < most; count++) {
    const fork: Step & { is: 'split' } = { is: 'split', to: [steps.length + 1] }
    forks.push(fork)
    steps.push(fork)
    if (!compile(part, steps)) return false
  }
  for (const fork of forks) fork.to.push(steps.length)
  return true
}

/** L1: no step is in the set twice. */
function run(steps: readonly Step[], text: readonly string[]): boolean {
  let places = closure(steps, text, 0, [0])
  for (const [at, letter] of text.entries()) {
    const next: number[] = []
    for (const place of places) {
      const step = steps[place]!
      if (step.is === 'letter' && step.test(letter)) next.push(place + 1)
    }
    places = closure(steps, text, at + 1, next)
  }
  return [...places].some((place) => steps[place]!.is === 'accept')
}

/** Where one can be from `starts` without reading a letter. */
function closure(
  steps: readonly Step[],
  text: readonly string[],
  at: number,
  starts: readonly number[],
): Set<number> {
  const seen = new Set(starts)
  const open = [...starts]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const step = steps[place]!
    const to = step.is === 'split' ? step.to : step.is === 'place' && step.holds(text, at) ? [place + 1] : []
    for (const each of to) {
      if (seen.has(each)) continue
      seen.add(each)
      open.push(each)
    }
  }
  return seen
}
