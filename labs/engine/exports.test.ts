import { describe, expect, it } from 'vitest'
import { describeExports, exportTrouble } from './exports.ts'

const names = ['murmur2', 'partitionForKey']
const told = (source: string, module: Record<string, unknown>) =>
  exportTrouble('murmur2', describeExports(module), source, names)?.en

function murmur2() {}
function partitionForKey() {}

describe('a function that is not exported', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    ['is there', 'export function murmur2() {}', { murmur2 }, ''],
    ['default', 'export default function murmur2() {}', { default: murmur2 }, 'is the default export'],
    [
      'default, said apart',
      'function murmur2() {}\nexport default murmur2',
      { default: murmur2 },
      'default export',
    ],
    [
      'default object',
      'export default { murmur2 }',
      { default: { murmur2 } },
      'an object with `murmur2` in it',
    ],
    ['no export', '// murmur2\n\nfunction murmur2() {}', { partitionForKey }, '(line 3)'],
    ['no export, const', 'const murmur2 = () => 1', {}, '(line 1), but it is not exported'],
    ['alias', 'function murmur2() {}\nexport { murmur2 as hash }', { hash: murmur2 }, 'another name: `hash`'],
    ['renamed', 'export function murmur() {}', { murmur() {}, partitionForKey }, '`murmur`, which the lab'],
    ['renamed altogether', '', { hashOf() {}, partitionForKey }, 'The file is empty'],
    ['the only stranger', 'export function hashOf() {}', { hashOf() {}, partitionForKey }, '`hashOf`, which'],
    ['commented out', '  // export function murmur2() {}', { partitionForKey }, 'commented out (line 1)'],
    ['mentioned in a comment only', '/** murmur2 of a key */\nexport const a = 1', { a: 1 }, 'only: a.'],
    ['nested', 'export const a = () => {\n  function murmur2() {}\n}', { a() {} }, 'only: a.'],
    ['CommonJS', 'module.exports = { murmur2() {} }', {}, 'module.exports'],
    ['a value', 'export const murmur2 = 1', { murmur2: 1 }, 'it is a number'],
    ['a class', 'export class murmur2 {}', { murmur2: class murmur2 {} }, 'it is a class'],
    ['a promise', '', { murmur2: Promise.resolve() }, 'it is a promise'],
    ['an empty file', '\n', {}, 'The file is empty.'],
    ['nothing', 'const a = 1', {}, 'exports nothing'],
  ])('%s', (_what, source, module, words) => {
    const text = told(source, module)
    if (words === '') expect(text).toBeUndefined()
    else expect(text).toContain(words)
  })

  it('is told in Russian too, with the same facts', () => {
    const text = exportTrouble(
      'murmur2',
      describeExports({ default: murmur2 }),
      'export default murmur2',
      names,
    )
    expect(text?.ru).toContain('`murmur2` экспортируется по умолчанию')
    expect(text?.ru).not.toMatch(/\{\w+\}/)
  })
})
