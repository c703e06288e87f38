/**
 * The list of files in broker/README.md: one line per file, taken from the files' heads.
 *
 * A list written by hand would soon be outdated. So each line is the first sentence of a file, and a test fails if the
 * README is outdated: `node broker/test/readme-map.ts` updates it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const BROKER = join(import.meta.dirname, '..')
const README = join(BROKER, 'README.md')
const BEGIN = '<!-- files: begin (written by test/readme-map.ts) -->'
const END = '<!-- files: end -->'

/** The floors from the bottom up, beginning with what is beside them. Each is followed by its folders. */
const FLOORS = [
  '.',
  'config',
  'wire',
  'messages',
  'channel',
  'record',
  'log',
  'replica',
  'quorum',
  'controller',
  'quota',
  'coordinators',
  'api',
  'broker',
  'node',
  'browser',
  'sim',
  're2',
]

/** The current README, and the expected one. */
export function readme(): { is: string; shouldBe: string } {
  const is = readFileSync(README, 'utf8')
  const begin = is.indexOf(BEGIN) + BEGIN.length
  const end = is.indexOf(END)
  return { is, shouldBe: `${is.slice(0, begin)}\n\n${list()}\n${is.slice(end)}` }
}

function list(): string {
  return FLOORS.flatMap(foldersOf)
    .map((floor) => {
      const files = sourcesIn(floor)
      if (files.length === 0) return ''
      const lines = files.map(
        (file) => `- [\`${file.split('/').at(-1)}\`](src/${file}): ${firstSentence(file)}`,
      )
      return `### ${floor === '.' ? 'beside the floors' : `${floor}/`}\n\n${lines.join('\n')}\n`
    })
    .filter((section) => section !== '')
    .join('\n')
}

/** A floor and the folders in it, however deep, relative to src/. */
function foldersOf(floor: string): string[] {
  if (floor === '.') return [floor]
  const inside = readdirSync(join(BROKER, 'src', floor), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  return [floor, ...inside.flatMap((name) => foldersOf(`${floor}/${name}`))]
}

/** The source files of a folder, tests excepted, relative to src/. */
function sourcesIn(floor: string): string[] {
  const folder = join(BROKER, 'src', floor)
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(({ name }) => name)
  return names.sort().map((name) => relative(join(BROKER, 'src'), join(folder, name)).replaceAll('\\', '/'))
}

/** The first sentence of a file's head. */
function firstSentence(file: string): string {
  const text = readFileSync(join(BROKER, 'src', file), 'utf8')
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? ''
  const paragraph = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim()
    .split('\n\n')[0]!
    .replaceAll('\n', ' ')
  const sentence = /^(.*?[.?!])(?= [A-Z`(]|$)/.exec(paragraph)?.[1] ?? paragraph
  return sentence.replace(/:$/, '.').trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, readme().shouldBe)
