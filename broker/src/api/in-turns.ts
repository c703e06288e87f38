/**
 * Going through what a request names, with pauses where others may be served.
 *
 *   for (const item of items) …                 holds up everybody for as long as there are items
 *   yield* forEachInTurns(turns, items, …)      a few ms at a time
 *
 * The clock is asked before each item: that costs 50 ns, and items cost a microsecond to some milliseconds.
 *
 * IN-TURNS-1  items are done in their order, each without a pause within it
 */

import { finish, type Steps } from '../turns.ts'
import type { Pace } from '../wire/codec-steps.ts'
import type { RequestContext } from './api.ts'

/** For what is known to be short: without a pause. */
export const ALL_AT_ONCE: Pace = { isOver: false }

/** The result of steps that were given ALL_AT_ONCE. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  return steps.next().value as Result
}

/** Does `steps`, then `done`: in one go with ALL_AT_ONCE, otherwise in turns, as `context.inTurns` does. */
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

/** Does `work` with each of `items`. */
export function* forEachInTurns<Item>(
  pace: Pace,
  items: Iterable<Item>,
  work: (item: Item, at: number) => void,
): Steps<void> {
  let at = 0
  for (const item of items) {
    if (pace.isOver) yield
    work(item, at++)
  }
}

/** What `work` gives for each of `items`. */
export function* mapInTurns<Item, Result>(
  pace: Pace,
  items: Iterable<Item>,
  work: (item: Item, at: number) => Result,
): Steps<Result[]> {
  const results: Result[] = []
  yield* forEachInTurns(pace, items, (item, at) => results.push(work(item, at)))
  return results
}

/** Those of `items` that `isWanted`. */
export function* filterInTurns<Item>(
  pace: Pace,
  items: Iterable<Item>,
  isWanted: (item: Item) => boolean,
): Steps<Item[]> {
  const wanted: Item[] = []
  yield* forEachInTurns(pace, items, (item) => {
    if (isWanted(item)) wanted.push(item)
  })
  return wanted
}

/** Those of `items` that differ, each in its first place. */
export function* distinctInTurns<Item>(pace: Pace, items: Iterable<Item>): Steps<Item[]> {
  const distinct = new Set<Item>()
  yield* forEachInTurns(pace, items, (item) => distinct.add(item))
  return [...distinct]
}

/** `items` by what `keyOf` gives for each, both in their order. */
export function* groupInTurns<Item, Key>(
  pace: Pace,
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): Steps<Map<Key, Item[]>> {
  const groups = new Map<Key, Item[]>()
  yield* forEachInTurns(pace, items, (item) => {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  })
  return groups
}

/** A topic with partitions: the shape of most requests. */
interface WithPartitions<Partition> {
  readonly partitions: readonly Partition[]
}
type PartitionOf<Topic> = Topic extends WithPartitions<infer Partition> ? Partition : never

/** Goes through the partitions of topics. */
export function* forEachPartition<Topic extends WithPartitions<unknown>>(
  pace: Pace,
  topics: Iterable<Topic>,
  work: (partition: PartitionOf<Topic>, topic: Topic) => void,
): Steps<void> {
  for (const topic of topics) {
    if (pace.isOver) yield
    yield* forEachInTurns(pace, topic.partitions, (each) => work(each as PartitionOf<Topic>, topic))
  }
}

/** The answers for topics: `work` gives a partition's, `answer` puts those of a topic together. */
export function* mapPartitions<Topic extends WithPartitions<unknown>, Result, Answer>(
  pace: Pace,
  topics: Iterable<Topic>,
  work: (partition: PartitionOf<Topic>, topic: Topic) => Result,
  answer: (topic: Topic, results: Result[]) => Answer,
): Steps<Answer[]> {
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
