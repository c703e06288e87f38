/**
 * What a coordinator is given by the broker that it lives in.
 *
 * Group and transaction coordinators keep their state in a partition of an internal topic
 * (`__consumer_offsets`, `__transaction_state`): whoever leads the partition is the coordinator of all that
 * hashes to it. State is changed by appending records; who takes the partition over reads it from the
 * beginning. A coordinator is hence a state machine over a log, and needs little from outside.
 *
 * - `append` writes all records as one batch, or none
 * - `done` is called once: with NONE when the batch is committed (below the high watermark), else with the error
 * COORDINATOR-HOST-3  after an append that failed the coordinator's state is as if it had not been tried
 */
import type { Core } from '../core.ts'
import type { Turns } from '../turns.ts'
import type { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import type { Expressions } from './expressions.ts'

/** A record of an internal topic; a null value deletes the key (compaction). */
export interface CoordinatorRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/** For offsets that are committed within a transaction: the batch carries its producer. */
export interface TransactionalBatch {
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** A batch met while a coordinator reads its partition back. */
export type ReplayedBatch =
  | {
      readonly kind: 'records'
      readonly producer?: TransactionalBatch
      /** One after the other, once: a batch that a client has written may hold millions. */
      readonly records: Iterable<CoordinatorRecord>
      readonly timestamp: number
    }
  | {
      readonly kind: 'end of transaction'
      readonly producer: TransactionalBatch
      readonly committed: boolean
    }

export interface CoordinatorHost {
  readonly core: Core
  readonly nodeId: number
  /** For work that may take long. */
  readonly turns: Turns
  /** For subscriptions by regular expression (KIP-848). */
  readonly expressions: Expressions
  /** Partitions of a topic by the newest metadata; undefined when there is no such topic. */
  partitionCount(topic: string): number | undefined
  /** By partition the racks of its replicas, those that have one. */
  partitionRacks?(topic: string): readonly (readonly string[])[]
  topicId(topic: string): string | undefined
  topicName(topicId: string): string | undefined
  /** All topics' names, for regular expressions (KIP-848). */
  topicNames(): readonly string[]
  /** What is set for a group itself (resource GROUP), by key; undefined when nothing is. */
  groupSettings?(groupId: string): ReadonlyMap<string, string> | undefined
  append(
    topic: string,
    partition: number,
    records: readonly CoordinatorRecord[],
    transaction: TransactionalBatch | undefined,
    done: (error: ErrorCode) => void,
  ): void
  /** Reads a partition of an internal topic from its beginning to its end, batch after batch. */
  replay(topic: string, partition: number, visit: (batch: ReplayedBatch) => void): void
}
