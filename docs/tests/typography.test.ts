/** Where a line of Russian text must not break. */
import { describe, expect, it } from 'vitest'
import { isRussian, typography } from '../plugins/typography.ts'
import { bindProse, bindWords } from '../scripts/lib/typography.mjs'

/** The text with its unbreakable spaces made visible. */
const seen = (text: string) => bindWords(text).replaceAll('\u00a0', '_')

describe('spaces that do not break', () => {
  it.each([
    ['Kafka — это журнал', 'Kafka_— это журнал'],
    ['В партиции и в топике', 'В_партиции и_в_топике'],
    ['(в топике) «о ключах»', '(в_топике) «о_ключах»'],
    ['знал бы ли кто же', 'знал_бы_ли кто_же'],
    ['ждёт 5 мс, 61 байт, 3 партиции, 1 ГиБ', 'ждёт 5_мс, 61_байт, 3_партиции, 1_ГиБ'],
    ['не больше 10 000 ресурсов', 'не больше 10_000 ресурсов'],
    ['в Kafka 4 и Java 17', 'в_Kafka_4 и_Java_17'],
    ['перенос\nв строке', 'перенос\nв_строке'],
    ['строка\n— тире', 'строка_— тире'],
  ])('%s', (text, expected) => {
    expect(seen(text)).toBe(expected)
  })

  it('leaves alone what is no short word: an abbreviation, a word that ends so, an offset', () => {
    expect(seen('смещение 5 лежит; тоже так; acks=1 там')).toBe('смещение 5 лежит; тоже так; acks=1 там')
  })

  it('changes nothing that was done already', () => {
    expect(bindWords(bindWords('и в Kafka 4 — 5 мс'))).toBe(bindWords('и в Kafka 4 — 5 мс'))
  })

  it('leaves code between backticks', () => {
    expect(bindProse('а в `a — b` тире')).toBe('а\u00a0в\u00a0`a — b` тире')
  })
})

describe('the rehype step', () => {
  const text = (value: string) => ({ type: 'text', value })
  const run = (node: object, path: string) => {
    typography()(node as never, { path })
    return node
  }

  it('binds the text of Russian pages, and sentences that components are given', () => {
    const tree = {
      type: 'mdxJsxFlowElement',
      attributes: [
        { type: 'mdxJsxAttribute', name: 'caption', value: 'А — Б' },
        { type: 'mdxJsxAttribute', name: 'id', value: 'a — b' },
      ],
      children: [text('в ключе')],
    }
    run(tree, '/docs/i18n/ru/x.mdx')
    expect(tree.attributes.map(({ value }) => value)).toEqual(['А\u00a0— Б', 'a — b'])
    expect(tree.children).toEqual([text('в\u00a0ключе')])
  })

  it('leaves code, and English pages', () => {
    const code = { type: 'element', tagName: 'code', children: [text('а — б')] }
    expect(run(code, '/docs/i18n/ru/x.mdx')).toEqual({ ...code, children: [text('а — б')] })
    const page = { type: 'element', tagName: 'p', children: [text('a — b')] }
    expect(run(page, '/docs/docs/x.mdx')).toEqual({ ...page, children: [text('a — b')] })
    expect(isRussian(undefined)).toBe(false)
  })
})
