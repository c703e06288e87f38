/**
 * The services that the broker provides to its coordinators.
 *
 * Group and transaction coordinators keep their state in the partitions of an internal topic (`__consumer_offsets`,
 * `__transaction_state`): the leader of a partition coordinates all groups or transactional ids that hash to it. A
 * coordinator changes its state by appending records; a new leader replays the partition from its beginning. So a
 * coordinator is a state machine over a log, and needs little else.
 *
 * - `append` writes all records as one batch, or none, and returns at once
 * - `whenCommitted` waits until the high watermark has passed the batch: then no change of leader can take it away
 *
 * How a coordinator uses them: runtime/coordinator-context.ts.
 *
 * COORDINATOR-HOST-3  after an append that failed the coordinator's state is as if it had not been tried
 */
import type { Core } from '../core.ts'
import type { Steps, Turns } from '../turns.ts'
import type { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import type { Expressions } from './expressions.ts'

/** A record of an internal topic; a null value is a tombstone (compaction). */
export interface CoordinatorRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/** The producer in the batch of offsets that are committed in a transaction. */
export interface TransactionalBatch {
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** What a coordinator reads from its partition, in the order of the log. */
export type ReplayedEntry =
  | {
      readonly kind: 'record'
      readonly record: CoordinatorRecord
      /** The producer, if the record belongs to a transaction. */
      readonly producer?: TransactionalBatch | undefined
    }
  | {
      readonly kind: 'end of transaction'
      readonly producer: TransactionalBatch
      readonly committed: boolean
    }

/** The result of an append: NONE and the offset behind the last record, or the error for the client. */
export interface Appended {
  readonly error: ErrorCode
  /** -1 with an error. */
  readonly endOffset: number
}

export interface CoordinatorHost {
  readonly core: Core
  readonly nodeId: number
  /** Runs long work in slices. */
  readonly turns: Turns
  /** For subscriptions by regular expression (KIP-848). */
  readonly expressions: Expressions
  /** The number of partitions of a topic in the newest metadata; undefined if the topic does not exist. */
  partitionCount(topic: string): number | undefined
  /** For each partition the racks of its replicas; replicas without a rack are left out. */
  partitionRacks?(topic: string): readonly (readonly string[])[]
  topicId(topic: string): string | undefined
  topicName(topicId: string): string | undefined
  /** All topics' names, for regular expressions (KIP-848). */
  topicNames(): readonly string[]
  /** The group's own configs (resource GROUP), by key; undefined if it has none. */
  groupSettings?(groupId: string): ReadonlyMap<string, string> | undefined
  append(
    topic: string,
    partition: number,
    records: readonly CoordinatorRecord[],
    transaction: TransactionalBatch | undefined,
  ): Appended
  /**
   * Calls `done` once: with NONE when all records below `offset` are committed (at once if they are), with the error for the
   * client when this node leads the partition no longer, or after `timeoutMs`. Returns a function that stops the waiting.
   */
  whenCommitted(
    topic: string,
    partition: number,
    offset: number,
    timeoutMs: number,
    done: (error: ErrorCode) => void,
  ): () => void
  /**
   * Reads a partition of an internal topic from its beginning to its end, in turns: a batch may hold millions of records.
   * An error that `visit` throws gets the position in the file. Returns the log end offset.
   */
  replay(topic: string, partition: number, visit: (entry: ReplayedEntry) => void): Steps<number>
}
