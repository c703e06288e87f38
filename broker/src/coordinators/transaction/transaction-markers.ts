/**
 * Markers: how partitions learn what became of a transaction.
 *
 * A marker is a control batch of one record, COMMIT or ABORT, with the producer's id and epoch. It takes an offset
 * like any record, and moves the partition's last stable offset on. Offsets that were committed within the
 * transaction count from the moment when the marker is in their partition of `__consumer_offsets`.
 *
 * K1  every partition of the transaction gets its marker, however often it takes: a marker written twice does no harm
 * K2  `done` is called when all have it
 */
import type { Timers } from '../../core.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { TransactionState } from './transaction-state.ts'

export interface TransactionMarker {
  readonly producerId: number
  readonly producerEpoch: number
  readonly commit: boolean
  /** The leader epoch of the coordinator's partition: an older coordinator's marker is refused. */
  readonly coordinatorEpoch: number
  readonly transactionVersion: number
}

/** Writes a marker to a partition, wherever its leader is. */
export type WriteMarker = (
  partition: { readonly topic: string; readonly index: number },
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

/** Writes the markers of a prepared transaction to all its partitions. */
export function writeMarkers(
  state: TransactionState,
  coordinatorEpoch: number,
  write: WriteMarker,
  timers: Timers,
  done: () => void,
): void {
  const marker: TransactionMarker = {
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    commit: state.name === 'PrepareCommit',
    coordinatorEpoch,
    transactionVersion: state.clientVersion,
  }
  let left = state.partitions.size
  if (left === 0) return done()
  for (const partition of state.partitions.values()) {
    const attempt = (): void =>
      write(partition, marker, (error) => {
        if (!GONE.includes(error)) return void timers.set(RETRY_MS, attempt)
        left--
        if (left === 0) done()
      })
    attempt()
  }
}
