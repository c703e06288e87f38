/**
 * A function of the lab is not among the file's exports: why?
 *
 * The suite takes functions by name (`import { murmur2 }`). "Does not export murmur2" is true of an empty file, of
 * `export default`, of a renamed function and of a forgotten `export`, and helps with none of them. So the file's
 * exports and its text are looked at, and what is really there is said.
 *
 * EX1  what is said about the file is true of it: a guess ("is that your function?") is worded as one
 * EX2  `describeExports` gives plain data: it may run in another realm or process than `exportTrouble`
 */
import { closest } from '../../scripts/closest.mjs'
import { fillIn } from './plural.ts'
import type { Text } from './text.ts'

/** What a module exports under one name. */
export interface Exported {
  readonly name: string
  /** `function`, `class`, `promise`, or what `typeof` says. */
  readonly type: string
  /** The function's or class's own name. */
  readonly ownName?: string
  /** The function-valued properties of an object. */
  readonly methods?: readonly string[]
}

/** The exports of a loaded module, as plain data. */
export function describeExports(module: Readonly<Record<string, unknown>>): Exported[] {
  return Object.entries(module).map(([name, value]) => {
    if (typeof value === 'function') {
      const isClass = /^class\b/.test(Function.prototype.toString.call(value))
      return { name, type: isClass ? 'class' : 'function', ownName: value.name }
    }
    if (typeof value !== 'object' || value === null)
      return { name, type: value === null ? 'null' : typeof value }
    if (value instanceof Promise) return { name, type: 'promise' }
    const methods = Object.entries(value).flatMap(([key, each]) => (typeof each === 'function' ? [key] : []))
    return { name, type: Array.isArray(value) ? 'array' : 'object', methods }
  })
}

/**
 * Why `name` cannot be called, in the learner's words; undefined when it is exported as a function.
 * @param names all functions that the lab wants
 * @param source the learner's file
 */
export function exportTrouble(
  name: string,
  exported: readonly Exported[],
  source: string,
  names: readonly string[],
): Text | undefined {
  const own = exported.find((one) => one.name === name)
  if (own?.type === 'function') return undefined
  if (own !== undefined) return say('notFunction', { name, what: whatIs[own.type] ?? whatIs.object })
  if (source.trim() === '') return say('empty', { name })
  const code = withoutComments(source)
  const found = exported.map((one) => one.name).join(', ')
  return (
    fromDefault(
      name,
      exported.find((one) => one.name === 'default'),
      names,
    ) ??
    fromCode(name, source, code) ??
    fromOtherName(name, exported, names) ??
    (found === '' ? say('nothing', { name }) : say('missing', { name, found }))
  )
}

function fromDefault(name: string, given: Exported | undefined, names: readonly string[]): Text | undefined {
  if (given === undefined) return undefined
  if (given.methods?.includes(name)) return say('defaultObject', { name })
  const isIt = given.ownName === name || (names.length === 1 && given.type === 'function')
  return isIt ? say('defaultFunction', { name }) : undefined
}

/** Declarations at the beginning of a line: those further in may belong to another function. */
const declarationOf = (name: string) =>
  new RegExp(`^(?:async\\s+)?(?:function\\b\\s*\\*?|class|const|let|var)\\s+${name}\\b`, 'm')

function fromCode(name: string, source: string, code: string): Text | undefined {
  const alias = new RegExp(`export\\s*\\{[^}]*\\b${name}\\s+as\\s+(\\w+)[^}]*\\}`).exec(code)?.[1]
  if (alias !== undefined && alias !== 'default') return say('alias', { name, alias })
  if (alias === 'default') return say('defaultFunction', { name })
  const line = (at: RegExpExecArray) => source.slice(0, at.index).split('\n').length
  const declared = declarationOf(name).exec(code)
  if (declared !== null) return say('noExport', { name, line: line(declared) })
  if (/^\s*(?:module\.exports|exports\.\w+)\s*=/m.test(code)) return say('commonJs', { name })
  const commented = new RegExp(
    `^[ \\t]*(?:/[/*]|\\*)[^\\n]*\\b(?:function|const|class)\\s+${name}\\b`,
    'm',
  ).exec(source)
  return commented === null ? undefined : say('commentedOut', { name, line: line(commented) })
}

