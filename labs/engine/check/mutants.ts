/**
 * Labs check, mutants: small changes to the solution, made by a machine. Each makes a program that should be
 * noticed; one that passes every test (a survivor) is either equivalent, and somebody writes down why, or a gap.
 *
 * Named wrong solutions say what people believe; mutants say what the tests look at. The two are counted apart.
 *
 *   off by one      2 -> 3, `+ 1` -> ``              swapped        < -> <=, === -> !==, && -> ||, >>> -> >>
 *   dropped         `await `, a statement            cap            an exported function gives 1,000 items at most
 *   cache           an exported function remembers its answers by its first argument alone
 *
 * - a mutant is named by what was changed to what, not by a line number, so that reasons outlive edits
 * - comments, strings, types and imports are left alone
 */
import type { Shape } from '../subject/shapes.ts'

export interface Mutant {
  /** `count < 1 -> count <= 1`, or `cache murmur2`. */
  readonly name: string
  readonly source: string
}

interface Operator {
  readonly find: RegExp
  readonly put: (found: string) => string
}

const operators: readonly Operator[] = [
  { find: /(?<![\w.$])\d+(?![\w.$])/g, put: (found) => String(Number(found) + 1) },
  { find: / \+ 1\b(?!\d)/g, put: () => '' },
  { find: / - 1\b(?!\d)/g, put: () => '' },
  { find: / <= /g, put: () => ' < ' },
  { find: / < /g, put: () => ' <= ' },
  { find: / >= /g, put: () => ' > ' },
  { find: / > /g, put: () => ' >= ' },
  { find: / === /g, put: () => ' !== ' },
  { find: / !== /g, put: () => ' === ' },
  { find: / == null/g, put: () => ' === null' },
  { find: / != null/g, put: () => ' !== null' },
  { find: / && /g, put: () => ' || ' },
  { find: / \|\| /g, put: () => ' && ' },
  { find: / >>> /g, put: () => ' >> ' },
  { find: / << /g, put: () => ' >> ' },
  { find: / \+ (?!1\b)/g, put: () => ' - ' },
  { find: /\bawait /g, put: () => '' },
  { find: /\bcontinue$/gm, put: () => '' },
  { find: /^ +[\w.]+ (?:\+|-|\^|\*)?= [^=].*$/gm, put: () => '' },
  { find: /^ +\w+(?:\.\w+)+\(.*\)$/gm, put: () => '' },
]

/** All mutants of a source: one change each. */
export function mutantsOf(source: string, gives: Readonly<Record<string, Shape>>): Mutant[] {
  const code = codeOnly(source)
  const mutants = new Map<string, Mutant>()
  for (const { find, put } of operators) {
    for (const found of code.matchAll(find)) {
      const mutated =
        source.slice(0, found.index) + put(found[0]) + source.slice(found.index + found[0].length)
      const name = `${lineAt(source, found.index)} -> ${lineAt(mutated, found.index)}`
      if (!mutants.has(name)) mutants.set(name, { name, source: mutated })
    }
  }
  return [
    ...mutants.values(),
    ...Object.entries(gives).flatMap(([name, shape]) => wrapped(source, name, shape)),
  ]
}

function lineAt(text: string, at: number): string {
  const from = text.lastIndexOf('\n', at - 1) + 1
  const to = text.indexOf('\n', at)
  return text.slice(from, to === -1 ? undefined : to).trim()
}

/** The source with everything that is no code blanked out, at the same positions. */
function codeOnly(source: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, ' ')
  return source
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, blank)
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, blank)
    .replace(/^import [^;]*? from .*$|^(?:export )?(?:interface|type) \w+[\s\S]*?^\}/gm, blank)
}

/** An exported function that remembers, and one that stops at a thousand. */
function wrapped(source: string, name: string, gives: Shape): Mutant[] {
  const declaration = new RegExp(`^export (async )?function ${name}\\b`, 'm')
  if (!declaration.test(source)) return []
  const inner = source.replace(declaration, `$1function ${name}`)
  const wrap = (body: string) => `${inner}\n${body}\nexport { wrapped as ${name} }\n`
  const cache = `const known = new Map<string, unknown>()
function wrapped(...args: unknown[]) {
  const key = typeof args[0] === 'object' ? JSON.stringify(args[0]) : String(args[0])
  if (!known.has(key)) known.set(key, (${name} as Function)(...args))
  return known.get(key)
}`
  const cap = `const cap = (answer: unknown): unknown => Array.isArray(answer) ? answer.slice(0, 1000) : answer
function wrapped(...args: unknown[]) {
  const answer = (${name} as Function)(...args)
  return answer instanceof Promise ? answer.then(cap) : cap(answer)
}`
  const isList = typeof gives === 'object' && 'list' in gives
  return [
    { name: `cache ${name}`, source: wrap(cache) },
    ...(isList ? [{ name: `cap ${name}`, source: wrap(cap) }] : []),
  ]
}
