/**
 * Lab 13: two outputs of `kafka-consumer-groups --describe`, made of rows, and which partitions are stuck in them. A twist is
 * what somebody believes instead.
 *
 * STUCK-MODEL-1  no consumer and lag: nobody; a consumer, lag in both and the same committed offset: stands still
 */
import { groupTable } from '../engine/tools/group-tables.ts'
import type { Stuck } from './subject.ts'

export interface Row {
  readonly topic: string
  readonly partition: number
  /** Undefined: nothing is committed. */
  readonly committed: bigint | undefined
  readonly end: bigint
  /** Undefined: no consumer has the partition. */
  readonly member: string | undefined
}

/** A partition in both outputs; where it is not in the first, `before` is left out. */
export interface Seen {
  readonly topic: string
  readonly partition: number
  readonly before?: Omit<Row, 'topic' | 'partition'>
  readonly after: Omit<Row, 'topic' | 'partition'>
}

export interface Question {
  readonly group: string
  readonly clientId: string
  /** In the order of the rows. */
  readonly seen: readonly Seen[]
  readonly before: string
  readonly after: string
}

export type Twist =
  | 'slow'
  | 'idle'
  | 'justNow'
  | 'noWork'
  | 'dash'
  | 'onlyBefore'
  | 'glued'
  | 'rounded'
  | 'sortedAsText'

export function questionOf(group: string, seen: readonly Seen[], clientId: string): Question {
  const rows = (which: 'before' | 'after') =>
    seen.flatMap(({ topic, partition, [which]: row }) =>
      row === undefined ? [] : [{ ...row, topic, partition }],
    )
  return {
    group,
    clientId,
    seen,
    before: printed(group, rows('before'), clientId),
    after: printed(group, rows('after'), clientId),
  }
}

/** As the tool prints it: an empty line, the names of the columns, a line for each partition. */
function printed(group: string, rows: readonly Row[], clientId: string): string {
  const table = groupTable(
    rows.map(({ topic, partition, committed, end, member }) => ({
      group,
      topic,
      partition,
      committed,
      end,
      ...(member !== undefined && { member: { memberId: member, host: '/10.0.0.7', clientId } }),
    })),
  )
  return `\n${table.join('\n')}\n`
}

const hasLag = ({ committed, end }: Omit<Row, 'topic' | 'partition'>, twist?: Twist) =>
  committed === undefined ? twist !== 'dash' && end > 0n : end > committed

/** What is stuck (STUCK-MODEL-1), sorted. */
export function stuckIn({ seen }: Question, twist?: Twist): Stuck[] {
  const found = seen.flatMap((one): Stuck[] => {
    const why = whyOf(one, twist === 'glued' ? gluedBefore(seen, one) : one.before, twist)
    return why === undefined ? [] : [{ topic: one.topic, partition: one.partition, why }]
  })
  return found.sort((a, b) => {
    if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
    if (twist === 'sortedAsText') return String(a.partition) < String(b.partition) ? -1 : 1
    return a.partition - b.partition
  })
}

function whyOf({ after }: Seen, before: Seen['before'], twist?: Twist): Stuck['why'] | undefined {
  if (before === undefined && twist === 'onlyBefore') return undefined
  if (after.member === undefined) return hasLag(after, twist) || twist === 'noWork' ? 'nobody' : undefined
  if (before === undefined) return undefined
  const isSame =
    twist === 'rounded'
      ? Number(before.committed ?? -1) === Number(after.committed ?? -1)
      : before.committed === after.committed
  const [lagBefore, lagAfter] = [hasLag(before, twist), hasLag(after, twist)]
  if (twist === 'idle') return isSame ? 'stands still' : undefined
  if (twist === 'slow') return lagBefore && lagAfter ? 'stands still' : undefined
  if (twist === 'justNow') return isSame && lagAfter ? 'stands still' : undefined
  return isSame && lagBefore && lagAfter ? 'stands still' : undefined
}

/** The row of the first output that is found under topic and partition written one after the other: the last of several. */
function gluedBefore(seen: readonly Seen[], { topic, partition }: Seen): Seen['before'] {
  const name = `${topic}${partition}`
  return seen.findLast((one) => one.before !== undefined && `${one.topic}${one.partition}` === name)?.before
}
