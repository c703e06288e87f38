/**
 * Lab 08: the three memories, without a broker. Each scene is a list of records, asked in one crossing; a memory is thrown
 * away in the middle of some, and another is made from what it has saved.
 */
import type { Dice } from '../engine/dice.ts'
import type { Picture } from '../engine/picture.ts'
import { show, showText } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { keptIds, newIds, newOffsets, newSequences } from './oracle.ts'
import type { Checks, Identified, Memory, Numbered, Once, Place } from './subject.ts'

type MemoryId =
  | 'offsets'
  | 'ids'
  | 'ids-window'
  | 'ids-forget'
  | 'sequences'
  | 'saved-offsets'
  | 'saved-ids'
  | 'saved-sequences'
  | 'apart'

/** The first answer that is not the wanted one: its record is marked among those before it. */
function firstWrong(answers: readonly boolean[], wanted: readonly boolean[]): number {
  return wanted.findIndex((one, i) => answers[i] !== one)
}

const shownMax = 8

/** The last records up to the one that was answered wrongly, in the words of `name`. */
function asked(
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

const placeName = ({ partition, offset }: Place) => `${partition}:${offset}`
const idName = ({ id, timestamp }: Identified) => `${showText(id)} ${timestamp}`
const numberName = ({ producer, epoch, sequence }: Numbered) =>
  `${showText(producer)} ${epoch}/${sequence}`

/** Asks a memory about each record, and compares. `dup`: true was wrong; `fresh`: false was. */
function compare<Asked, Case extends string>(
  t: Trial<Case>,
  memory: Memory<Asked>,
  records: readonly Asked[],
  wanted: readonly boolean[],
  words: {
    readonly name: (record: Asked) => string
    readonly dup: Case
    readonly fresh: Case
    readonly facts?: Readonly<Record<string, string | number>>
  },
): void {
  const answers = t.tools.each(
    memory.isNew,
    records.map((record) => [record] as [Asked]),
  )
  const at = firstWrong(answers, wanted)
  const names = records.map(words.name)
  t.check(
    at === -1,
    answers[at] === true ? words.dup : words.fresh,
    { ...words.facts, record: names[at] ?? '' },
    () => asked(names, answers, wanted, at),
  )
}

/** Offsets of several partitions as a consumer meets them: rising, with gaps, then back by some, and on. */
function somePlaces(dice: Dice, partitions: readonly number[], from: number): Place[] {
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
const hugeOffsets = [2 ** 31, 2 ** 32 - 1, 2 ** 48, 2 ** 53 - 8]

/** Texts that are equal only for code that changes them. */
function hardTexts(dice: Dice): string[] {
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

/** Today, some hours ago: what timestamps look like. */
const someTime = (dice: Dice) => 1_760_000_000_000 + dice.freshInt(1, 9_000_000)

/** Ids that come again and again while time goes on, sometimes a little backwards, never `keepMs` or more. */
function someRecords(dice: Dice, keepMs: number, ids: readonly string[], count: number): Identified[] {
  let nowMs = someTime(dice)
  return Array.from({ length: count }, () => {
    const step = Math.ceil((keepMs * dice.int(0, 6)) / 20)
    const isLate = dice.int(1, 5) === 1
    const timestamp = isLate ? nowMs - dice.int(0, Math.min(keepMs - 1, step)) : nowMs + step
    nowMs = Math.max(nowMs, timestamp)
    return { id: dice.pick(ids), timestamp }
  })
}

/** A producer's doings: it counts, repeats itself, leaves gaps, is restarted; one that was restarted is heard of again. */
function someNumbers(dice: Dice, producers: readonly string[], count: number): Numbered[] {
  const states = new Map(producers.map((producer) => [producer, { epoch: dice.int(0, 3), sequence: -1 }]))
  return Array.from({ length: count }, () => {
    const producer = dice.pick(producers)
    const state = states.get(producer) ?? { epoch: 0, sequence: -1 }
    const doing = dice.int(1, 10)
    if (doing <= 5) state.sequence += dice.pick([1, 1, 1, 2, 5])
    else if (doing === 6) {
      state.epoch += dice.pick([1, 1, 3])
      state.sequence = dice.pick([0, 0, 2])
    } else if (doing === 7 && state.epoch > 0)
      return { producer, epoch: state.epoch - 1, sequence: state.sequence + dice.int(1, 9) }
    else if (doing >= 8)
      return { producer, epoch: state.epoch, sequence: Math.max(0, state.sequence - dice.int(0, 3)) }
    states.set(producer, state)
    return { producer, epoch: state.epoch, sequence: Math.max(0, state.sequence) }
  })
}

/** The same list asked in two halves: of one memory, and of another that is made from what the first has saved. */
async function halves<Asked>(
  t: Trial<'dup' | 'fresh' | 'again'>,
  make: (saved: string | null) => Promise<Memory<Asked>>,
  records: readonly Asked[],
  wanted: readonly boolean[],
  name: (record: Asked) => string,
): Promise<void> {
  const cut = t.dice.int(Math.floor(records.length / 3), Math.floor(records.length / 2))
  const words = { name, dup: 'dup', fresh: 'fresh' } as const
  const empty = await make(await (await make(null)).saved())
  compare(t, empty, records.slice(0, cut), wanted.slice(0, cut), words)
  const saved = await empty.saved()
  compare(t, await make(saved), records.slice(cut), wanted.slice(cut), words)
  // What was saved is a text: another memory that is made from it later knows as much, and no more.
  compare(t, await make(saved), records.slice(cut), wanted.slice(cut), { ...words, dup: 'again', fresh: 'again' })
}

export const memoryChecks: Checks<MemoryId> = {
  offsets: async (t, subject) => {
    const { dice } = t
    const words = { name: placeName, dup: 'dup', fresh: 'fresh' } as const
    const partitions = dice.shuffle([0, 1, 4, 11, 1_024])
    // A partition's first record need not have offset 0, and what was never seen below it is not new later.
    const first = dice.freshInt(50, 90)
    const late = [first, first - 1, first + 1].map((offset) => ({ partition: 2, offset }))
    compare(t, await subject.rememberOffsets(null), late, newOffsets(late), { ...words, dup: 'below' })
    for (const from of [0, dice.freshInt(2_000, 9_000), ...hugeOffsets]) {
      const places =
        from === 2 ** 53 - 8
          ? [0, 3, 3, 6, 0].map((more) => ({ partition: dice.pick(partitions), offset: from + more }))
          : somePlaces(dice, partitions, from)
      compare(t, await subject.rememberOffsets(null), places, newOffsets(places), words)
    }

    const many = Array.from({ length: 4_000 }, (_, i) => ({ partition: i % 4, offset: 2 * i }))
    const memory = await subject.rememberOffsets(null)
    compare(t, memory, many, many.map(() => true), words)
    const size = (await memory.saved()).length
    t.check(size <= 4 * 60, 'large', { size, max: 4 * 60, count: many.length })
  },

  ids: async (t, subject) => {
    const texts = hardTexts(t.dice)
    const atMs = someTime(t.dice)
    const records = [...texts, ...texts].map((id, i) => ({ id, timestamp: atMs + i }))
    const memory = await subject.rememberIds(t.dice.freshInt(2_000, 9_000), null)
    compare(t, memory, records, newIds(2_000, records), { name: idName, dup: 'dup', fresh: 'fresh' })
  },

  'ids-window': async (t, subject) => {
    const { dice } = t
    for (const keepMs of [dice.freshInt(1_001, 90_000), 64, 1]) {
      const [one, two] = [dice.freshWord(), dice.freshWord()]
      // The first millisecond of 1970 is a time like any other.
      const atMs = keepMs < 100 ? 0 : someTime(dice)
      const scenes = [
        { dup: 'early', fresh: 'late', moments: [0, keepMs] },
        { dup: 'early', fresh: 'late', moments: [0, keepMs - 1] },
        // Duplicates just before the end: the id is forgotten all the same.
        { dup: 'early', fresh: 'prolonged', moments: [0, Math.floor(keepMs / 2), keepMs - 1, keepMs] },
      ] as const
      for (const { moments, ...words } of scenes) {
        const records = moments.map((ms) => ({ id: one, timestamp: atMs + ms }))
        const memory = await subject.rememberIds(keepMs, null)
        compare(t, memory, records, newIds(keepMs, records), { name: idName, facts: { keepMs }, ...words })
      }
      // The time is that of another record: a late one does not turn it back, and another id moves it on.
      if (keepMs < 10) continue
      const late = Math.floor(keepMs / 2)
      const mixed = [
        { id: one, timestamp: atMs + late },
        { id: two, timestamp: atMs + late + keepMs },
        { id: one, timestamp: atMs + late + keepMs - 1 },
        { id: two, timestamp: atMs + 2 * late + keepMs - 1 },
      ]
      const memory = await subject.rememberIds(keepMs, null)
      const words = { name: idName, facts: { keepMs }, dup: 'early', fresh: 'lateRecord' } as const
      compare(t, memory, mixed, newIds(keepMs, mixed), words)
    }
    const keepMs = dice.freshInt(300, 5_000)
    const records = someRecords(dice, keepMs, dice.freshWords(6), 150)
    const words = { name: idName, facts: { keepMs }, dup: 'early', fresh: 'late' } as const
    compare(t, await subject.rememberIds(keepMs, null), records, newIds(keepMs, records), words)
  },

  'ids-forget': async (t, subject) => {
    const keepMs = t.dice.freshInt(2_000, 9_000)
    const atMs = someTime(t.dice)
    const word = t.dice.freshWord()
    const records = Array.from({ length: 1_500 }, (_, i) => ({
      id: `${word}-${i}`,
      timestamp: atMs + Math.floor((i * keepMs) / 50),
    }))
    const memory = await subject.rememberIds(keepMs, null)
    t.tools.each(
      memory.isNew,
      records.map((record) => [record] as [Identified]),
    )
    const kept = keptIds(keepMs, records.slice(-200))
    const max = 200 + kept.reduce((sum, id) => sum + 40 + 2 * id.length, 0)
    const size = (await memory.saved()).length
    t.check(size <= max, 'large', { size, max, count: records.length, kept: kept.length })
    // And when one record comes long afterwards, it is the only one that is left.
    const last = { id: word, timestamp: atMs + 100 * keepMs }
    t.tools.each(memory.isNew, [[last]])
    const sizeThen = (await memory.saved()).length
    const maxThen = 240 + 2 * last.id.length
    t.check(sizeThen <= maxThen, 'large', { size: sizeThen, max: maxThen, count: records.length + 1, kept: 1 })
  },

  sequences: async (t, subject) => {
    const { dice } = t
    const words = { name: numberName, dup: 'dup', fresh: 'fresh' } as const
    const [one] = dice.freshWords(1) as [string]
    const of = (numbers: readonly (readonly [number, number])[]) =>
      numbers.map(([epoch, sequence]) => ({ producer: one, epoch, sequence }))
    const epoch = dice.freshInt(1_002, 9_000)
    const restarted = of([
      [epoch, 0],
      [epoch, 1],
      [epoch, 2],
      [epoch + 1, 0],
      [epoch + 1, 1],
    ])
    const make = () => subject.rememberSequences(null)
    compare(t, await make(), restarted, newSequences(restarted), { ...words, fresh: 'restarted' })
    const zombie = of([
      [epoch, 0],
      [epoch, 4],
      [epoch + 1, 0],
      [epoch, 5],
    ])
    compare(t, await make(), zombie, newSequences(zombie), { ...words, dup: 'zombie' })
    const gaps = of([
      [epoch, 3],
      [epoch, 7],
      [epoch, 5],
      [epoch, 8],
      [epoch, 2_000],
    ])
    compare(t, await make(), gaps, newSequences(gaps), { ...words, dup: 'inGap', fresh: 'gap' })
    const names = hardTexts(dice)
    const numbers = [
      ...names.map((producer) => ({ producer, epoch: 0, sequence: 0 })),
      ...someNumbers(dice, names.slice(0, 6), 120).map((one) => ({ ...one, epoch: one.epoch + 1 })),
    ]
    compare(t, await make(), numbers, newSequences(numbers), words)
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      producer: one,
      epoch: Math.floor(i / 100),
      sequence: i % 100,
    }))
    const memory = await make()
    compare(t, memory, many, many.map(() => true), words)
    const size = (await memory.saved()).length
    const max = 60 + 2 * one.length
    t.check(size <= max, 'large', { size, max, count: many.length })
  },

  'saved-offsets': async (t, subject) => {
    const places = somePlaces(t.dice, t.dice.shuffle([0, 1, 3, 12]), t.dice.freshInt(8, 400))
    await halves(t, (saved) => subject.rememberOffsets(saved), places, newOffsets(places), placeName)
  },

  'saved-ids': async (t, subject) => {
    const { dice } = t
    const keepMs = dice.freshInt(1_000, 60_000)
    const records = someRecords(dice, keepMs, [...dice.freshWords(4), ...hardTexts(dice).slice(0, -1)], 120)
    await halves(t, (saved) => subject.rememberIds(keepMs, saved), records, newIds(keepMs, records), idName)
    // The time is saved too: a late record finds it where it was.
    const [one, two] = dice.freshWords(2) as [string, string]
    const atMs = someTime(dice)
    const before = [
      { id: one, timestamp: atMs },
      { id: two, timestamp: atMs + keepMs - 1 },
      { id: two, timestamp: atMs + keepMs },
    ]
    const after = [{ id: one, timestamp: atMs + keepMs - 1 }]
    const words = { name: idName, dup: 'dup', fresh: 'time' } as const
    const wanted = newIds(keepMs, [...before, ...after])
    const first = await subject.rememberIds(keepMs, null)
    compare(t, first, before, wanted.slice(0, 3), words)
    compare(t, await subject.rememberIds(keepMs, await first.saved()), after, wanted.slice(3), words)
  },

  'saved-sequences': async (t, subject) => {
    const { dice } = t
    const names = [...dice.freshWords(2), ...hardTexts(dice).slice(0, 5)]
    const numbers = someNumbers(dice, names, 120)
    await halves(
      t,
      (saved) => subject.rememberSequences(saved),
      numbers,
      newSequences(numbers),
      numberName,
    )
  },

  apart: async (t, subject) => {
    const { dice } = t
    const twice = async <Asked>(
      name: keyof Once,
      make: () => Promise<Memory<Asked>>,
      records: readonly Asked[],
    ) => {
      const [one, two] = [await make(), await make()]
      const answers = t.tools.each(
        [one.isNew, two.isNew],
        records.flatMap((record) => [[record], [record]] as [Asked][]),
      )
      const at = answers.indexOf(false)
      t.check(at === -1, 'shared', { name, record: show(records[Math.floor(at / 2)]) })
    }
    const words = dice.freshWords(5)
    const atMs = someTime(dice)
    const keepMs = dice.freshInt(1_000, 9_000)
    await twice(
      'rememberOffsets',
      () => subject.rememberOffsets(null),
      words.map((_, i) => ({ partition: 3, offset: 4 * i })),
    )
    await twice(
      'rememberIds',
      () => subject.rememberIds(keepMs, null),
      words.map((id, i) => ({ id, timestamp: atMs + i })),
    )
    await twice(
      'rememberSequences',
      () => subject.rememberSequences(null),
      words.map((producer, i) => ({ producer, epoch: 2, sequence: i })),
    )
  },
}
