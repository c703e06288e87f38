/**
 * Markers: how partitions learn what became of a transaction.
 *
 * A marker is a control batch of one record, COMMIT or ABORT, with the producer's id and epoch. It takes an offset
 * like any record, and moves the partition's last stable offset on. Offsets that were committed within the
 * transaction count from the moment when the marker is in their partition of `__consumer_offsets`.
 *
 * MARKERS-1  every partition of the transaction gets its marker, however often it takes: a marker written twice does no
 *     harm
 * MARKERS-2  `done` is called when all have it
 * MARKERS-3  after `cancel` nothing is written and `done` is not called: the next coordinator finds the decision in the
 *     log
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

/** The writing of a transaction's markers, while it goes on. */
export interface Marking {
  /** Ends it (MARKERS-3); idempotent, and may be called when all is written. */
  cancel(): void
}

/** Writes a marker to a partition, wherever its leader is. */
export type WriteMarker = (
  partition: Marked,
  marker: TransactionMarker,
  done: (error: ErrorCode) => void,
) => void

const RETRY_MS = 100
/** The partition is no more: there is nothing to mark. */
const GONE: readonly number[] = [
  ErrorCode.NONE,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
]

/** Writes the markers of a prepared transaction to all its partitions; what is given back ends that (MARKERS-3). */
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
      if (!GONE.includes(error)) return retry(partition)
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
