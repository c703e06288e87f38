/**
 * Loops over the items of a request, with pauses so that other clients are served.
 *
 *   for (const item of items) …                 blocks the thread until all items are done
 *   yield* forEachInTurns(turns, items, …)      a few ms at a time
 *
 * The clock is read before each item: this takes 50 ns, while an item takes from a microsecond to some milliseconds.
 *
 * IN-TURNS-1  items are handled in order, each without a pause inside
 */

import type { PlainSteps } from '../shared-steps.ts'
import { finish, type Steps } from '../turns.ts'
import type { Pace } from '../wire/codec-steps.ts'
import type { RequestContext } from './api.ts'

/** A pace without pauses, for loops that are known to be short. */
export const ALL_AT_ONCE: Pace = { isOver: false }

/** The result of steps that ran with ALL_AT_ONCE. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  return steps.next().value as Result
}

/** Runs `steps`, then `done`: in one call with ALL_AT_ONCE, otherwise in turns, as `context.inTurns` does. */
export function doSteps<Result>(
  pace: Pace,
  context: Pick<RequestContext, 'inTurns'>,
  steps: Steps<Result>,
  done: (result: Result) => void,
  options?: { readonly goesOn: boolean },
): void {
  if (pace === ALL_AT_ONCE) done(finish(steps))
  else context.inTurns(steps, done, options)
}

/** Calls `work` for each of `items`. */
export function* forEachInTurns<Item>(
  pace: Pace,
  items: Iterable<Item>,
  work: (item: Item, at: number) => void,
): PlainSteps<void> {
  let at = 0
  for (const item of items) {
    if (pace.isOver) yield
    work(item, at++)
  }
}

/** The results of `work` for each of `items`. */
export function* mapInTurns<Item, Result>(
  pace: Pace,
  items: Iterable<Item>,
  work: (item: Item, at: number) => Result,
): PlainSteps<Result[]> {
  const results: Result[] = []
  yield* forEachInTurns(pace, items, (item, at) => results.push(work(item, at)))
  return results
}

/** Those of `items` for which `isWanted` is true. */
export function* filterInTurns<Item>(
  pace: Pace,
  items: Iterable<Item>,
  isWanted: (item: Item) => boolean,
): PlainSteps<Item[]> {
  const wanted: Item[] = []
  yield* forEachInTurns(pace, items, (item) => {
    if (isWanted(item)) wanted.push(item)
  })
  return wanted
}

/** `items` without duplicates, in the order of first occurrence. */
export function* distinctInTurns<Item>(pace: Pace, items: Iterable<Item>): PlainSteps<Item[]> {
  const distinct = new Set<Item>()
  yield* forEachInTurns(pace, items, (item) => distinct.add(item))
  return [...distinct]
}

/** `items` grouped by `keyOf`, both in their order. */
export function* groupInTurns<Item, Key>(
  pace: Pace,
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): PlainSteps<Map<Key, Item[]>> {
  const groups = new Map<Key, Item[]>()
  yield* forEachInTurns(pace, items, (item) => {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  })
  return groups
}

/** A topic with partitions: the form of most requests. */
interface WithPartitions<Partition> {
  readonly partitions: readonly Partition[]
}
type PartitionOf<Topic> = Topic extends WithPartitions<infer Partition> ? Partition : never

/** Calls `work` for each partition of `topics`. */
export function* forEachPartition<Topic extends WithPartitions<unknown>>(
  pace: Pace,
  topics: Iterable<Topic>,
  work: (partition: PartitionOf<Topic>, topic: Topic) => void,
): PlainSteps<void> {
  for (const topic of topics) {
    if (pace.isOver) yield
    yield* forEachInTurns(pace, topic.partitions, (each) => work(each as PartitionOf<Topic>, topic))
  }
}

/** Builds a response's topics: `work` returns the result of a partition, `answer` the entry of a topic. */
export function* mapPartitions<Topic extends WithPartitions<unknown>, Result, Answer>(
  pace: Pace,
  topics: Iterable<Topic>,
  work: (partition: PartitionOf<Topic>, topic: Topic) => Result,
  answer: (topic: Topic, results: Result[]) => Answer,
): PlainSteps<Answer[]> {
  const answers: Answer[] = []
  for (const topic of topics) {
    if (pace.isOver) yield
    const results = yield* mapInTurns(pace, topic.partitions, (each) =>
      work(each as PartitionOf<Topic>, topic),
    )
    answers.push(answer(topic, results))
  }
  return answers
}

/** How many items are sorted without a pause. */
const SORTED_AT_ONCE = 1000

/** `items`, sorted as texts: short runs are sorted, and merged two by two. */
export function* sortInTurns(pace: Pace, items: readonly string[]): PlainSteps<string[]> {
  let runs: string[][] = []
  for (let from = 0; from < items.length; from += SORTED_AT_ONCE) {
    if (pace.isOver) yield
    runs.push(items.slice(from, from + SORTED_AT_ONCE).sort())
  }
  while (runs.length > 1) {
    const merged: string[][] = []
    for (let i = 0; i < runs.length; i += 2)
      merged.push(yield* mergeInTurns(pace, runs[i]!, runs[i + 1] ?? []))
    runs = merged
  }
  return runs[0] ?? []
}

function* mergeInTurns(pace: Pace, left: readonly string[], right: readonly string[]): PlainSteps<string[]> {
  const merged: string[] = []
  let [atLeft, atRight] = [0, 0]
  while (atLeft < left.length || atRight < right.length) {
    if (merged.length % SORTED_AT_ONCE === 0 && pace.isOver) yield
    const isLeft = atRight === right.length || (atLeft < left.length && left[atLeft]! <= right[atRight]!)
    merged.push(isLeft ? left[atLeft++]! : right[atRight++]!)
  }
  return merged
}
