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
 * L3  where a letter leads is worked out once for all texts that begin alike; what is remembered is bounded
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
  const machine = new Machine(steps)
  return (text) => machine.matches([...text])
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

/** Where one can be, and where each kind of letter leads from there, as far as it was asked for. */
interface State {
  readonly places: readonly number[]
  readonly moves: Map<string, Move>
}

/** Where a letter leads; whether the text may end there. */
interface Move {
  readonly to: State
  readonly accepts: boolean
}

/** So many places are remembered of all states together. */
const REMEMBERED_MAX = 1 << 20
/** And so many letters. */
const LETTERS_MAX = 1000

/**
 * Runs a program over texts, and remembers where letters have led (L3): names of topics begin alike, and letters that no
 * part of the expression tells apart are one kind.
 */
class Machine {
  private readonly steps: readonly Step[]
  private readonly tests: readonly ((letter: string) => boolean)[]
  /** By step: which of the tests it is. */
  private readonly testOf: readonly number[]
  private readonly kinds = new Map<string, string>()
  /** By step: when it was put into a set last. */
  private readonly seen: Uint32Array
  private round = 0
  private remembered = 0
  /** What is asked of places (^, \b) depends on the text around them: then nothing is remembered. */
  private readonly hasPlaces: boolean

  constructor(steps: readonly Step[]) {
    this.steps = steps
    const tests = new Map<(letter: string) => boolean, number>()
    this.testOf = steps.map((step) => {
      if (step.is !== 'letter') return -1
      if (!tests.has(step.test)) tests.set(step.test, tests.size)
      return tests.get(step.test)!
    })
    this.tests = [...tests.keys()]
    this.seen = new Uint32Array(steps.length)
    this.hasPlaces = steps.some(({ is }) => is === 'place')
  }

  private start: Move | undefined
  /** By a hash of their places. */
  private readonly states = new Map<number, State[]>()

  matches(text: readonly string[]): boolean {
    if (this.hasPlaces || this.remembered > REMEMBERED_MAX) this.forget()
    this.start ??= this.closure(text, 0, [0])
    let move = this.start
    for (const [at, letter] of text.entries()) {
      const { places, moves } = move.to
      if (places.length === 0) return false
      const kind = this.kindOf(letter)
      let next = this.hasPlaces ? undefined : moves.get(kind)
      if (next === undefined) {
        const led = places.filter((place) => kind[this.testOf[place]!] === '1').map((place) => place + 1)
        next = this.closure(text, at + 1, led)
        moves.set(kind, next)
      }
      move = next
    }
    return move.accepts
  }

  /** The state of these places, the one that is there already if it is. */
  private stateOf(places: readonly number[]): State {
    let hash = 0x811c_9dc5
    for (const place of places) hash = Math.imul(hash ^ place, 0x0100_0193)
    const alike = this.states.get(hash) ?? []
    const known = alike.find(
      (state) =>
        state.places.length === places.length && state.places.every((place, i) => place === places[i]),
    )
    if (known) return known
    const state: State = { places, moves: new Map() }
    this.states.set(hash, [...alike, state])
    this.remembered += places.length + 1
    return state
  }

  private forget(): void {
    this.start = undefined
    this.states.clear()
    this.remembered = 0
  }

  /** Which of the tests the letter passes, as 0 and 1. */
  private kindOf(letter: string): string {
    const known = this.kinds.get(letter)
    if (known !== undefined) return known
    const kind = this.tests.map((test) => (test(letter) ? '1' : '0')).join('')
    if (this.kinds.size === LETTERS_MAX) this.kinds.clear()
    this.kinds.set(letter, kind)
    return kind
  }

  /** Where one can be from `starts` without reading a letter. No step is in the set twice (L1). */
  private closure(text: readonly string[], at: number, starts: readonly number[]): Move {
    const { steps, seen } = this
    const round = ++this.round
    const open: number[] = []
    const places: number[] = []
    let accepts = false
    const add = (place: number): void => {
      if (seen[place] === round) return
      seen[place] = round
      open.push(place)
    }
    for (const place of starts) add(place)
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const step = steps[place]!
      if (step.is === 'letter') places.push(place)
      else if (step.is === 'accept') accepts = true
      else if (step.is === 'split') for (const to of step.to) add(to)
      else if (step.holds(text, at)) add(place + 1)
    }
    return { to: this.stateOf(places), accepts }
  }
}
