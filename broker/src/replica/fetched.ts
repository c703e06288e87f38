/**
 * What a Fetch requests from one partition, and the result.
 */
import type { Chunk } from '../core.ts'
import type { Int64 } from '../wire/int64.ts'

/** One partition of a Fetch request. `topic` is undefined if the topic id is unknown. */
export interface FetchTarget {
  readonly topic: string | undefined
  readonly topicId: string
  readonly index: number
  readonly fetchOffset: Int64
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly bytesMax: number
  /** The log start offset of the follower that fetches. */
  readonly logStartOffset?: Int64
}

export interface FetchedPartition {
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly records: Chunk
  readonly abortedTransactions: readonly { producerId: Int64; firstOffset: number }[] | null
  /** Where the logs of the client and of this node diverge (KIP-595); undefined if they do not. */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
}
