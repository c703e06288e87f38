/**
 * `npm run lab -- report 02 --wrong-green FILE`: a wrong program that passes all checks is the most useful thing that
 * anybody can find. One command makes it a wrong solution of the lab, with the seed on which it passed; from then on
 * `npm run labs:check` is red until a check notices it.
 *
 * RP1  nothing is written unless the grader really accepts the program
 * RP2  nothing that is there is overwritten
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { findLab, inRepository, labs, solutionsFolder } from '../engine/catalog.ts'
import type { LabText, Lang, Text } from '../engine/lab.ts'
import type { Verdict } from '../engine/verdict.ts'
import { fill } from '../engine/words.ts'
import type { Arguments } from './arguments.ts'
import { wrap } from './columns.ts'
import {
  complain,
  fileTrouble,
  judge,
  labFor,
  pageFor,
  print,
  troubleExitCode,
  typedPath,
} from './commands.ts'
import { explainedTest } from './render.ts'
import { reasonOf, troubleTexts } from './trouble-texts.ts'

/** Runs with seeds of their own until one passes: a program may be accepted now and then only. */
const seedsMax = 5

export async function reportCommand(args: Arguments, lang: Lang): Promise<number> {
  const given = args.wrongGreen
  const fail = (says: Text) => {
    complain(says, lang)
    return troubleExitCode
  }
  if (given === undefined) return fail(reportTexts.whichFile)
  const path = typedPath(given)
  const trouble = fileTrouble(path, given)
  if (trouble !== undefined) return fail(trouble)
  const source = readFileSync(path, 'utf8')
  const lab = args.labs.length > 0 ? labFor(args.labs[0], lang) : labOf(source)
  if (lab === undefined) return args.labs.length > 0 ? troubleExitCode : fail(reportTexts.whichLab)
  const name = args.misconception ?? nameFrom(given)
  const target = `${solutionsFolder(lab)}/wrong/${name}.ts`
  if (existsSync(inRepository(target))) return fail(fill(reportTexts.nameTaken, { target }))

  const { green, red } = await tries(lab, path, args)
  if (green === undefined) {
    complain(refusal(red, lab), lang)
    return 1
  }
  try {
    writeFileSync(inRepository(target), wrongSolution(source, name, green.seed, args), { flag: 'wx' })
  } catch (error) {
    return fail(fill(troubleTexts.systemError, { file: target, reason: reasonOf(error) }))
  }
  const width = pageFor(lang).width
  const steps = [
    ...(args.belief === undefined || args.beliefRu === undefined ? [reportTexts.fillBelief] : []),
    reportTexts.findCheck,
    reportTexts.send,
  ]
  const facts = { target, seed: green.seed, lab: lab.id, rejected: red.length }
  print([
    ...wrap(fill(reportTexts.accepted, facts)[lang], width),
    ...(red.length === 0 ? [] : wrap(fill(reportTexts.sometimes, facts)[lang], width)),
    ...steps.flatMap((step, i) => wrap(`${i + 1}. ${fill(step, facts)[lang]}`, width, '   ')),
  ])
  return 0
}

async function tries(
  lab: LabText,
  file: string,
  { seed }: Arguments,
): Promise<{ green: Verdict | undefined; red: Verdict[] }> {
  const red: Verdict[] = []
  for (let i = 0; i < (seed === undefined ? seedsMax : 1); i++) {
    const verdict = await judge(lab, { file, ...(seed === undefined ? {} : { seed }) })
    if (verdict.outcome === 'passed') return { green: verdict, red }
    red.push(verdict)
    if (verdict.trouble !== undefined) break
  }
  return { green: undefined, red }
}

/** Why it is no wrong green: the checks that notice it, or what keeps it from running. */
function refusal(red: readonly Verdict[], lab: LabText): Text {
  const last = red.at(-1)
  if (last?.trouble !== undefined) return fill(reportTexts.doesNotRun, { says: last.trouble.says })
  const test = last === undefined ? undefined : explainedTest(last)
  const check = lab.tests[test?.id ?? '']?.name ?? { en: '', ru: '' }
  return fill(reportTexts.rejected, { check, seed: last?.seed ?? 0, runs: red.length })
}

