/**
 * Labs check, the words: every message exists in both languages, names the same facts, and has a place in the
 * suite; every file that a lab needs is there. Needs no run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { inRepository, labFolder, learnerFile, solutionsFolder, starterFile } from '../catalog.ts'
import type { Hints, LabText, Text, Wrong } from '../lab.ts'

export interface WrongFile {
  readonly file: string
  readonly wrong: Wrong
}

export interface LabFiles {
  readonly starter: string
  readonly right: readonly string[]
  readonly wrong: readonly WrongFile[]
}

const rightMin = 2
const wrongMin = 8

/** Finds the implementations of a lab, paths from the repository's root. */
export async function labFiles(lab: LabText): Promise<LabFiles> {
  const folder = solutionsFolder(lab)
  const list = (name: string) =>
    readdirSync(inRepository(`${folder}/${name}`))
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => `${folder}/${name}/${file}`)
  const wrong: WrongFile[] = []
  for (const file of list('wrong')) {
    const module = (await import(pathToFileURL(inRepository(file)).href)) as { wrong?: Wrong }
    if (module.wrong === undefined) throw new Error(`${file} exports no \`wrong\` tag`)
    wrong.push({ file, wrong: module.wrong })
  }
  return { starter: `${folder}/starter.ts`, right: [`${folder}/solution.ts`, ...list('right')], wrong }
}

/** Everything that can be said against a lab's words and files; an empty list when there is nothing. */
export function checkTexts(lab: LabText, files: LabFiles): string[] {
  const faults: string[] = []
  const fault = (text: string) => faults.push(`lab ${lab.id}: ${text}`)
  if (files.right.length - 1 < rightMin) fault(`needs ${rightMin} right solutions beside the solution`)
  if (files.wrong.length < wrongMin) fault(`needs ${wrongMin} wrong solutions`)
  for (const [name, text] of allTexts(lab, files)) {
    for (const message of textFaults(text)) fault(`${name}: ${message}`)
  }
  for (const { file, wrong } of files.wrong) {
    if (!/^[a-z0-9-]+$/.test(wrong.misconception)) fault(`${file}: the misconception's id is not kebab-case`)
    if (wrong.fails.length === 0) fault(`${file} names no test that must fail`)
    for (const id of wrong.fails)
      if (lab.tests[id] === undefined) fault(`${file} names the unknown test ${id}`)
  }
  for (const id of Object.keys(lab.tests)) {
    if (!files.wrong.some(({ wrong }) => wrong.fails.includes(id)))
      fault(`no wrong solution fails in ${id}: can it fail?`)
  }
  for (const message of unsaidCases(lab)) fault(message)
  for (const message of pageFaults(lab)) fault(message)
  for (const message of promiseFaults(lab, files)) fault(message)
  for (const message of starterFaults(lab)) fault(message)
  for (const message of strayTests(lab)) fault(message)
  if (!existsSync(inRepository(learnerFile(lab)))) fault(`${learnerFile(lab)} is missing`)
  return faults
}

const pages = { en: 'docs/docs', ru: 'docs/i18n/ru/docusaurus-plugin-content-docs/current' }

/** The lab's page is there in both languages, shows checks and kill matrix, and the values that the dice avoid. */
function pageFaults(lab: LabText): string[] {
  return Object.values(pages).flatMap((folder) => {
    const page = `${folder}/labs/${lab.id}-${lab.slug}.mdx`
    if (!existsSync(inRepository(page))) return [`${page} is missing`]
    const text = readFileSync(inRepository(page), 'utf8')
    const wanted = [
      `<LabChecks lab="${lab.id}" />`,
      `<KillMatrix lab="${lab.id}" />`,
      learnerFile(lab),
      ...lab.exports,
    ]
    const shown = lab.examples.map(String)
    return [...wanted, ...shown]
      .filter((part) => !text.includes(part))
      .map((part) => `${page} does not show ${part}`)
  })
}

/** Each promise stands on the page word for word, a test judges it, and a wrong solution breaks it. */
function promiseFaults(lab: LabText, files: LabFiles): string[] {
  const promises = lab.promises ?? {}
  const faults: string[] = []
  const judged = new Set(Object.values(lab.tests).flatMap((test) => test.promises ?? []))
  const broken = new Set(files.wrong.flatMap(({ wrong }) => wrong.breaks ?? []))
  for (const [lang, folder] of Object.entries(pages)) {
    const path = inRepository(`${folder}/labs/${lab.id}-${lab.slug}.mdx`)
    const page = existsSync(path) ? asRead(readFileSync(path, 'utf8')) : ''
    for (const [id, text] of Object.entries(promises))
      if (!page.includes(asRead(text[lang as keyof typeof pages])))
        faults.push(`the ${lang} page does not promise ${id}: ${text[lang as keyof typeof pages]}`)
  }
  for (const id of Object.keys(promises)) {
    if (!judged.has(id)) faults.push(`no test judges the promise ${id}`)
    if (!broken.has(id)) faults.push(`no wrong solution breaks the promise ${id}`)
  }
  for (const id of [...judged, ...broken])
    if (promises[id] === undefined) faults.push(`a test or a wrong solution names the unknown promise ${id}`)
  return faults
}

