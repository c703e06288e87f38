/** Lab 09: texts that lose something on the way if one is not careful, and how it is shown where they did. */
import type { Dice } from '../engine/dice.ts'
import { compareTable, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'

export interface Pair {
  readonly key: string | null
  readonly value: string
}

function hardTexts(dice: Dice, lengthMax: number): string[] {
  return [
    ` ${dice.freshWord()} `,
    `${dice.freshWord()}\r\n`,
    `\ufeff${dice.freshWord()}`,
    `${dice.freshWord()}e\u0301`,
    `${dice.freshForeignWord()}😀`,
    `"${dice.freshWord()}"`,
    dice.freshWord().repeat(lengthMax).slice(0, lengthMax),
  ]
}

/** Keys and values with spaces, marks, a byte order mark, foreign letters, the largest allowed; an empty key, an empty value. */
export function hardPairs(dice: Dice, max: { readonly key: number; readonly value: number }) {
  const [keys, values] = [hardTexts(dice, max.key), hardTexts(dice, max.value)]
  return dice.shuffle([
    ...keys.map((key, i) => ({ key, value: values[(i + 1) % values.length] ?? '' })),
    { key: '', value: dice.freshWord() },
    { key: dice.freshWord(), value: '' },
  ])
}

/** A text with quotation marks, short, with what cannot be seen written out. */
export function short(value: unknown): string {
  if (typeof value !== 'string') return show(value)
  const bytes = value.length > 40 ? ` (${Buffer.byteLength(value)} B)` : ''
  const shown = JSON.stringify(value.length > 40 ? `${value.slice(0, 20)}…` : value).replace(
    /[\u0300-\u036f]|\ufeff/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return shown + bytes
}

/** The first few texts that are not what was sent, pair by pair; undefined when all are. */
export function differing(
  pairs: readonly {
    readonly wanted: Pair
    readonly got: { readonly key: unknown; readonly value: unknown }
  }[],
): { count: number; picture: Picture } | undefined {
  const rows = pairs.flatMap(({ wanted, got }) =>
    (['key', 'value'] as const)
      .filter((what) => wanted[what] !== got[what])
      .map((what) => ({ left: [what], expected: short(wanted[what]), got: short(got[what]) })),
  )
  if (rows.length === 0) return undefined
  return { count: rows.length, picture: compareTable(rows, [{ en: 'what', ru: 'что' }], 5) }
}

/**
 * Whether the records of each key are in one partition and in the order of the list; undefined when they are, else the
 * first key for which they are not.
 */
export function misplacedKey(
  sent: readonly Pair[],
  read: readonly { readonly partition: number; readonly key: string | null; readonly value: string | null }[],
): { key: string; partitions: number } | undefined {
  for (const key of new Set(sent.map((one) => one.key))) {
    const wanted = sent.filter((one) => one.key === key).map(({ value }) => value)
    const got = read.filter((one) => one.key === key)
    const partitions = new Set(got.map(({ partition }) => partition)).size
    const isOrdered = got.length === wanted.length && got.every(({ value }, i) => value === wanted[i])
    if (partitions > 1 || !isOrdered) return { key: key ?? 'null', partitions }
  }
  return undefined
}
