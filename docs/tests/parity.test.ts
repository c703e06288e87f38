/**
 * The two languages are equals: the same pages, built the same, and no translation older than its source.
 * What may differ is words.
 */
import { describe, expect, it } from 'vitest'
import { listPages, readPage, sourceHash } from '../scripts/lib/pages.mjs'
import { cyrillicShare, shapeOf } from './page-shape.ts'

/** What a page's front matter sets; all else in it is words. */
const SETTINGS = [
  'id',
  'slug',
  'sidebar_position',
  'tags',
  'hide_table_of_contents',
  'pagination_prev',
  'pagination_next',
]

describe('the two languages', () => {
  it('have the same pages', () => {
    expect(listPages('ru')).toEqual(listPages('en'))
  })

  describe.each(listPages('en'))('%s', (path) => {
    it('has a title and a description in both', () => {
      for (const locale of ['en', 'ru'] as const) {
        const { title, description } = readPage(locale, path).frontMatter
        expect(typeof title, `${locale} title`).toBe('string')
        expect(String(description ?? '').length, `${locale} description`).toBeGreaterThan(20)
      }
    })

    it('has the same settings in its front matter', () => {
      const settings = (locale: 'en' | 'ru') => {
        const { frontMatter } = readPage(locale, path)
        return Object.fromEntries(SETTINGS.map((name) => [name, frontMatter[name]]))
      }
      expect(settings('ru')).toEqual(settings('en'))
    })

    it('is built the same: headings, code, components, links, notes, tables', () => {
      expect(shapeOf(readPage('ru', path).body)).toEqual(shapeOf(readPage('en', path).body))
    })

    it('was translated from the English page as it is now', () => {
      const { source_hash: seen } = readPage('ru', path).frontMatter
      const now = sourceHash(readPage('en', path).body)
      expect(seen, 'stale: look at the translation, then run node docs/scripts/source-hash.mjs').toBe(now)
    })

    it('is in Russian in Russian', () => {
      expect(cyrillicShare(readPage('ru', path).body)).toBeGreaterThan(0.6)
      expect(cyrillicShare(readPage('en', path).body)).toBeLessThan(0.02)
    })
  })
})

describe('the yardstick itself', () => {
  const page = '## A {/* #a */}\n\n<Term id="x">y</Term> [l](/a.mdx)\n\n```ts file=a.ts#b\n```\n'

  it('does not see words', () => {
    expect(shapeOf(page.replace('>y<', '>слово<'))).toEqual(shapeOf(page))
  })

  it.each([
    ['a heading id', '#a', '#b'],
    ['a level', '## A', '### A'],
    ['a term', 'id="x"', 'id="z"'],
    ['a link', '/a.mdx', '/b.mdx'],
    ['a snippet', 'a.ts#b', 'a.ts#c'],
  ])('sees %s', (_what, from, to) => {
    expect(shapeOf(page.replace(from, to))).not.toEqual(shapeOf(page))
  })

  it('lets words of figures and comments be translated, not code or numbers', () => {
    const figure = (line: string) => shapeOf(`\`\`\`text\n${line}\n\`\`\`\n`)
    expect(figure('h = h xor длина  << 8*i')).toEqual(figure('h = h xor length << 8*i'))
    expect(figure('h = h xor length << 9*i')).not.toEqual(figure('h = h xor length << 8*i'))
    const code = (line: string) => shapeOf(`\`\`\`ts\n${line}\n\`\`\`\n`)
    expect(code("send('a') // имя")).toEqual(code("send('a') // name"))
    expect(code("send('b') // name")).not.toEqual(code("send('a') // name"))
  })

  it('sees an edit of the source, not a reflow', () => {
    expect(sourceHash('one two\nthree\n')).toBe(sourceHash('one\ntwo three'))
    expect(sourceHash('one two')).not.toBe(sourceHash('one too'))
  })
})
