/** Lab 01, reading: topics with known content, one reader at a time, and what a reader must return. */

import type { Dice } from '../engine/dice.ts'
import type { Surroundings } from '../engine/lab.ts'
import { columns, compareTable } from '../engine/picture.ts'
import { show } from '../engine/show.ts'
import type { Trial } from '../engine/trial.ts'
import { KafkaBench } from '../engine/wire/bench.ts'

export interface Filling {
  readonly partitions: number
  readonly records: readonly { partition: number; offset: number; key: string | null; value: string }[]
  /** The partition with the most records. */
  readonly longest: number
}

/** Partitions of different lengths, one of them empty, one with more than ten records; some keys are null, one is empty. */
export function unevenFilling(dice: Dice, partitions: number): Filling {
  const lengths = dice.shuffle([0, 13, 4, 6, 3, 5, 7].slice(0, partitions))
  const records = lengths.flatMap((length, partition) =>
    Array.from({ length }, (_, offset) => {
      const key = offset % 3 === 0 ? null : offset === 2 ? '' : dice.freshWord()
      return { partition, offset, key, value: dice.freshForeignWord() }
    }),
  )
  return { partitions, records, longest: lengths.indexOf(13) }
}

/** Makes a topic and writes the records, in several requests. Gives the topic's name. */
export async function fillTopic(kafka: KafkaBench, dice: Dice, filling: Filling): Promise<string> {
  const topic = await kafka.topic(dice.freshWord(), filling.partitions)
  const half = Math.ceil(filling.records.length / 2)
  for (const part of [filling.records.slice(0, half), filling.records.slice(half)]) {
    await kafka.fill(
      topic,
      part.map(({ partition, key, value }) => ({ partition, key, value })),
    )
  }
  return topic
}

/** `partition:offset` of a place, or undefined when it is none. */
export function placeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { partition, offset } = value as { partition?: unknown; offset?: unknown }
  return partition === undefined || offset === undefined
    ? undefined
    : `${String(partition)}:${String(offset)}`
}

/**
 * A broker for each reading check, if it may be ours: two readers with the same group id would share the
 * partitions, and a check would fail for another's reason. On a cluster that was given they queue instead, and
 * the clock of one that waits for its turn does not run.
 */
export class ReadingRooms {
  readonly #surroundings: Surroundings
  readonly #shared: KafkaBench
  readonly #opened: KafkaBench[] = []
  #last: Promise<unknown> = Promise.resolve()

  constructor(surroundings: Surroundings, shared: KafkaBench) {
    this.#surroundings = surroundings
    this.#shared = shared
  }

  /** Runs a check in a room of its own. */
  async use(t: Pick<Trial<string>, 'isQueued'>, read: (kafka: KafkaBench) => Promise<void>): Promise<void> {
    t.isQueued = true
    if (this.#shared.ours) {
      const kafka = await KafkaBench.open({ ...this.#surroundings, isRehearsed: false }, { brokers: 1 })
      this.#opened.push(kafka)
      t.isQueued = false
      return read(kafka)
    }
    const turn = this.#last.then(() => {
      t.isQueued = false
      return read(this.#shared)
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((kafka) => kafka.close()))
  }
}

/** The records (or only their places) that were returned are these, each partition's in its order; between partitions any order will do. */
export function readCheck(
  t: Trial<'differs'>,
  got: unknown,
  wanted: Filling['records'],
  what: 'records' | 'places' = 'records',
): void {
  const line = (record: unknown) => {
    const { partition, offset, key, value } = (record ?? {}) as Record<string, unknown>
    return { at: `${String(partition)}:${String(offset)}`, rest: `${show(key)}: ${show(value)}` }
  }
  const found = new Map((got as unknown[]).map((record) => [line(record).at, line(record).rest]))
  const rows = wanted.map((record) => ({
    left: [line(record).at],
    expected: line(record).rest,
    got: found.get(line(record).at) ?? '—',
  }))
  const extra = (got as unknown[]).length - rows.filter((row) => row.got !== '—').length
  const holds =
    rows.every((row) => (what === 'places' ? row.got !== '—' : row.got === row.expected)) && extra === 0
  const facts = { got: (got as unknown[]).length, wanted: wanted.length }
  t.check(holds, 'differs', facts, () =>
    compareTable(rows, [
      {
        en: `${columns.partition.en}:${columns.offset.en}`,
        ru: `${columns.partition.ru}:${columns.offset.ru}`,
      },
    ]),
  )
}
