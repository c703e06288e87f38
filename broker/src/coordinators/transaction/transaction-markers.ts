/**
 * Transaction markers: how the partitions learn whether a transaction was committed or aborted.
 *
 * A marker is a control batch with one record, COMMIT or ABORT, with the producer's id and epoch. It occupies an offset
 * like a record, and advances the last stable offset of the partition. Offsets that were committed in the transaction
 * become valid once the marker is in their partition of `__consumer_offsets`.
 *
 * MARKERS-1  every partition of the transaction gets its marker; failures are retried without limit. A marker that is
 *     written twice is harmless
 * MARKERS-2  `done` is called once all partitions have it
 * MARKERS-3  after `cancel` no marker is written and `done` is not called: the next coordinator finds the decision in the
 *     log
 *
 * (TransactionMarkerChannelManager)
 */
import type { Timer, Timers } from '../../core.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { TransactionState } from './transaction-state.ts'

export interface TransactionMarker {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly commit: boolean
  /** The leader epoch of the coordinator's partition: an older coordinator's marker is refused. */
  readonly coordinatorEpoch: number
  readonly transactionVersion: number
}

/** A partition that gets a marker. */
interface Marked {
  readonly topic: string
  readonly index: number
}

/** Handle on the markers that are being written. */
export interface Marking {
  /** Stops writing (MARKERS-3). Idempotent; may be called after all markers are written. */
  cancel(): void
}

/** Writes a marker to a partition, on whichever node leads it. */
export type WriteMarker = (
  partition: Marked,
  marker: TransactionMarker,
  done: (error: ErrorCode) => void,
) => void

const RETRY_MS = 100
/** Results after which a partition needs no marker: written, or the partition no longer exists. */
const FINAL: readonly number[] = [
  ErrorCode.NONE,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
]

/** Writes the markers of a prepared transaction to all its partitions. Returns a handle to cancel it (MARKERS-3). */
export function writeMarkers(
  state: TransactionState,
  coordinatorEpoch: number,
  write: WriteMarker,
  timers: Timers,
  done: () => void,
): Marking {
  const marker: TransactionMarker = {
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    commit: state.name === 'PrepareCommit',
    coordinatorEpoch,
    transactionVersion: state.clientVersion,
  }
  let left = state.partitions.size
  let cancelled = false
  const retries = new Set<Timer>()
  const attempt = (partition: Marked): void =>
    write(partition, marker, (error) => {
      if (cancelled) return
      if (!FINAL.includes(error)) return retry(partition)
      left--
      if (left === 0) done()
    })
  const retry = (partition: Marked): void => {
    const timer = timers.set(RETRY_MS, () => {
      retries.delete(timer)
      attempt(partition)
    })
    retries.add(timer)
  }
  if (left === 0) done()
  for (const partition of state.partitions.values()) attempt(partition)
  return {
    cancel: () => {
      cancelled = true
      for (const timer of retries) timer.cancel()
    },
  }
}
