import type { PrismTheme } from 'prism-react-renderer'

/**
 * Colours of code, four hues only: words of the language, texts, numbers, remarks.
 * Each has a contrast of at least 4.5:1 on its background (a browser test runs axe on the pages).
 */
function theme(c: Record<'bg' | 'ink' | 'word' | 'text' | 'number' | 'remark' | 'name', string>): PrismTheme {
  return {
    plain: { color: c.ink, backgroundColor: c.bg },
    styles: [
      { types: ['comment', 'prolog', 'doctype', 'cdata'], style: { color: c.remark, fontStyle: 'italic' } },
      { types: ['keyword', 'operator', 'tag', 'selector', 'atrule', 'important'], style: { color: c.word } },
      {
        types: ['string', 'char', 'attr-value', 'regex', 'inserted', 'template-string'],
        style: { color: c.text },
      },
      {
        types: ['number', 'boolean', 'constant', 'symbol', 'variable', 'parameter'],
        style: { color: c.number },
      },
      {
        types: ['function', 'class-name', 'attr-name', 'property', 'builtin', 'key'],
        style: { color: c.name },
      },
      { types: ['punctuation', 'plain'], style: { color: c.ink } },
      { types: ['deleted'], style: { color: c.number } },
    ],
  }
}

export const light = theme({
  bg: '#f1efe8',
  ink: '#22303a',
  word: '#8a3324',
  text: '#3c6116',
  number: '#7a4b00',
  remark: '#5d6a73',
  name: '#0b5563',
})

export const dark = theme({
  bg: '#1b232b',
  ink: '#d9e1e7',
  word: '#f0a08f',
  text: '#b3d48c',
  number: '#ecc27a',
  remark: '#95a5b1',
  name: '#86cfdd',
})
