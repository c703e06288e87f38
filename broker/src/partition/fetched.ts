/**
 * What a Fetch asks of a partition, and what comes of it.
 */
import type { Chunk } from '../core.ts'
import type { Int64 } from '../wire/int64.ts'

/** One partition of the request. `topic` is undefined when the client's topic id is unknown here. */
export interface FetchTarget {
  readonly topic: string | undefined
  readonly topicId: string
  readonly index: number
  readonly fetchOffset: Int64
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly bytesMax: number
}

export interface FetchedPartition {
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly records: Chunk
  readonly abortedTransactions: readonly { producerId: Int64; firstOffset: number }[] | null
  /** Where the client's history and ours part (KIP-595); undefined while they agree. */
  readonly divergingEpoch?: { readonly epoch: number; readonly endOffset: number }
}
