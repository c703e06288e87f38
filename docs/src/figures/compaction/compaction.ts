/** What the figure of compaction and its worker have in common. */

export const PRICE_KEYS = ['tea', 'milk', 'bread', 'salt', 'rice'] as const
export type PriceKey = (typeof PRICE_KEYS)[number]

/** `set`: records with this key and the next prices; `delete`: a tombstone; `wait`: minutes pass, in which the cleaner looks. */
export type CompactionAction =
  | { type: 'set'; key: PriceKey; times: number }
  | { type: 'delete'; key: PriceKey }
  | { type: 'wait'; minutes: number }

/** delete.retention.ms of the figure. */
export const DELETE_RETENTION_MINUTES = 10
/** How many records fit into a segment of the figure. */
export const PRICES_A_SEGMENT = 4

export interface PriceRecord {
  offset: number
  key: string
  /** Null: a tombstone. */
  value: string | null
}

export interface CompactionView {
  /** What lies on the disk, oldest first; the last segment is active. */
  segments: { baseOffset: number; records: PriceRecord[]; part: 'clean' | 'dirty' | 'active' }[]
  end: number
  /** Everything below has been compacted. */
  firstDirty: number
  /** The dirty share of the bytes that a pass would read; null: there is nothing dirty. */
  dirtyShare: number | null
  /** What a program has that reads from the log start to the end: the last value of each key, without those that are null. */
  table: [key: string, value: string][]
  last: CompactionAction | null
  /** Offsets whose records the last action has removed. */
  removed: number[]
}
