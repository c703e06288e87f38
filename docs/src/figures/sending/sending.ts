/** What the figures of a producer and their worker have in common; the worker alone loads the broker. */

/** How records come, and how the producer gathers them. */
export interface Gathering {
  lingerMs: number
  recordsPerSecond: number
  valueBytes: number
  /** batch.size */
  batchBytes: number
}

export interface SentBatch {
  /** When its first record came, and when it was sent: ms. */
  fromMs: number
  sentMs: number
  records: number
  /** On the wire and on disk. */
  bytes: number
}

/** One partition, one second. */
export interface Gathered {
  batches: SentBatch[]
  /** Mean time that a record waits in the producer, ms. */
  waitMs: number
  bytesPerRecord: number
}

/** `lose`: the record is sent, and the broker's answer gets lost. */
export type RetryAction = 'send' | 'lose' | 'retry'

export interface Retried {
  /** The log: which message each record holds, counted from 1. */
  log: number[]
  /** The message whose answer has not come; null: all are answered. */
  unanswered: number | null
  /** The offset in the last answer that came; null: none came. */
  answer: number | null
}
