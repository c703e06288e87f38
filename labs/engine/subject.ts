/**
 * Loads an implementation and hands it to a suite. A suite reads `subject.murmur2`; whether that is the
 * learner's function, a solution's or a wrong one's is none of its business.
 */
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { LabText } from './lab.ts'
import { MissingExport, placeOf } from './run-suite.ts'
import { show } from './trial.ts'
import type { Trouble } from './verdict.ts'
import { fill, words } from './words.ts'

export class LoadTrouble extends Error {
  readonly trouble: Trouble
  constructor(trouble: Trouble) {
    super(trouble.says.en)
    this.trouble = trouble
  }
}

let judged: string | undefined

/** The name of the file that is being judged in this process, as it shows in stack traces. */
export function judgedFile(): string | undefined {
  return judged
}

/** Imports the file; gives an object that throws MissingExport for what is not there. Throws LoadTrouble. */
export async function loadSubject(file: string, lab: LabText): Promise<unknown> {
  const url = pathToFileURL(file).href
  judged = url.split('/').at(-1)
  const source = await readFile(file, 'utf8').catch(() => undefined)
  if (source === undefined) {
    const facts = { file: lab.file, lab: lab.id }
    throw new LoadTrouble({ kind: 'missing-file', says: fill(words.missingFile, facts) })
  }
  let module: Record<string, unknown>
  const exit = process.exit
  try {
    process.exit = () => {
      throw new LoadTrouble({ kind: 'exit', says: words.exit })
    }
    module = (await import(url)) as Record<string, unknown>
  } catch (error) {
    throw error instanceof LoadTrouble ? error : new LoadTrouble(troubleOf(error, url, source))
  } finally {
    process.exit = exit
  }
  return subjectOf(module, lab)
}

export function subjectOf(module: Record<string, unknown>, lab: LabText): unknown {
  return new Proxy(module, {
    get(target, name) {
      if (typeof name !== 'string' || !lab.exports.includes(name)) return undefined
      const value = target[name]
      if (typeof value === 'function') return value
      const found = Object.keys(target).join(', ')
      if (value === undefined)
        throw new MissingExport(fill(words.missingExport, { name, found: found || words.nothing }))
      throw new MissingExport(fill(words.wrongExport, { name, found: show(value) }))
    },
  })
}

function troubleOf(error: unknown, url: string, source: string): Trouble {
  const message = error instanceof Error ? error.message : show(error)
  const code = (error as { code?: unknown } | null)?.code
  const isSyntax =
    error instanceof SyntaxError || (typeof code === 'string' && code.includes('TYPESCRIPT_SYNTAX'))
  const place = isSyntax ? syntaxPlace(error, url) : placeOf(error, url)
  const brief = message.split('\n').find((line) => line.trim() !== '') ?? message
  return {
    kind: isSyntax ? 'syntax' : 'load',
    says: fill(isSyntax ? words.syntax : words.load, { message: brief.trim() }),
    ...(place === undefined ? {} : { where: place, excerpt: excerptOf(source, place) }),
  }
}

/** Node prints `file:line` on the first line of a syntax error's stack. */
function syntaxPlace(error: unknown, url: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const name = url.split('/').at(-1) ?? ''
  const at = stack.split('\n').find((line) => line.includes(name))
  const line = at === undefined ? null : /:(\d+)(?::(\d+))?\)?$/.exec(at.trim())
  if (line === null) return undefined
  const caret = stack.split('\n').findIndex((text) => /^\s*\^+\s*$/.test(text))
  const column = caret === -1 ? (line[2] ?? '1') : String((stack.split('\n')[caret] ?? '').indexOf('^') + 1)
  return `${name}:${line[1]}:${column}`
}

function excerptOf(source: string, place: string): string {
  const [, line = '1', column = '1'] = place.split(':')
  const at = Number(line)
  const lines = source.split('\n')
  const width = String(at + 1).length
  const shown: string[] = []
  for (let n = Math.max(1, at - 2); n <= Math.min(lines.length, at + 1); n++) {
    shown.push(`${String(n).padStart(width)} | ${lines[n - 1]}`)
    if (n === at) shown.push(`${' '.repeat(width)} | ${' '.repeat(Math.max(0, Number(column) - 1))}^`)
  }
  return shown.join('\n')
}
