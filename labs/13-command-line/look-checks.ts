/** The checks of `look`: the line is run, and what it has printed is read. */
import type { Dice } from '../engine/dice.ts'
import { compareTable } from '../engine/picture.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Checks, Place } from './subject.ts'
import { pictureOfRun, type Ran, run } from './terminal.ts'
import { mustSucceed } from './together.ts'

type LookId = 'look-prints' | 'look-fewer' | 'look-traceless'

interface Filled {
  readonly topic: string
  readonly partitions: number
  /** Of each partition. */
  readonly end: number
  /** What is printed of a record. */
  readonly lineOf: (partition: number, offset: number) => string
}

/** A topic with so many records in each partition; some have no key, some no value. */
async function filledTopic(dice: Dice, bench: KafkaBench, end: number): Promise<Filled> {
  const partitions = dice.int(3, 5)
  const topic = await bench.topic(dice.freshWord(), partitions)
  const records = Array.from({ length: partitions * end }, (_, i) => {
    const offset = Math.floor(i / partitions)
    return {
      partition: i % partitions,
      key: offset % 4 === 1 ? null : dice.freshWord(),
      value: offset % 4 === 2 ? null : `${dice.freshWord()} ${dice.freshForeignWord()}`,
    }
  })
  await bench.fill(topic, records)
  const lineOf = (partition: number, offset: number) => {
    const { key, value } = records[offset * partitions + partition] ?? { key: '', value: '' }
    return `Partition:${partition}\tOffset:${offset}\t${key ?? 'null'}\t${value ?? 'null'}`
  }
  return { topic, partitions, end, lineOf }
}

function mustPrint(
  t: Trial<'failed' | 'noEnd' | 'nothing' | 'tooMany' | 'form' | 'differs'>,
  { lineOf }: Filled,
  { partition, offset, count }: Place,
  ran: Ran,
): void {
  mustSucceed(t, [ran])
  const { out, line } = ran
  const wanted = Array.from({ length: count }, (_, i) => lineOf(partition, offset + i))
  const facts = { line, count, got: out.length, offset, partition }
  const picture = () =>
    compareTable(
      Array.from({ length: Math.max(wanted.length, out.length) }, (_, i) => ({
        left: [String(i + 1)],
        expected: (wanted[i] ?? '').replaceAll('\t', ' ⇥ '),
        got: (out[i] ?? '').replaceAll('\t', ' ⇥ '),
      })),
      [{ en: 'line no.', ru: 'строка №' }],
    )
  const valueIn = (text: string) => text.slice(text.lastIndexOf('\t') + 1)
  t.check(out.length > 0, 'nothing', facts, () => pictureOfRun([ran]))
  const isLonger = out.length > count && wanted.every((text, i) => text === out[i])
  t.check(!isLonger, 'tooMany', facts, picture)
  const isSame = out.length === count && wanted.every((text, i) => text === out[i])
  const hasValues =
    out.length === count && wanted.every((text, i) => out[i]?.endsWith(valueIn(text)) === true)
  t.check(isSame || !hasValues, 'form', facts, picture)
  t.check(isSame, 'differs', facts, picture)
}

export const lookChecks: Checks<LookId> = {
  'look-prints': async (t, subject, bench) => {
    const { dice } = t
    const filled = await filledTopic(dice, bench, 24)
    const { topic, partitions } = filled
    // One of them begins at the start, one ends at the end.
    const places = [
      [dice.int(1, partitions - 1), dice.int(3, 9), dice.int(5, 9)],
      [0, 0, dice.int(4, 8)],
      [partitions - 1, 17, 7],
    ].map(([partition = 0, offset = 0, count = 0]): Place => ({ topic, partition, offset, count }))
    const lines = places.map((place) => subject.look(place))
    const ran = await Promise.all(lines.map((line) => run(bench, line, [topic])))
    for (const [i, one] of ran.entries()) mustPrint(t, filled, places[i] as Place, one)
  },

  'look-fewer': async (t, subject, bench) => {
    const { dice } = t
    const { topic, partitions, end } = await filledTopic(dice, bench, dice.int(8, 14))
    const left = [dice.int(2, 5), 0]
    const places = left.map((count): Place => {
      const partition = dice.int(1, partitions - 1)
      return { topic, partition, offset: end - count, count: count + dice.int(20, 90) }
    })
    const lines = places.map((place) => subject.look(place))
    const ran = await Promise.all(lines.map((line) => run(bench, line, [topic])))
    mustSucceed(t, ran)
    for (const [i, { out, line }] of ran.entries()) {
      const facts = { line, wanted: left[i] ?? 0, got: out.length }
      t.check(out.length === left[i], 'differs', facts, () => pictureOfRun(ran))
    }
  },

  'look-traceless': async (t, subject, bench) => {
    const { dice } = t
    const { topic, partitions } = await filledTopic(dice, bench, dice.int(8, 14))
    const groups = async () => (await run(bench, 'kafka-consumer-groups --list', [])).out
    const before = await groups()
    const place = { topic, partition: dice.int(1, partitions - 1), offset: dice.int(2, 4), count: 3 }
    const ran = await run(bench, subject.look(place), [topic])
    mustSucceed(t, [ran])
    // On a cluster that was given, others have groups of their own.
    const left = (await groups()).filter(
      (group) => !before.includes(group) && (bench.ours || group.includes(topic)),
    )
    t.check(left.length === 0, 'trace', { line: ran.line, group: left.join(', ') }, () => pictureOfRun([ran]))
  },
}
