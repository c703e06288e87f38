/**
 * PRODUCER_FENCED came with Kafka 2.7 (KIP-588). Before it a fenced producer was told INVALID_PRODUCER_EPOCH, and a
 * client that speaks an old version of an API would not know the newer error.
 */
import { ErrorCode } from '../wire/errors.ts'

/** The error as a client of this version knows it. */
export function fencedError(error: ErrorCode, namesFencing: boolean): ErrorCode {
  return error === ErrorCode.PRODUCER_FENCED && !namesFencing ? ErrorCode.INVALID_PRODUCER_EPOCH : error
}
