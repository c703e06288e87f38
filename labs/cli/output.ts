/** Where lines go: what was asked for to standard output, what is wrong to standard error. */
import type { Lang, Text } from '../engine/lab.ts'
import { wrap } from './columns.ts'
import { inkFor } from './draw.ts'
import type { Page } from './explain.ts'

/** Trouble with the command or the environment: no verdict on the code. */
export const troubleExitCode = 3

/** Columns, at most: longer lines are hard to read. */
const widthMax = 100

export function pageFor(lang: Lang): Page {
  const isTerminal = process.stdout.isTTY === true
  const isColoured = isTerminal ? process.env.NO_COLOR === undefined : process.env.FORCE_COLOR !== undefined
  const columns = process.stdout.columns || widthMax
  return { lang, ink: inkFor(isColoured), width: Math.max(40, Math.min(columns, widthMax)) }
}

export const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)
export const complain = (says: Text, lang: Lang) =>
  process.stderr.write(`${wrap(says[lang], pageFor(lang).width).join('\n')}\n`)
