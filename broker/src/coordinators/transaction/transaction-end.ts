/**
 * EndTxn: may this transaction be ended, and is this the first time that we are asked?
 *
 * The answer to EndTxn can get lost, so a producer asks again. With the first protocol the state alone tells: a commit
 * of what is committed is fine. With the second the epoch tells too, since it rose with the first call: who still
 * names the epoch before asks again (KIP-890).
 *
 *   state            commit                   abort                      second protocol, abort
 *   Ongoing          PrepareCommit            PrepareAbort               PrepareAbort
 *   CompleteCommit   NONE                     INVALID_TXN_STATE          an empty abort, but for a retry
 *   CompleteAbort    INVALID_TXN_STATE        NONE                       an empty abort; a retry is NONE
 *   PrepareCommit    CONCURRENT_TRANSACTIONS  INVALID_TXN_STATE          INVALID_TXN_STATE
 *   PrepareAbort     INVALID_TXN_STATE        CONCURRENT_TRANSACTIONS    CONCURRENT_TRANSACTIONS
 *   Empty            INVALID_TXN_STATE        INVALID_TXN_STATE          an empty abort
 *
 * (Second protocol, CompleteCommit and commit: NONE for a retry only.) An empty abort happens when a client aborts
 * before anything was written: nothing is marked, but the epoch must rise as the client expects.
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { isEpochExhausted, type TransactionState } from './transaction-state.ts'

export interface TransactionEnd {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly commit: boolean
  /** 2 for EndTxn v5 and up: the second protocol. */
  readonly clientVersion: number
}

export type EndDecision = { readonly prepare: true } | { readonly error: ErrorCode }

const PREPARE: EndDecision = { prepare: true }
const refuse = (error: ErrorCode): EndDecision => ({ error })

/** Decides (Kafka: TransactionCoordinator.endTransaction). `NONE` as error means: done already. */
export function decideEnd(state: TransactionState, end: TransactionEnd): EndDecision {
  const second = end.clientVersion >= 2
  const overflowed = second && isRetryAfterOverflow(state, end)
  const bumped = second && isRetryAfterBump(state, end)
  if (end.producerId !== state.producerId && !overflowed) return refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
  if (end.producerEpoch !== state.producerEpoch && !bumped && !overflowed)
    return refuse(ErrorCode.PRODUCER_FENCED)
  return second ? decideSecond(state, end.commit, bumped || overflowed) : decideFirst(state, end.commit)
}

function decideFirst({ name }: TransactionState, commit: boolean): EndDecision {
  if (name === 'Ongoing') return PREPARE
  if (name === (commit ? 'CompleteCommit' : 'CompleteAbort')) return refuse(ErrorCode.NONE)
  if (name === (commit ? 'PrepareCommit' : 'PrepareAbort')) return refuse(ErrorCode.CONCURRENT_TRANSACTIONS)
  return refuse(ErrorCode.INVALID_TXN_STATE)
}

function decideSecond({ name }: TransactionState, commit: boolean, retry: boolean): EndDecision {
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
