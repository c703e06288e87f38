/** Keys and values that lose something on the way if one is not careful, and how it is shown where they did. */
import type { Dice } from './dice.ts'
import { compareTable, type Picture } from './picture.ts'
import { show } from './show.ts'

/** Key and value of a record, as they are sent. */
export interface Pair {
  readonly key: string | null
  readonly value: string
}

/** A text of each hard kind; the last one has `lengthMax` characters of one byte. */
function hardTexts(dice: Dice, lengthMax: number): string[] {
  return [
    ` ${dice.freshWord()} `,
    `${dice.freshWord()}\r\n`,
    `\ufeff${dice.freshWord()}`,
    `${dice.freshWord()}e\u0301`,
    `${dice.freshForeignWord()}😀`,
    `"${dice.freshWord()}"`,
    'null',
    'undefined',
    dice.freshWord().repeat(lengthMax).slice(0, lengthMax),
  ]
}

/**
 * Pairs in an order of the dice. Keys and values with spaces, marks, a byte order mark, foreign letters; of `max` bytes; an
 * empty key, an empty value. `more` is shuffled in: records without keys, for instance.
 */
export function hardPairs(
  dice: Dice,
  max: { readonly key: number; readonly value: number },
  more: readonly Pair[] = [],
): Pair[] {
  const [keys, values] = [hardTexts(dice, max.key), hardTexts(dice, max.value)]
  return dice.shuffle([
    ...keys.map((key, i) => ({ key, value: values[(i + 1) % values.length] ?? '' })),
    { key: '', value: dice.freshWord() },
    { key: dice.freshWord(), value: '' },
    ...more,
  ])
}

/** How many keys and values are not what was sent, and the first few of them; undefined when all are. */
export function differing(
  pairs: readonly {
    readonly wanted: { readonly key: unknown; readonly value: unknown }
    readonly got: { readonly key: unknown; readonly value: unknown }
  }[],
): { count: number; picture: Picture } | undefined {
  const rows = pairs.flatMap(({ wanted, got }) =>
    (['key', 'value'] as const)
      .filter((what) => wanted[what] !== got[what])
      .map((what) => ({ left: [what], expected: show(wanted[what]), got: show(got[what]) })),
  )
  if (rows.length === 0) return undefined
  return { count: rows.length, picture: compareTable(rows, [{ en: 'what', ru: 'что' }], 5) }
}
