/** Lab 07: records whose keys and values lose something on the way if one is not careful. */
import type { Dice } from '../engine/dice.ts'
import { compareTable, type Picture } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Outgoing } from './subject.ts'

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

/** Keys and values with spaces, marks, a byte order mark, foreign letters, the largest allowed; no key, an empty one, an empty value. */
export function hardRecords(dice: Dice): Outgoing[] {
  const [keys, values] = [hardTexts(dice, 1_000), hardTexts(dice, 100_000)]
  return dice.shuffle([
    ...keys.map((key, i) => ({ key, value: values[(i + 1) % values.length] ?? '' })),
    { key: '', value: dice.freshWord() },
    { key: null, value: dice.freshWord() },
    { key: null, value: '' },
  ])
}

/** A text with quotation marks, short, with what cannot be seen written out. */
function short(value: unknown): string {
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
    readonly wanted: Outgoing
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
