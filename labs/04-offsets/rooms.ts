/** Lab 04: a topic and a group that has come so far in it, and one call of `resume` there. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { Handled, type Known, recordsFor, topicOf } from './records.ts'
import { isInTime, limit, type Offsets } from './subject.ts'

/** A partition as a check begins: how many records it holds, and what the group has committed there. */
export interface Begun {
  readonly length: number
  readonly committed?: number
}

export interface Room {
  readonly topic: string
  readonly group: string
  /** What is in the topic, processed or not. */
  readonly all: readonly Known[]
  /** What the group has not processed. */
  readonly due: readonly Known[]
  /** The partitions that hold records and in which nothing is committed. */
  readonly fresh: readonly number[]
}

/** A topic with these partitions, a group that has committed so, and the records that it has not processed. */
export async function begin(t: Trial<string>, kafka: KafkaBench, begun: readonly Begun[]): Promise<Room> {
  const all = recordsFor(
    t.dice,
    begun.map(({ length }) => length),
  )
  const topic = await topicOf(kafka, t.dice, begun.length, all)
  const group = await groupAt(t, kafka, topic, begun)
  return { topic, group, all, due: dueOf(all, begun), fresh: freshIn(begun) }
}

/** A group that has committed in a topic as `begun` says. Gives its id. */
export async function groupAt(
  t: Trial<string>,
  kafka: KafkaBench,
  topic: string,
  begun: readonly Begun[],
): Promise<string> {
  const group = kafka.topicName(t.dice.freshWord())
  const bookmarks: Record<number, number> = {}
  for (const [partition, { committed }] of begun.entries())
    if (committed !== undefined) bookmarks[partition] = committed
  if (Object.keys(bookmarks).length > 0) await kafka.setCommitted(group, topic, bookmarks)
  return group
}

export const dueOf = (all: readonly Known[], begun: readonly Begun[]) =>
  all.filter(({ partition, offset }) => offset >= (begun[partition]?.committed ?? 0))

export const freshIn = (begun: readonly Begun[]) =>
  begun.flatMap(({ length, committed }, partition) =>
    length > 0 && committed === undefined ? [partition] : [],
  )

/** Runs one call of resume to its end, or to the page's limit. */
export async function resumed(
  t: Trial<'silent'>,
  subject: Offsets,
  client: Parameters<Offsets['resume']>[0],
  room: Pick<Room, 'group' | 'topic' | 'due'>,
  handled = new Handled(),
): Promise<{ readonly handled: Handled; readonly count: number }> {
  const call = subject.resume(client, room.group, room.topic, handled.handle)
  const isDone = await isInTime(call)
  t.check(isDone, 'silent', { ...limit, got: handled.records.length, wanted: room.due.length })
  return { handled, count: await call }
}
