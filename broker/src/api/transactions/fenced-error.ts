/**
 * Translates transaction errors for the version that a client uses.
 *
 * PRODUCER_FENCED was added in Kafka 2.7 (KIP-588). Before, a fenced producer got INVALID_PRODUCER_EPOCH, and a client
 * that uses an old version of an API does not know the new error. TRANSACTION_ABORTABLE was added in 4.0 (KIP-890): the
 * producer must abort the transaction, and may continue. Before, INVALID_TXN_STATE was fatal for the producer.
 */
import { ErrorCode } from '../../wire/errors.ts'

/** The error that a client of this version knows. */
export function fencedError(error: ErrorCode, namesFencing: boolean): ErrorCode {
  return error === ErrorCode.PRODUCER_FENCED && !namesFencing ? ErrorCode.INVALID_PRODUCER_EPOCH : error
}

/** The error for a client that does not know TRANSACTION_ABORTABLE. */
export function withoutAbortable(error: ErrorCode): ErrorCode {
  return error === ErrorCode.TRANSACTION_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error
}

/**
 * The error that a leader returns to the producer after asking the coordinator: with a partition's name for fencing
 * (Kafka: AddPartitionsToTxnManager). `knowsAbortable`: the client's version has TRANSACTION_ABORTABLE.
 */
export function verificationError(error: ErrorCode, knowsAbortable: boolean): ErrorCode {
  if (error === ErrorCode.PRODUCER_FENCED) return ErrorCode.INVALID_PRODUCER_EPOCH
  return knowsAbortable ? error : withoutAbortable(error)
}
