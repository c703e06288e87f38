/**
 * EndTxn: may this transaction be ended, and is the request a retry?
 *
 * The response to EndTxn can get lost, so a producer may retry. With version 1 only the state shows this: a commit of a
 * committed transaction succeeds. With version 2 (KIP-890) the epoch shows it, too, as the first EndTxn has isBumpRetry it: a
 * request with the previous epoch is a retry.
 *
 *   state            commit                   abort                      abort with version 2
 *   Ongoing          PrepareCommit            PrepareAbort               PrepareAbort
 *   CompleteCommit   NONE                     INVALID_TXN_STATE          an empty abort; INVALID_TXN_STATE for a retry
 *   CompleteAbort    INVALID_TXN_STATE        NONE                       an empty abort; NONE for a retry
 *   PrepareCommit    CONCURRENT_TRANSACTIONS  INVALID_TXN_STATE          INVALID_TXN_STATE
 *   PrepareAbort     INVALID_TXN_STATE        CONCURRENT_TRANSACTIONS    CONCURRENT_TRANSACTIONS
 *   Empty            INVALID_TXN_STATE        INVALID_TXN_STATE          an empty abort
 *
 * With version 2 a commit in state CompleteCommit is NONE only for a retry. An empty abort happens when a client aborts
 * before it has written anything: no partition gets a marker, but the epoch must be isBumpRetry as the client expects.
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { isEpochExhausted, type TransactionState } from './transaction-state.ts'

export interface TransactionEnd {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly commit: boolean
  /** The transaction version: 2 for EndTxn v5 and up. */
  readonly clientVersion: number
}

export type EndDecision = { readonly prepare: true } | { readonly error: ErrorCode }

const PREPARE: EndDecision = { prepare: true }
const refuse = (error: ErrorCode): EndDecision => ({ error })

/** Decides what EndTxn does (Kafka: TransactionCoordinator.endTransaction). The error NONE means: already done. */
export function decideEnd(state: TransactionState, end: TransactionEnd): EndDecision {
  const isVersion2 = end.clientVersion >= 2
  const isOverflowRetry = isVersion2 && isRetryAfterOverflow(state, end)
  const isBumpRetry = isVersion2 && isRetryAfterBump(state, end)
  if (end.producerId !== state.producerId && !isOverflowRetry)
    return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
  if (end.producerEpoch !== state.producerEpoch && !isBumpRetry && !isOverflowRetry)
    return refuse(ErrorCode.PRODUCER_FENCED)
  return isVersion2
    ? decideVersion2(state, end.commit, isBumpRetry || isOverflowRetry)
    : decideVersion1(state, end.commit)
}

function decideVersion1({ name }: TransactionState, commit: boolean): EndDecision {
  if (name === 'Ongoing') return PREPARE
  if (name === (commit ? 'CompleteCommit' : 'CompleteAbort')) return refuse(ErrorCode.NONE)
  if (name === (commit ? 'PrepareCommit' : 'PrepareAbort')) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS)
  return refuse(ErrorCode.INVALID_TXN_STATE)
}

function decideVersion2({ name }: TransactionState, commit: boolean, retry: boolean): EndDecision {
  if (name === 'Ongoing') return retry ? refuse(ErrorCode.PRODUCER_FENCED) : PREPARE
  if (name === (commit ? 'PrepareCommit' : 'PrepareAbort')) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS)
  if (retry && name === (commit ? 'CompleteCommit' : 'CompleteAbort')) return refuse(ErrorCode.NONE)
  const mayBeEmpty = name === 'Empty' || name === 'CompleteCommit' || name === 'CompleteAbort'
  return !commit && !retry && mayBeEmpty ? PREPARE : refuse(ErrorCode.INVALID_TXN_STATE)
}

function isRetryAfterBump(state: TransactionState, end: TransactionEnd): boolean {
  return (
    end.producerId === state.producerId &&
    end.producerEpoch + 1 === state.producerEpoch &&
    state.clientVersion >= 2
  )
}

function isRetryAfterOverflow(state: TransactionState, end: TransactionEnd): boolean {
  return (
    end.producerId === state.previousProducerId &&
    isEpochExhausted(end.producerEpoch) &&
    state.producerEpoch === 0
  )
}
