/** What the figure of a consumer and its worker have in common; the worker alone loads the broker. */

export type ReadingAction = 'send' | 'poll' | 'handle' | 'commit' | 'crash' | 'start'

/** How things are after an action. All numbers are offsets, but for the counts in `handled`. */
export interface Reading {
  /** What the next record will get: so many records are there. */
  end: number
  /** What the consumer will ask for next; null: it does not run. */
  position: number | null
  /** What the broker keeps for the group; null: nothing yet. */
  committed: number | null
  /** Given by the last poll, and not handled yet. */
  inHand: number[]
  /** By offset: how often the handler has had it. */
  handled: number[]
  /** What the last action did. */
  last: ReadingAction | null
}

/** When a program commits: after it has handled what a poll gave, or before. */
export type Order = 'after' | 'before'

/** What such a program does next, or null when there is nothing to read. */
export function nextStep(order: Order, reading: Reading): ReadingAction | null {
  const { position, committed, inHand, end } = reading
  if (position === null) return 'start'
  const mustCommit = position > (committed ?? 0)
  if (order === 'before' && mustCommit) return 'commit'
  if (inHand.length > 0) return 'handle'
  if (mustCommit) return 'commit'
  return position < end ? 'poll' : null
}

/** Offsets that the group will never handle, and those that it has handled more than once. */
export function harm({ handled, inHand, position, committed }: Reading): {
  lost: number[]
  repeated: number[]
} {
  const next = position ?? committed ?? 0
  const offsets = handled.map((_, offset) => offset)
  return {
    lost: offsets.filter((offset) => offset < next && handled[offset] === 0 && !inHand.includes(offset)),
    repeated: offsets.filter((offset) => handled[offset]! > 1),
  }
}