function fromOtherName(
  name: string,
  exported: readonly Exported[],
  names: readonly string[],
): Text | undefined {
  const strangers = exported
    .filter((one) => one.name !== 'default' && !names.includes(one.name) && /function|class/.test(one.type))
    .map((one) => one.name)
  const missing = names.filter((each) => !exported.some((one) => one.name === each))
  const only = strangers.length === 1 && missing.length === 1 ? strangers[0] : undefined
  const other = closest(name, strangers) ?? only
  return other === undefined ? undefined : say('renamed', { name, other })
}

/** Comments become spaces, line breaks stay, so that lines keep their numbers; strings are left alone. */
function withoutComments(source: string): string {
  const piece = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return source.replace(piece, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found))
}

function say(
  which: keyof typeof exportWords,
  facts: Readonly<Record<string, string | number | Text | undefined>>,
): Text {
  const known = Object.fromEntries(
    Object.entries(facts).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  )
  const { en, ru } = exportWords[which]
  return { en: fillIn(en, 'en', known), ru: fillIn(ru, 'ru', known) }
}

const whatIs: Readonly<Record<string, Text>> = {
  class: { en: 'a class', ru: 'класс' },
  promise: { en: 'a promise', ru: 'промис' },
  array: { en: 'an array', ru: 'массив' },
  object: { en: 'an object', ru: 'объект' },
  string: { en: 'a string', ru: 'строка' },
  number: { en: 'a number', ru: 'число' },
  bigint: { en: 'a bigint', ru: 'bigint' },
  boolean: { en: 'a boolean', ru: 'логическое значение' },
  symbol: { en: 'a symbol', ru: 'символ' },
  undefined: { en: 'undefined', ru: 'undefined' },
  null: { en: 'null', ru: 'null' },
}

const exportWords = {
  notFunction: {
    en: '`{name}` is exported, but it is not a function: it is {what}.',
    ru: '`{name}` экспортируется, но это не функция, а {what}.',
  },
  empty: {
    en: 'The file is empty.',
    ru: 'Файл пуст.',
  },
  defaultFunction: {
    en: '`{name}` is the default export. The lab imports it by name: write `export function {name}` without `default`.',
    ru: '`{name}` экспортируется по умолчанию, а проверка берёт функцию по имени: напишите `export function {name}` без `default`.',
  },
  defaultObject: {
    en: 'The default export is an object with `{name}` in it. The lab imports functions by name: write `export` before each function instead.',
    ru: 'По умолчанию экспортируется объект, и `{name}` лежит в нём, а проверка берёт функции по имени: поставьте `export` перед каждой функцией.',
  },
  noExport: {
    en: '`{name}` is in the file (line {line}), but it is not exported. Put `export` before it.',
    ru: '`{name}` в файле есть (строка {line}), но не экспортируется. Поставьте перед ней `export`.',
  },
  alias: {
    en: '`{name}` is exported under another name: `{alias}`. The lab calls it `{name}`.',
    ru: '`{name}` экспортируется под другим именем: `{alias}`. Проверка вызывает `{name}`.',
  },
  commonJs: {
    en: 'The file exports through `module.exports`. It is an ES module: write `export function {name}` instead.',
    ru: 'Файл экспортирует через `module.exports`, а это ES-модуль: напишите `export function {name}`.',
  },
  commentedOut: {
    en: '`{name}` is commented out (line {line}).',
    ru: '`{name}` закомментирована (строка {line}).',
  },
  renamed: {
    en: 'The file exports no `{name}`. It exports `{other}`, which the lab does not call: if that is your `{name}`, give it this name.',
    ru: 'Файл не экспортирует `{name}`. В нём есть `{other}`, но её проверка не вызывает: если это и есть ваша `{name}`, верните ей имя.',
  },
  missing: {
    en: 'The file exports no `{name}`, only: {found}. The lab calls `{name}`: write `export function {name}`.',
    ru: 'Файл не экспортирует `{name}`, только: {found}. Проверка вызывает `{name}`: напишите `export function {name}`.',
  },
  nothing: {
    en: 'The file exports nothing. The lab calls `{name}`: write `export function {name}`.',
    ru: 'Файл ничего не экспортирует. Проверка вызывает `{name}`: напишите `export function {name}`.',
  },
} as const satisfies Record<string, Text>
