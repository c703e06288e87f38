/**
 * Lab 08: the three memories, without a broker. Each scene is a list of records, asked in one crossing; in some the memory is
 * thrown away in the middle, and another is made from what it has saved.
 */
import { show, showText } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { keptIds, newIds, newOffsets, newSequences } from './oracle.ts'
import {
  asked,
  firstWrong,
  hardTexts,
  hugeOffsets,
  someNumbers,
  somePlaces,
  someRecords,
  someTime,
} from './scenes.ts'
import type { Checks, Identified, Memory, Numbered, Once, Place } from './subject.ts'

type MemoryId = 'offsets' | 'ids' | 'ids-window' | 'ids-forget' | 'sequences' | 'saved' | 'apart'

const placeName = ({ partition, offset }: Place) => `${partition}:${offset}`
const idName = ({ id, timestamp }: Identified) => `${showText(id)} ${timestamp}`
const numberName = ({ producer, epoch, sequence }: Numbered) => `${showText(producer)} ${epoch}/${sequence}`

/** What is said of a wrong answer: by the place of the record in the list, and by the answer. */
interface Words<Asked, Case> {
  readonly name: (record: Asked) => string
  readonly says: (at: number, answer: boolean) => Case
  readonly facts?: Readonly<Record<string, string | number>>
}

const dupOrFresh = (_at: number, answer: boolean) => (answer ? 'dup' : 'fresh')

const ask = <Asked, Case extends string>(t: Trial<Case>, memory: Memory<Asked>, records: readonly Asked[]) =>
  t.tools.each(
    memory.isNew,
    records.map((record) => [record] as [Asked]),
  )

/** Asks a memory about each record, and compares. */
function compare<Asked, Case extends string>(
  t: Trial<Case>,
  memory: Memory<Asked>,
  records: readonly Asked[],
  wanted: readonly boolean[],
  words: Words<Asked, Case>,
): void {
  const answers = ask(t, memory, records)
  const at = firstWrong(answers, wanted)
  const names = records.map(words.name)
  t.check(at === -1, words.says(at, answers[at] === true), { ...words.facts, record: names[at] ?? '' }, () =>
    asked(names, answers, wanted, at),
  )
}

/** The same list asked in two halves: of one memory, and of another that is made from what the first has saved. */
async function halves<Asked>(
  t: Trial<'dup' | 'fresh' | 'again'>,
  name: keyof Once,
  make: (saved: string | null) => Promise<Memory<Asked>>,
  records: readonly Asked[],
  wanted: readonly boolean[],
  nameOf: (record: Asked) => string,
): Promise<void> {
  const cut = t.dice.int(Math.floor(records.length / 3), Math.floor(records.length / 2))
  const words = { name: nameOf, says: dupOrFresh, facts: { name } } as const
  const [before, after] = [records.slice(0, cut), records.slice(cut)]
  const first = await make(await (await make(null)).saved())
  compare(t, first, before, wanted.slice(0, cut), words)
  const saved = await first.saved()
  compare(t, await make(saved), after, wanted.slice(cut), words)
  // What was saved is a text: another memory that is made from it later knows as much, and no more.
  compare(t, await make(saved), after, wanted.slice(cut), { ...words, says: () => 'again' as const })
}

