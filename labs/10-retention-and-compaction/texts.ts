/** Lab 10: keys and values that lose something on the way, or are taken for each other, if one is not careful. */
import type { Dice } from '../engine/dice.ts'

/** Pairs of different keys that careless code takes for one: spaces, marks, a byte order mark, what looks like nothing. */
export function hardKeys(dice: Dice): string[] {
  const [word, accented] = [dice.freshWord(), dice.freshWord()]
  return [
    word,
    ` ${word} `,
    `\ufeff${word}`,
    word.toUpperCase(),
    `${accented}e\u0301`,
    `${accented}\u00e9`,
    `${dice.freshForeignWord()}🦉`,
    'null',
    'undefined',
    '__proto__',
    'constructor',
    '7',
    '07',
    '',
  ]
}

/** Values of all sorts; the largest has `lengthMax` characters. */
export function hardValues(dice: Dice, lengthMax: number): string[] {
  return [
    '',
    'null',
    ` ${dice.freshWord()} `,
    `\ufeff${dice.freshWord()}`,
    `${dice.freshWord()}e\u0301`,
    `${dice.freshForeignWord()}😀`,
    dice.freshWord().repeat(lengthMax).slice(0, lengthMax),
  ]
}
