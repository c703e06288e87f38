/**
 * Errors of transactions, in the words that a client's version knows.
 *
 * PRODUCER_FENCED came with Kafka 2.7 (KIP-588). Before it a fenced producer was told INVALID_PRODUCER_EPOCH, and a
 * client that speaks an old version of an API would not know the newer error. TRANSACTION_ABORTABLE came with 4.0
 * (KIP-890): "this transaction can't be saved, abort it and go on". Before it, INVALID_TXN_STATE killed the producer.
 */
import { ErrorCode } from '../../wire/errors.ts'

/** The error as a client of this version knows it. */
export function fencedError(error: ErrorCode, namesFencing: boolean): ErrorCode {
  return error === ErrorCode.PRODUCER_FENCED && !namesFencing ? ErrorCode.INVALID_PRODUCER_EPOCH : error
}

/** For a client that does not know TRANSACTION_ABORTABLE. */
export function withoutAbortable(error: ErrorCode): ErrorCode {
  return error === ErrorCode.TRANSACTION_ABORTABLE ? ErrorCode.INVALID_TXN_STATE : error
}

/**
 * What a leader that asked the coordinator says to the one who writes: fencing by the name that stands for a partition
 * (Kafka: AddPartitionsToTxnManager). `knowsAbortable`: the client's version has TRANSACTION_ABORTABLE.
 */
export function verificationError(error: ErrorCode, knowsAbortable: boolean): ErrorCode {
  if (error === ErrorCode.PRODUCER_FENCED) return ErrorCode.INVALID_PRODUCER_EPOCH
  return knowsAbortable ? error : withoutAbortable(error)
}