export const memoryChecks: Checks<MemoryId> = {
  offsets: async (t, subject) => {
    const { dice } = t
    const partitions = dice.shuffle([0, 1, 4, 11, 1_024])
    const isAfterGap = (places: readonly Place[], at: number) => {
      const { partition, offset } = places[at] as Place
      const before = places.slice(0, at).filter((one) => one.partition === partition)
      return offset < 2 ** 31 && offset > Math.max(-1, ...before.map((one) => one.offset)) + 1
    }
    const wordsFor = (places: readonly Place[]) =>
      ({
        name: placeName,
        says: (at: number, answer: boolean) =>
          answer ? 'dup' : at >= 0 && isAfterGap(places, at) ? 'gap' : 'fresh',
      }) as const
    // A partition's first record need not have offset 0, and what was never seen below it is not new later.
    const first = dice.freshInt(50, 90)
    const late = [first, first - 1, first + 1].map((offset) => ({ partition: 2, offset }))
    const lateWords = wordsFor(late)
    compare(t, await subject.rememberOffsets(null), late, newOffsets(late), {
      ...lateWords,
      says: (at, answer) => (answer ? 'below' : lateWords.says(at, answer)),
    })
    for (const from of [0, dice.freshInt(2_000, 9_000), ...hugeOffsets]) {
      const places =
        from === 2 ** 53 - 8
          ? [0, 3, 3, 6, 0].map((more) => ({ partition: dice.pick(partitions), offset: from + more }))
          : somePlaces(dice, partitions, from)
      compare(t, await subject.rememberOffsets(null), places, newOffsets(places), wordsFor(places))
    }

    const many = Array.from({ length: 4_000 }, (_, i) => ({ partition: i % 4, offset: 2 * i }))
    const memory = await subject.rememberOffsets(null)
    compare(
      t,
      memory,
      many,
      many.map(() => true),
      wordsFor(many),
    )
    const size = (await memory.saved()).length
    t.check(size <= 4 * 60, 'large', { size, max: 4 * 60, count: many.length })

    // The number of a partition is not a place in a list.
    const apart = [dice.freshInt(40_000, 60_000), 2 ** 40, dice.freshInt(300, 900)]
    const few = apart.map((partition, i) => ({ partition, offset: 2 * i + 5 }))
    const sparse = await subject.rememberOffsets(null)
    compare(
      t,
      sparse,
      few,
      few.map(() => true),
      wordsFor(few),
    )
    const sparseSize = (await sparse.saved()).length
    const facts = { size: sparseSize, max: 60 * few.length, first: few[0]?.partition ?? 0 }
    t.check(sparseSize <= 60 * few.length, 'sparse', facts)
  },

  ids: async (t, subject) => {
    const texts = hardTexts(t.dice)
    const atMs = someTime(t.dice)
    const keepMs = t.dice.freshInt(2_000, 9_000)
    const records = [...texts, ...texts].map((id, i) => ({ id, timestamp: atMs + i }))
    const memory = await subject.rememberIds(keepMs, null)
    compare(t, memory, records, newIds(keepMs, records), { name: idName, says: dupOrFresh })
  },

  'ids-window': async (t, subject) => {
    const { dice } = t
    type FreshCase = 'late' | 'prolonged' | 'lateRecord' | 'behind'
    const scene = async (keepMs: number, records: readonly Identified[], fresh: FreshCase) => {
      const memory = await subject.rememberIds(keepMs, null)
      const cameBefore = (at: number) => records.slice(0, at).some(({ id }) => id === records[at]?.id)
      compare(t, memory, records, newIds(keepMs, records), {
        name: idName,
        facts: { keepMs },
        says: (at, answer) => (answer ? 'early' : cameBefore(at) ? fresh : 'fresh'),
      })
    }
    for (const keepMs of [dice.freshInt(1_001, 90_000), 64, 1]) {
      const [one, two] = [dice.freshWord(), dice.freshWord()]
      // The first millisecond of 1970 is a time like any other.
      const atMs = keepMs < 100 ? 0 : someTime(dice)
      const at = (...moments: number[]) => moments.map((ms) => ({ id: one, timestamp: atMs + ms }))
      await scene(keepMs, at(0, keepMs), 'late')
      await scene(keepMs, at(0, keepMs - 1), 'late')
      // Duplicates just before the end: the id is forgotten all the same.
      await scene(keepMs, at(0, Math.floor(keepMs / 2), keepMs - 1, keepMs), 'prolonged')
      // The time is that of another record: a late one does not turn it back, and another id moves it on.
      if (keepMs < 10) continue
      const late = Math.floor(keepMs / 2)
      const mixed = [
        { id: one, timestamp: atMs + late },
        { id: two, timestamp: atMs + late + keepMs },
        { id: one, timestamp: atMs + late + keepMs - 1 },
        { id: two, timestamp: atMs + 2 * late + keepMs - 1 },
      ]
      await scene(keepMs, mixed, 'lateRecord')
      // An id that comes late has less time left than the one before it.
      const behind = [
        { id: two, timestamp: atMs + late },
        { id: one, timestamp: atMs },
        { id: one, timestamp: atMs + keepMs },
      ]
      await scene(keepMs, behind, 'behind')
    }
    const keepMs = dice.freshInt(300, 5_000)
    await scene(keepMs, someRecords(dice, keepMs, dice.freshWords(6), 150), 'late')
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
    ask(t, memory, records)
    const kept = keptIds(keepMs, records.slice(-200))
    const max = 200 + kept.reduce((sum, id) => sum + 40 + 2 * id.length, 0)
    const size = (await memory.saved()).length
    t.check(size <= max, 'large', { size, max, count: records.length, kept: kept.length })
    // And when one record comes long afterwards, it is the only one that is left.
    const last = { id: word, timestamp: atMs + 100 * keepMs }
    ask(t, memory, [last])
    const sizeThen = (await memory.saved()).length
    const maxThen = 240 + 2 * last.id.length
    t.check(sizeThen <= maxThen, 'large', {
      size: sizeThen,
      max: maxThen,
      count: records.length + 1,
      kept: 1,
    })
  },

  sequences: async (t, subject) => {
    const { dice } = t
    const [one] = dice.freshWords(1) as [string]
    const epoch = dice.freshInt(1_002, 9_000)
    type Says = Words<Numbered, 'dup' | 'fresh' | 'restarted' | 'zombie' | 'gap' | 'inGap'>['says']
    /** Pairs of an epoch, counted from the first one, and a sequence. */
    const scene = async (pairs: readonly (readonly [more: number, sequence: number])[], says: Says) => {
      const numbers = pairs.map(([more, sequence]) => ({ producer: one, epoch: epoch + more, sequence }))
      const memory = await subject.rememberSequences(null)
      compare(t, memory, numbers, newSequences(numbers), { name: numberName, says })
    }
    const restarted = [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
    ] as const
    await scene(restarted, (at, answer) => (at === 3 && !answer ? 'restarted' : dupOrFresh(at, answer)))
    const widest = [
      [0, 2 ** 31 - 2],
      [1, 0],
      [1, 1_999_999_999],
      [1, 2 ** 31 - 1],
      [2, 1_000],
      [2, 1_000],
      [32_767 - epoch, 7],
    ] as const
    const begins = new Set([1, 4, 6])
    await scene(widest, (at, answer) =>
      answer ? 'dup' : at === 0 ? 'fresh' : begins.has(at) ? 'restarted' : 'gap',
    )
    const zombie = [
      [0, 0],
      [0, 4],
      [1, 0],
      [0, 5],
    ] as const
    await scene(zombie, (at, answer) => (at === 3 ? 'zombie' : at === 1 ? 'gap' : dupOrFresh(at, answer)))
    const gaps = [
      [0, 3],
      [0, 7],
      [0, 5],
      [0, 8],
      [0, 2_000],
    ] as const
    await scene(gaps, (at, answer) => (at === 2 ? 'inGap' : at === 3 ? dupOrFresh(at, answer) : 'gap'))
    const names = hardTexts(dice)
    const numbers = [
      ...names.map((producer) => ({ producer, epoch: 0, sequence: 0 })),
      ...someNumbers(dice, names.slice(0, 6), 120).map((numbered) => ({
        ...numbered,
        epoch: numbered.epoch + 1,
      })),
    ]
    const words = { name: numberName, says: dupOrFresh } as const
    compare(t, await subject.rememberSequences(null), numbers, newSequences(numbers), words)
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      producer: one,
      epoch: Math.floor(i / 100),
      sequence: i % 100,
    }))
    const memory = await subject.rememberSequences(null)
    compare(
      t,
      memory,
      many,
      many.map(() => true),
      words,
    )
    const size = (await memory.saved()).length
    const max = 60 + 2 * one.length
    t.check(size <= max, 'large', { size, max, count: many.length })
  },

  saved: async (t, subject) => {
    const { dice } = t
    const places = somePlaces(dice, dice.shuffle([0, 1, 3, 12]), dice.freshInt(8, 400))
    const makeOffsets = (saved: string | null) => subject.rememberOffsets(saved)
    await halves(t, 'rememberOffsets', makeOffsets, places, newOffsets(places), placeName)

    const keepMs = dice.freshInt(1_000, 60_000)
    const texts = hardTexts(dice).slice(0, -1)
    const records = someRecords(dice, keepMs, [...dice.freshWords(4), ...texts], 120)
    const makeIds = (saved: string | null) => subject.rememberIds(keepMs, saved)
    const [one, two] = dice.freshWords(2) as [string, string]
    const atMs = someTime(dice)
    const inTwo = async (
      before: readonly Identified[],
      after: readonly Identified[],
      says: Words<Identified, 'dup' | 'window' | 'time'>['says'],
    ) => {
      const wanted = newIds(keepMs, [...before, ...after])
      const words = { name: idName, facts: { name: 'rememberIds', keepMs } }
      const first = await makeIds(null)
      compare(t, first, before, wanted.slice(0, before.length), { ...words, says: dupOrFresh })
      const second = await makeIds(await first.saved())
      compare(t, second, after, wanted.slice(before.length), { ...words, says })
    }
    // Each id is saved with a time of its own: one is forgotten before the other.
    const pair = [
      { id: one, timestamp: atMs },
      { id: two, timestamp: atMs + Math.floor(keepMs / 2) },
    ]
    const later = [one, two].map((id) => ({ id, timestamp: atMs + keepMs }))
    await inTwo(pair, later, (_at, answer) => (answer ? 'dup' : 'window'))
    // An id that came late is forgotten before one that came earlier.
    const behind = [
      { id: two, timestamp: atMs + Math.floor(keepMs / 2) },
      { id: one, timestamp: atMs },
    ]
    await inTwo(behind, [{ id: one, timestamp: atMs + keepMs }], () => 'window')
    // The time is saved too: a late record finds it where it was.
    const past = [
      { id: one, timestamp: atMs },
      { id: two, timestamp: atMs + keepMs - 1 },
      { id: two, timestamp: atMs + keepMs },
    ]
    await inTwo(past, [{ id: one, timestamp: atMs + keepMs - 1 }], () => 'time')
    await halves(t, 'rememberIds', makeIds, records, newIds(keepMs, records), idName)

    const numbers = someNumbers(dice, [...dice.freshWords(2), ...texts.slice(0, 5)], 120)
    const makeSequences = (saved: string | null) => subject.rememberSequences(saved)
    await halves(t, 'rememberSequences', makeSequences, numbers, newSequences(numbers), numberName)
  },

  apart: async (t, subject) => {
    const { dice } = t
    /** Two memories are asked about the same new records in turn. */
    const inTurn = async <Asked>(
      name: keyof Once,
      make: () => Promise<Memory<Asked>>,
      records: readonly Asked[],
    ) => {
      const [one, two] = [await make(), await make()]
      const answers = t.tools.each(
        [one.isNew, two.isNew],
        records.flatMap((record) => [[record], [record]] as [Asked][]),
      )
      const known = records.findIndex((_, i) => answers[2 * i] === false)
      t.check(known === -1, 'known', { name, record: show(records[known]) })
      const shared = records.findIndex((_, i) => answers[2 * i + 1] === false)
      t.check(shared === -1, 'shared', { name, record: show(records[shared]) })
    }
    const words = dice.freshWords(5)
    const atMs = someTime(dice)
    const keepMs = dice.freshInt(1_000, 9_000)
    const partition = dice.freshInt(2_000, 9_000)
    await inTurn(
      'rememberOffsets',
      () => subject.rememberOffsets(null),
      words.map((_, i) => ({ partition, offset: i })),
    )
    await inTurn(
      'rememberIds',
      () => subject.rememberIds(keepMs, null),
      words.map((id, i) => ({ id, timestamp: atMs + i })),
    )
    await inTurn(
      'rememberSequences',
      () => subject.rememberSequences(null),
      words.map((producer, i) => ({ producer, epoch: 2, sequence: i })),
    )
  },
}
