/**
 * `npm run lab`: the learner's command line. What it can do stands in ui-texts.ts (`help`); what it exits
 * with, in engine/verdict.ts.
 */

import { labs } from '../engine/catalog.ts'
import { endOnSignals } from '../engine/children.ts'
import { fill } from '../engine/words.ts'
import { type Arguments, parseArguments, UsageError } from './arguments.ts'
import {
  checkCommand,
  hintCommand,
  labFor,
  listCommand,
  print,
  resetCommand,
  solutionCommand,
  usageExitCode,
} from './commands.ts'
import { changeProgress, languageOf, speakInStarter } from './progress.ts'
import { ui } from './ui-texts.ts'
import { watch } from './watch.ts'

async function main(argv: readonly string[]): Promise<number> {
  let args: Arguments
  try {
    args = parseArguments(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${fill(ui[error.key], error.facts)[languageOf(undefined)]}\n`)
    return usageExitCode
  }
  const lang = languageOf(args.lang)
  if (args.lang !== undefined) {
    changeProgress((progress) => {
      progress.lang = lang
    })
  }
  if (args.command === 'watch' || args.command === 'check') for (const lab of labs) speakInStarter(lab, lang)
  if (args.command === 'help') print([ui.help[lang]])
  if (args.command === 'check') return checkCommand(args, lang)
  if (args.command === 'list') return listCommand(args, lang)
  if (args.command === 'hint') return hintCommand(args, lang)
  if (args.command === 'reset') return resetCommand(args, lang)
  if (args.command === 'solution') return solutionCommand(args, lang)
  if (args.command !== 'watch') return 0
  const lab = labFor(args.lab, lang)
  if (lab === undefined) return usageExitCode
  if (process.stdin.isTTY === true && process.stdout.isTTY === true && !args.json)
    return watch(lab, args, lang)
  if (!args.json) print([ui.noTerminal[lang], ''])
  return checkCommand({ ...args, lab: lab.id }, lang)
}

endOnSignals(() => {})
process.exitCode = await main(process.argv.slice(2))
