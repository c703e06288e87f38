/**
 * What is asked of the transaction coordinator, and how it answers: settings, identities, and which partitions.
 */
import type { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { NO_EPOCH, NO_PRODUCER_ID, type TransactionState } from './transaction-state.ts'

export interface TransactionConfig {
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number
  /** transaction.abort.timed.out.transaction.cleanup.interval.ms */
  readonly abortTimedOutIntervalMs: number
  /** transaction.remove.expired.transaction.cleanup.interval.ms */
  readonly removeExpiredIntervalMs: number
  /** transactional.id.expiration.ms, as it is now. */
  expirationMs(): number
  /** The finalized level of the feature transaction.version: 2 when epochs rise with every transaction (KIP-890). */
  transactionVersion(): number
}

export interface ProducerIdentity {
  readonly producerId: Int64
  readonly producerEpoch: number
}
/** NONE with the producer's id and epoch, or an error with nobody's. */
export type InitDone = (error: ErrorCode, producer: ProducerIdentity) => void

export interface PartitionsRequest extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: readonly { readonly topic: string; readonly index: number }[]
}

/** Nobody's identity: what an error is answered with. */
export const NOBODY: ProducerIdentity = { producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH }

/** Under which a partition stands in a transaction. */
export function keyOf({ topic, index }: { topic: string; index: number }): string {
  return `${topic}-${index}`
}

/** A transactional id in memory: its state in the log, and whether a change of it waits for the log. */
export interface Entry {
  state: TransactionState
  pending: boolean
  /** When the transaction that is open was opened (monotonic ms); says nothing while none is. */
  openedMs: number
}
