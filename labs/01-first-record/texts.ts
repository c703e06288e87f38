/** Lab 01: texts that lose something on the way if one is not careful, and the diagnosis of what they lost. */
import type { Dice } from '../engine/dice.ts'
import { type Cell, compareTable, type Picture, withSize } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Facts, Trial } from '../engine/trial.ts'
import type { textCases } from './messages-shared.ts'
import type { TextRecord } from './subject.ts'

export type TextCase = keyof typeof textCases

const byteOrderMark = '\ufeff'
/** Letters that are two characters each, and one after normalize('NFC'). */
const combined = ['e\u0301', 'i\u0306', 'o\u0308', 'A\u030a']

/** Texts of one kind each; 100,000 bytes and 1,000 bytes are what the page allows for a value and a key. */
function hardTexts(dice: Dice): string[] {
  const around = (pad: string) => `${pad}${dice.freshWord()} ${dice.freshWord()}${pad}`
  return [
    around(' '),
    `\t${dice.freshWord()}\r\n`,
    byteOrderMark + dice.freshWord(),
    dice.freshWord() + dice.pick(combined) + dice.freshWord(),
    dice.freshForeignWord(),
    `"${dice.freshWord()}"`,
    `${dice.freshWord()}\u0000${dice.freshWord()}`,
    `${dice.freshWord()}\ufffd${dice.freshWord()}\ufffd`,
    '\u00a0',
    'null',
    'undefined',
  ]
}

/** So many bytes of UTF-8, of letters of one, two, three and four bytes; it never repeats in a short period. */
export function longText(dice: Dice, bytes: number): string {
  let text = ''
  let left = bytes
  while (left > 0) {
    const word = left > 40 ? `${dice.freshForeignWord()} ` : 'x'.repeat(left)
    const size = Buffer.byteLength(word)
    text += word
    left -= size
  }
  return text
}

/** So many letters of one byte each. */
export function longWord(dice: Dice, length: number): string {
  return dice.freshWord().repeat(length).slice(0, length)
}

/**
 * Texts of so many bytes that a character is cut in two wherever they are taken in pieces: at an odd place and at an even
 * one, in characters as JavaScript counts them and in bytes. Before the first one stand `ahead` letters of one byte.
 */
function wideText(dice: Dice, bytes: number, ahead: number): string {
  const wide = Math.floor((bytes - ahead) / 4)
  return longWord(dice, ahead) + '😀'.repeat(wide) + 'x'.repeat(bytes - ahead - 4 * wide)
}

/** So many characters of one byte each, all of which JSON writes with more: some with two, most with six. */
function escapedText(length: number): string {
  return `"\n\\${'\u0001'.repeat(47)}`.repeat(Math.ceil(length / 50)).slice(0, length)
}

/** Records whose keys and values are hard texts, in an order of the dice: also an empty key, no key, an empty value. */
export function hardRecords(dice: Dice): TextRecord[] {
  const [keys, values] = [hardTexts(dice), hardTexts(dice)]
  return dice.shuffle([
    ...keys.map((key, i) => ({ key, value: values[i] ?? '' })),
    { key: '', value: dice.freshWord() },
    { key: null, value: dice.freshWord() },
    { key: null, value: '' },
    { key: longText(dice, 1_000), value: longText(dice, 100_000) },
    { key: longWord(dice, 1_000), value: wideText(dice, 100_000, 65_535) },
    { key: wideText(dice, 1_000, 0), value: wideText(dice, 100_000, 65_534) },
    { key: wideText(dice, 1_000, 1), value: wideText(dice, 100_000, 0) },
    { key: escapedText(1_000), value: wideText(dice, 99_999, 1) },
    { key: dice.freshWord(), value: escapedText(100_000) },
  ])
}

/** What stands where bytes were no UTF-8. */
const marksIn = (text: string) => text.split('\ufffd').length - 1

/** Whether all that differs differs so, and something does. */
type Became = (wanted: string, got: string | null) => boolean

