/** Lab 08: the lists of records that memories are asked about, and the table that shows where an answer was wrong. */
import type { Dice } from '../engine/dice.ts'
import type { Picture } from '../engine/picture.ts'
import type { Identified, Numbered, Place } from './subject.ts'

/** The first answer that is not the wanted one; -1 when all are. */
export function firstWrong(answers: readonly boolean[], wanted: readonly boolean[]): number {
  return wanted.findIndex((one, i) => answers[i] !== one)
}

const shownMax = 8

/** The last records up to the one that was answered wrongly; `names` are the records in words. */
export function asked(
  names: readonly string[],
  answers: readonly boolean[],
  wanted: readonly boolean[],
  at: number,
): Picture {
  const from = Math.max(0, at - shownMax + 1)
  const rows = names.slice(from, at + 1).map((name, i) => {
    const [expected, got] = [wanted[from + i], answers[from + i]]
    return [name, String(expected), String(got)]
  })
  return {
    kind: 'table',
    columns: [
      { en: 'record', ru: 'запись' },
      { en: 'isNew expected', ru: 'isNew ожидалось' },
      { en: 'isNew got', ru: 'isNew получено' },
    ],
    rows,
    wrong: [rows.length - 1],
  }
}

/** Offsets of several partitions as a consumer meets them: rising, with gaps, then back by some, and on. */
export function somePlaces(dice: Dice, partitions: readonly number[], from: number): Place[] {
  const ends = new Map(partitions.map((partition) => [partition, from]))
  const places: Place[] = []
  for (let i = 0; i < 60; i++) {
    const partition = dice.pick(partitions)
    const end = ends.get(partition) ?? from
    const isBack = i > 10 && dice.int(1, 4) === 1
    const offset = isBack ? Math.max(from, end - dice.int(1, 6)) : end + dice.pick([0, 0, 0, 1, 7])
    places.push({ partition, offset })
    ends.set(partition, Math.max(end, offset + 1))
  }
  return places
}

/** Offsets at which 32 bits or a double's whole numbers end. */
export const hugeOffsets = [2 ** 31, 2 ** 32 - 1, 2 ** 48, 2 ** 53 - 8]

/** Texts that are equal only for code that changes them. */
export function hardTexts(dice: Dice): string[] {
  const word = dice.freshWord()
  return [
    word,
    ` ${word}`,
    `${word} `,
    word.toUpperCase(),
    `\ufeff${word}`,
    `${word}\u00e9`,
    `${word}e\u0301`,
    `${word}😀`,
    `"${word}"`,
    `${word},${word}`,
    '',
    '0',
    '00',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    'toString',
    word.repeat(100_000).slice(0, 100_000),
  ]
}

/** Some hour of the year 2025: what timestamps look like. */
export const someTime = (dice: Dice): number => 1_760_000_000_000 + dice.freshInt(1, 9_000_000)

/** Ids that come again and again while time goes on, sometimes a little backwards, never `keepMs` or more. */
export function someRecords(dice: Dice, keepMs: number, ids: readonly string[], count: number): Identified[] {
  let nowMs = someTime(dice)
  return Array.from({ length: count }, () => {
    const step = Math.ceil((keepMs * dice.int(0, 6)) / 20)
    const isLate = dice.int(1, 5) === 1
    const timestamp = isLate ? nowMs - dice.int(0, Math.min(keepMs - 1, step)) : nowMs + step
    nowMs = Math.max(nowMs, timestamp)
    return { id: dice.pick(ids), timestamp }
  })
}

/** Producers at work: each counts, repeats itself, leaves gaps, is restarted; records of its last run come after that. */
export function someNumbers(dice: Dice, producers: readonly string[], count: number): Numbered[] {
  const states = new Map(producers.map((producer) => [producer, { epoch: dice.int(0, 3), sequence: -1 }]))
  return Array.from({ length: count }, () => {
    const producer = dice.pick(producers)
    const state = states.get(producer) ?? { epoch: 0, sequence: -1 }
    const what = dice.int(1, 10)
    if (what <= 5) state.sequence += dice.pick([1, 1, 1, 2, 5])
    else if (what === 6) {
      state.epoch += dice.pick([1, 1, 3])
      state.sequence = dice.pick([0, 0, 2])
    } else if (what === 7 && state.epoch > 0)
      return { producer, epoch: state.epoch - 1, sequence: state.sequence + dice.int(1, 9) }
    else if (what >= 8)
      return { producer, epoch: state.epoch, sequence: Math.max(0, state.sequence - dice.int(0, 3)) }
    states.set(producer, state)
    return { producer, epoch: state.epoch, sequence: Math.max(0, state.sequence) }
  })
}