/** The lab whose functions the program declares. */
function labOf(source: string): LabText | undefined {
  const declares = (name: string) => new RegExp(`\\b(?:function|const|let|class)\\s+${name}\\b`).test(source)
  return labs.find((lab) => lab.exports.every(declares))
}

function nameFrom(file: string): string {
  const name = basename(file)
    .replace(/\.[cm]?[jt]s$/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const isTaken = name === '' || findLab(name) !== undefined || labs.some((lab) => lab.file === `${name}.ts`)
  return isTaken ? 'accepted-though-wrong' : name
}

/** The program with the tag of a wrong solution in front of it. */
export function wrongSolution(
  source: string,
  name: string,
  seed: number,
  { belief, beliefRu }: Pick<Arguments, 'belief' | 'beliefRu'>,
): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', ' ')}'`
  return `import type { Wrong } from '../../../labs/engine/lab.ts'

/** Found by a learner: all checks passed with --seed ${seed}. */
export const wrong: Wrong = {
  misconception: ${quote(name)},
  belief: {
    en: ${quote(belief ?? template.en)},
    ru: ${quote(beliefRu ?? template.ru)},
  },
  fails: [],
}

${source.replace(/^export const wrong\b[\s\S]*?\n}\n+/m, '').replace(/^import type \{ Wrong \}.*\n+/m, '')}`
}

const template: Text = {
  en: 'One sentence: what somebody believes who writes this.',
  ru: 'Одно предложение: что думает тот, кто так пишет.',
}

const reportTexts = {
  whichFile: {
    en: 'Which program? For example: npm run lab -- report 02 --wrong-green my-program.ts',
    ru: 'Какая программа? Например: npm run lab -- report 02 --wrong-green my-program.ts',
  },
  whichLab: {
    en: 'Which lab is it for? The file declares the functions of none. For example: npm run lab -- report 02 --wrong-green FILE',
    ru: 'К какой она лабораторной? Функций ни одной из них в файле нет. Например: npm run lab -- report 02 --wrong-green ФАЙЛ',
  },
  nameTaken: {
    en: '{target} is there already. Give it another name with --misconception.',
    ru: 'Файл {target} уже есть. Назовите программу иначе: --misconception.',
  },
  rejected: {
    en: 'The grader rejects this program ({runs} of {runs} {runs:run|runs}; with --seed {seed} it fails here: {check}). Nothing was written.',
    ru: 'Проверки эту программу не пропускают (прогонов: {runs}, неудачных: {runs}; с --seed {seed} не пройдена: {check}). Ничего не записано.',
  },
  doesNotRun: {
    en: 'The program could not be checked: {says} Nothing was written.',
    ru: 'Проверить программу не удалось: {says} Ничего не записано.',
  },
  accepted: {
    en: 'You are right: with --seed {seed} all checks of lab {lab} pass. The program is now {target}. What to do next:',
    ru: 'Вы правы: с --seed {seed} все проверки лабораторной {lab} проходят. Программа теперь лежит в {target}. Что дальше:',
  },
  sometimes: {
    en: '({rejected} {rejected:run|runs} with other seeds failed: it depends on luck.)',
    ru: '(Ещё {rejected} {rejected:прогон|прогона|прогонов} с другими seed программа не прошла: дело случая.)',
  },
  fillBelief: {
    en: 'Say in that file what its author believes, in English and Russian (`belief`).',
    ru: 'Впишите туда, что думает автор такой программы, по-английски и по-русски (`belief`).',
  },
  findCheck: {
    en: 'npm run labs:check -- {lab} is red now. Make a check of the lab notice the mistake, and name this check in `fails`.',
    ru: 'Команда npm run labs:check -- {lab} теперь находит ошибку. Сделайте так, чтобы программу ловила одна из проверок, и назовите её в `fails`.',
  },
  send: {
    en: 'Or send the file as it is, as an issue or a pull request: the rest is our part.',
    ru: 'Или пришлите файл как есть, в issue или pull request: остальное сделаем мы.',
  },
} as const satisfies Record<string, Text>
