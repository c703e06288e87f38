/**
 * Lab 13: the command line. Its page says all that is judged: `npm start`, then Labs, "The command line".
 * Fill in the four functions and save; `npm run lab` checks at each save.
 */

/** What a topic is to be like, and what `--describe` has shown of it. */
export interface Agreement {
  topic: string
  partitions: number
  retentionMs: number
  policy: 'delete' | 'compact' | 'compact,delete'
  /** Null: there is no such topic. Configs are those that were set for it, by Kafka's names; defaults are not among them. */
  existing: { partitions: number; configs: Record<string, string> } | null
}

/** Records to be looked at. */
export interface Place {
  topic: string
  partition: number
  /** One of the partition's offsets, or its end. */
  offset: number
  count: number
}

/** Where a group is to begin again. */
export interface Rewind {
  group: string
  topic: string
  partitions: number[]
  /** Ms since 1970. */
  time: number
}

export interface Stuck {
  topic: string
  partition: number
  why: 'nobody' | 'stands still'
}

/** The lines after which the topic is as agreed. */
export function topicAsAgreed(agreement: Agreement): string[] {
  throw new Error(`not implemented: topicAsAgreed (${agreement.topic})`)
}

/** The line that prints these records and leaves no trace. */
export function look(place: Place): string {
  throw new Error(`not implemented: look (${place.topic})`)
}

/** The lines after which the group begins at `time` in these partitions. */
export function rewind(where: Rewind): string[] {
  throw new Error(`not implemented: rewind (${where.group})`)
}

/** The partitions that nothing moves on in, from two outputs of `kafka-consumer-groups --describe`. */
export function stuck(before: string, after: string): Stuck[] {
  throw new Error(`not implemented: stuck (${before.length}, ${after.length})`)
}
