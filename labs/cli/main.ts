/**
 * `npm run lab`: the learner's command line. What it can do stands in ui-texts.ts (`help`); what it exits
 * with, in engine/verdict.ts.
 */
import { labs } from '../engine/catalog.ts'
import { endOnSignals } from '../engine/children.ts'
import type { Lang } from '../engine/lab.ts'
import { type Arguments, parseArguments, UsageError } from './arguments.ts'
import {
  checkCommand,
  complain,
  hintCommand,
  labFor,
  listCommand,
  print,
  resetCommand,
  solutionCommand,
  troubleExitCode,
} from './commands.ts'
import { changeProgress, languageOf, speakInStarter, takeProgressTrouble } from './progress.ts'
import { troubleTexts } from './trouble-texts.ts'
import { ui } from './ui-texts.ts'

async function run(args: Arguments, lang: Lang): Promise<number> {
  if (args.command === 'check') return checkCommand(args, lang)
  if (args.command === 'list') return listCommand(args, lang)
  if (args.command === 'hint') return hintCommand(args, lang)
  if (args.command === 'reset') return resetCommand(args, lang)
  if (args.command === 'solution') return solutionCommand(args, lang)
  if (args.command === 'run') return (await import('./run-real.ts')).runCommand(args, lang)
  if (args.command === 'report') return (await import('./report.ts')).reportCommand(args, lang)
  if (args.command === 'help') {
    print([ui.help[lang]])
    return 0
  }
  const lab = labFor(args.labs[0], lang)
  if (lab === undefined) return troubleExitCode
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  if (isTerminal && process.env.TERM !== 'dumb' && !args.json)
    return (await import('./watch.ts')).watch(lab, args, lang)
  if (!args.json) print([ui.noTerminal[lang], ''])
  return checkCommand({ ...args, labs: [lab.id] }, lang)
}

async function main(argv: readonly string[]): Promise<number> {
  let args: Arguments
  try {
    args = parseArguments(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    complain(error.says, languageOf(error.lang))
    return troubleExitCode
  }
  const lang = languageOf(args.lang)
  if (args.lang !== undefined) {
    changeProgress((progress) => {
      progress.lang = lang
    })
  }
  // A check of another file (an author's, a solution) leaves the learner's files as they are.
  const judgesLearner = args.command === 'watch' || (args.command === 'check' && args.file === undefined)
  if (judgesLearner) for (const lab of labs) speakInStarter(lab, lang)
  const code = await run(args, lang).catch((error: unknown) => {
    complain(troubleTexts.internal, lang)
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return troubleExitCode
  })
  const trouble = takeProgressTrouble()
  if (trouble !== undefined) complain(trouble, lang)
  return code
}

endOnSignals(() => {})
// A reader that has gone away (`npm run lab -- list | head -1`) is no mistake.
process.stdout.on('error', () => process.exit(0))
process.exitCode = await main(process.argv.slice(2))