/** Tests in the lab's folder beside the learner's: nobody runs them there. */
function strayTests(lab: LabText): string[] {
  return readdirSync(inRepository(labFolder(lab)))
    .filter((file) => file.endsWith('.test.ts') && file !== 'suite.test.ts')
    .map((file) => `${labFolder(lab)}/${file} is not run: it belongs in labs/tests/${lab.id}-${lab.slug}/`)
}

/** The starters are one program: what differs is the language of their comments. */
function starterFaults(lab: LabText): string[] {
  const codeOf = (lang: 'en' | 'ru') =>
    readFileSync(inRepository(starterFile(lab, lang)), 'utf8')
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .replace(/\s+/g, ' ')
  return codeOf('en') === codeOf('ru') ? [] : ['the starters of the two languages differ in their code']
}

/** A text as it is read: without emphasis, links, glossary tags and line breaks. */
function asRead(markdown: string): string {
  return markdown
    .replace(/<\/?Term[^>]*>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*/g, '')
    .replace(/[\s\u00a0]+/g, ' ')
}

function allTexts(lab: LabText, files: LabFiles): [string, Text][] {
  const hintTexts = (name: string, hints: Hints): [string, Text][] =>
    hints.flatMap((hint, i): [string, Text][] => [
      [`${name} ${i + 1}`, hint],
      ...(typeof hint.code === 'object' ? [[`${name} ${i + 1}, code`, hint.code] as [string, Text]] : []),
    ])
  const tests = Object.entries(lab.tests).flatMap(([id, test]): [string, Text][] => [
    ...(test.hints === undefined ? [] : hintTexts(`${id}.hint`, test.hints)),
    [`${id}.name`, test.name],
    ...adviceTexts(id, test),
    ...Object.entries(test.says).flatMap(([says, text]): [string, Text][] => [
      [`${id}.says.${says}`, text],
      ...adviceTexts(`${id}.says.${says}`, text),
    ]),
  ])
  const hints = hintTexts('hint', lab.hints)
  const stretch: [string, Text][] = lab.stretch === undefined ? [] : [['stretch', lab.stretch]]
  const beliefs = files.wrong.map(({ file, wrong }): [string, Text] => [file, wrong.belief])
  const promises = Object.entries(lab.promises ?? {}).map(([id, text]): [string, Text] => [
    `promise ${id}`,
    text,
  ])
  return [
    ['title', lab.title],
    ['summary', lab.summary],
    ...promises,
    ...stretch,
    ...hints,
    ...tests,
    ...beliefs,
  ]
}

function adviceTexts(name: string, from: { readonly why?: Text; readonly try?: Text }): [string, Text][] {
  return [
    ...(from.why === undefined ? [] : [[`${name}.why`, from.why] as [string, Text]]),
    ...(from.try === undefined ? [] : [[`${name}.try`, from.try] as [string, Text]]),
  ]
}

/** Both languages there, the right alphabet in the Russian one, the same facts in both. */
function textFaults(text: Text): string[] {
  const faults: string[] = []
  if (!(text.en ?? '').trim() || !(text.ru ?? '').trim()) faults.push('a language is missing')
  const factsOf = (one: string) =>
    [...one.matchAll(/\{(\w+)\}/g)]
      .map(([, name]) => name)
      .sort()
      .join()
  if (factsOf(text.en) !== factsOf(text.ru)) faults.push('the two languages name different facts')
  const words = text.ru.replace(/`[^`]*`|\{\w+\}/g, '')
  if (words.length > 20 && !/[а-яё]/i.test(words)) faults.push('the Russian text is not Russian')
  return faults
}

/** Cases that have words but are reported nowhere in the lab's folder. */
function unsaidCases(lab: LabText): string[] {
  const folder = inRepository(labFolder(lab))
  const source = readdirSync(folder)
    .filter(
      (file) =>
        file.endsWith('.ts') && !file.startsWith('messages') && file !== lab.file && file !== 'lab.ts',
    )
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    .join('\n')
  return Object.entries(lab.tests).flatMap(([id, test]) =>
    Object.keys(test.says)
      .filter((says) => says !== 'timeout' && !source.includes(`'${says}'`))
      .map((says) => `${id}.says.${says} is never said`),
  )
}
