/** Lab 01, reading: topics with known content, one reader at a time, and what a reader must return. */
import type { KafkaBench } from '../engine/bench.ts'
import type { Dice } from '../engine/dice.ts'
import { columns, compareTable } from '../engine/picture.ts'
import { show, type Trial } from '../engine/trial.ts'
import type { LearnerClient } from './learner-client.ts'

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

type ReadCase = 'shape' | 'silent' | 'differs'

/**
 * One reader at a time: two calls with the same group id would share the partitions, and a test would fail
 * for another test's reason. A reader that does not finish is given up; the ones after it get less patience.
 */
export class ReadingRoom {
  readonly #patienceMsMax: number
  #patienceMs: number
  #last: Promise<unknown> = Promise.resolve()
  constructor(patienceMs: number) {
    this.#patienceMsMax = patienceMs
    this.#patienceMs = patienceMs
  }

  /** Runs the reader when the room is free, then looks at what it returned. */
  async read(
    t: Pick<Trial<'silent'>, 'check' | 'isQueued'>,
    client: LearnerClient,
    reader: () => Promise<unknown>,
    look: (got: unknown) => void,
  ): Promise<void> {
    const silent = Symbol('silent')
    t.isQueued = true
    const turn = this.#last.then(async () => {
      t.isQueued = false
      let timer: NodeJS.Timeout | undefined
      const patience = new Promise((resolve) => {
        timer = setTimeout(() => resolve(silent), this.#patienceMs)
      })
      const got = await Promise.race([reader(), patience]).finally(() => clearTimeout(timer))
      const seconds = this.#patienceMs / 1_000
      if (got === silent) {
        this.#patienceMs = this.#patienceMsMax * 0.4
        client.abandon()
      }
      return { got, seconds }
    })
    this.#last = turn.catch(() => {})
    const { got, seconds } = await turn
    t.check(got !== silent, 'silent', { seconds })
    look(got)
  }
}

/** The records (or only their places) that were returned are these, each partition's in its order; between partitions any order will do. */
export function readCheck(
  t: Trial<ReadCase>,
  got: unknown,
  wanted: Filling['records'],
  what: 'records' | 'places' = 'records',
): void {
  t.check(Array.isArray(got), 'shape', { got: show(got) })
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