const became: readonly (readonly [TextCase, Became])[] = [
  ['emptyKey', () => false],
  ['bom', (wanted, got) => got !== wanted && got === wanted.replace(byteOrderMark, '')],
  ['trimmed', (wanted, got) => got === wanted.trim()],
  ['normalised', (wanted, got) => got === wanted.normalize('NFC')],
  ['json', (wanted, got) => got === JSON.stringify(wanted)],
  [
    'letters',
    (wanted, got) =>
      got === Buffer.from(wanted, 'latin1').toString() || got === Buffer.from(wanted).toString('latin1'),
  ],
  ['torn', (wanted, got) => !!got && marksIn(got) > marksIn(wanted) && got.length > wanted.length - 8],
  // What is cut in the middle of a character ends in U+FFFD.
  ['cut', (wanted, got) => !!got && wanted.startsWith(got.replace(/\ufffd+$/, ''))],
]

interface Pair {
  readonly what: 'key' | 'value'
  readonly wanted: string | null
  /** What came; undefined and what is no text at all as they are. */
  readonly got: unknown
}

/** What happened to the texts on their way; undefined when nothing did. */
export function lossIn(pairs: readonly Pair[]): { says: TextCase; facts: Facts } | undefined {
  const wrong = pairs.filter(({ wanted, got }) => wanted !== got)
  const [first] = wrong
  if (first === undefined) return undefined
  const odd = wrong.find(({ got }) => typeof got !== 'string' && got !== null)
  if (odd !== undefined) {
    const isNoKey = wrong.every(
      ({ what, wanted: text, got }) => what === 'key' && text === null && got === undefined,
    )
    return isNoKey
      ? { says: 'keyUndefined', facts: {} }
      : { says: 'noText', facts: { got: show(odd.got), what: odd.what } }
  }
  if (wrong.every(({ what, wanted }) => what === 'key' && wanted === null))
    return { says: 'noKey', facts: { got: visible(first.got) } }
  if (wrong.every(({ what, wanted, got }) => what === 'key' && wanted === '' && got === null))
    return { says: 'emptyKey', facts: {} }
  if (wrong.every(({ what, wanted }) => what === 'value' && wanted === ''))
    return { says: 'emptyValue', facts: { got: visible(first.got) } }
  const texts = wrong.filter(
    (pair): pair is Pair & { wanted: string; got: string | null } => pair.wanted !== null,
  )
  const found = became.find(
    ([, is]) => texts.length === wrong.length && texts.every(({ wanted, got }) => is(wanted, got)),
  )
  const bytes = (text: unknown) => Buffer.byteLength(typeof text === 'string' ? text : '')
  return {
    says: found?.[0] ?? 'differs',
    facts: { wanted: bytes(first.wanted), got: bytes(first.got) },
  }
}

/** Checks keys and values of records that were paired beforehand. */
export function checkTexts(
  t: Trial<TextCase>,
  pairs: readonly { readonly wanted: TextRecord; readonly got: { key: unknown; value: unknown } }[],
): void {
  const all = pairs.flatMap(({ wanted, got }): Pair[] => [
    { what: 'key', wanted: wanted.key, got: got.key },
    { what: 'value', wanted: wanted.value, got: got.value },
  ])
  const loss = lossIn(all)
  t.check(loss === undefined, loss?.says ?? 'differs', loss?.facts ?? {}, () => pictureOf(all))
}

function pictureOf(pairs: readonly Pair[]): Picture {
  const rows = pairs
    .filter(({ wanted, got }) => wanted !== got)
    .map(({ what, wanted, got }) => ({ left: [what], expected: visible(wanted), got: visible(got) }))
  return compareTable(rows, [{ en: 'what', ru: 'что' }], 6)
}

/** A text with quotation marks, short, with what cannot be seen written out. */
export function visible(text: unknown): Cell {
  if (typeof text !== 'string') return show(text)
  const bytes = Buffer.byteLength(text)
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 24)}…${text.slice(-8)}` : text).replace(
    /[\u0300-\u036f]|[\u00a0\ufeff\ufffd]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return text.length > 40 ? withSize(shown, bytes) : shown
}
