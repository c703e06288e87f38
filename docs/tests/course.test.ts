/**
 * What is said in several places is compared here: the glossary's choice of words with the Russian pages, quizzes
 * with their pages, snippets with the source, the theme's texts with their translations.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listPages, readPage, SITE } from '../scripts/lib/pages.mjs'
import { cutSnippet } from '../scripts/lib/snippet.mjs'

interface Text {
  en: string
  ru: string
}
interface TermEntry {
  id: string
  term: Text
  definition: Text
  ban?: string[]
  see?: string[]
}
interface Question {
  id: string
  ask: Text
  options: { text: Text; why: Text; right?: boolean }[]
}

const readYaml = (path: string): unknown => parse(readFileSync(join(SITE, path), 'utf8'))
const { terms } = readYaml('glossary.yaml') as { terms: TermEntry[] }
const pages = (['en', 'ru'] as const).flatMap((locale) =>
  listPages(locale).map((path) => ({ locale, ...readPage(locale, path) })),
)

/** What is not our choice of words: code, quotations of what people say, questions as they are asked. */
function ownWords(body: string): string {
  return body
    .replace(/^( *`{3,}).*\n[\s\S]*?^\1 *$/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/\b(says|ask)="[^"]*"/g, '')
}

describe('the glossary', () => {
  it('has each term once, in both languages, and points at terms that exist', () => {
    const ids = terms.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, term, definition, see = [] } of terms) {
      expect(
        [term.en, term.ru, definition.en, definition.ru].every((text) => text.length > 1),
        id,
      ).toBe(true)
      expect(
        see.filter((other) => !ids.includes(other)),
        id,
      ).toEqual([])
    }
  })

  it('is obeyed by its own definitions and by every Russian page', () => {
    const texts = [
      ...pages
        .filter(({ locale }) => locale === 'ru')
        .map(({ path, body }) => ({ where: path, text: ownWords(body) })),
      ...terms.map(({ id, definition }) => ({ where: `glossary ${id}`, text: definition.ru })),
      ...['title', 'description'].flatMap((field) =>
        pages
          .filter(({ locale }) => locale === 'ru')
          .map(({ path, frontMatter }) => ({ where: `${path} ${field}`, text: String(frontMatter[field]) })),
      ),
    ]
    const found = terms.flatMap(({ term, ban = [] }) =>
      ban.flatMap((pattern) =>
        texts.flatMap(({ where, text }) =>
          (text.match(new RegExp(pattern, 'g')) ?? []).map((word) => `${where}: «${word}», say «${term.ru}»`),
        ),
      ),
    )
    expect(found).toEqual([])
  })

  it('knows every term that a page points at', () => {
    const ids = new Set(terms.map(({ id }) => id))
    const unknown = pages.flatMap(({ locale, path, body }) =>
      [...body.matchAll(/<Term id="([^"]+)"/g)]
        .filter(([, id]) => !ids.has(id!))
        .map(([, id]) => `${locale}/${path}: ${id}`),
    )
    expect(unknown).toEqual([])
  })
})

describe('the quizzes', () => {
  const names = readdirSync(join(SITE, 'quizzes')).map((name) => name.replace('.yaml', ''))

  it('are those that pages show', () => {
    const shown = pages.flatMap(({ body }) =>
      [...body.matchAll(/<Quiz file="([^"]+)"/g)].map(([, file]) => file!),
    )
    expect([...new Set(shown)].sort()).toEqual(names.sort())
  })

  describe.each(names)('%s', (name) => {
    const { questions } = readYaml(`quizzes/${name}.yaml`) as { questions: Question[] }

    it('has one right answer a question, and a reason for each answer in both languages', () => {
      expect(questions.length).toBeGreaterThan(2)
      for (const { id, ask, options } of questions) {
        expect(options.filter(({ right }) => right).length, id).toBe(1)
        const texts = [ask, ...options.flatMap(({ text, why }) => [text, why])]
        expect(
          texts.filter(({ en, ru }) => en === undefined || ru === undefined || en === '' || ru === ''),
          id,
        ).toEqual([])
      }
    })

    it('does not keep the right answer in one place', () => {
      const places = questions.map(({ options }) => options.findIndex(({ right }) => right))
      expect(new Set(places).size).toBeGreaterThan(1)
    })
  })
})

describe('the snippets', () => {
  const references = pages.flatMap(({ locale, path, body }) =>
    [...body.matchAll(/^ *```.*\bfile=(\S+)/gm)].map(([, file]) => ({
      where: `${locale}/${path}`,
      file: file!,
    })),
  )

  it.each(references)('$where shows $file as it is in the source', ({ file }) => {
    expect(cutSnippet(join(SITE, '..'), file).length).toBeGreaterThan(10)
  })

  it('stop the build when the file or the region is not there', () => {
    expect(() => cutSnippet(SITE, 'nowhere.ts#a')).toThrow('no file nowhere.ts')
    expect(() => cutSnippet(SITE, 'package.json#a')).toThrow('no region a')
  })
})

describe('the texts of the theme', () => {
  const files = ['code.json', 'docusaurus-plugin-content-docs/current.json']
  const more = ['docusaurus-theme-classic/navbar.json', 'docusaurus-theme-classic/footer.json']
  /** Names that are the same in every language. */
  const names = new Set(['Offset Zero'])

  it.each([...files, ...more])('i18n/ru/%s is in Russian', (file) => {
    const messages = JSON.parse(readFileSync(join(SITE, 'i18n/ru', file), 'utf8')) as Record<
      string,
      { message: string }
    >
    const english = Object.entries(messages)
      .filter(([, { message }]) => /\p{Script=Latin}/u.test(message.replace(/\{\w+\}/g, '')))
      .filter(([, { message }]) => !/\p{Script=Cyrillic}/u.test(message) && !names.has(message))
    expect(english).toEqual([])
  })
})
