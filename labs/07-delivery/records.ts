/** Lab 07: topics with known content. */
import type { Dice } from '../engine/dice.ts'
import { hardPairs, type Pair } from '../engine/texts.ts'
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import type { Place } from './history.ts'

export interface Known extends Place, Pair {}

/** As many records in each partition as `lengths` says, from offset 0 on. */
function recordsFor(t: Trial<string>, lengths: readonly number[]): Known[] {
  return lengths.flatMap((length, partition) =>
    Array.from({ length }, (_, offset) => ({
      partition,
      offset,
      key: offset % 3 === 0 ? null : t.dice.freshWord(),
      value: t.dice.freshWord(),
    })),
  )
}

/** Makes a topic with so many records in each partition; each partition's come to the learner in one batch. */
export async function topicOf(
  t: Trial<string>,
  bench: KafkaBench,
  lengths: readonly number[],
): Promise<{ topic: string; records: Known[] }> {
  const topic = await bench.topic(t.dice.freshWord(), lengths.length)
  const records = recordsFor(t, lengths)
  await bench.fill(
    topic,
    records.map(({ partition, key, value }) => ({ partition, key, value })),
  )
  return { topic, records }
}

/** Keys and values that lose something if one is not careful, the longest that the page allows among them; no key, with and without a value. */
export function hardRecords(dice: Dice): Pair[] {
  return hardPairs(dice, { key: 1_000, value: 100_000 }, [
    { key: null, value: dice.freshWord() },
    { key: null, value: '' },
  ])
}
