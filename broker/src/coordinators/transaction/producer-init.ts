/**
 * InitProducerId for a transactional id: which id and epoch does this producer get, and who is fenced by it?
 *
 * A producer calls it once when it starts. It then names no epoch, and always gets a new one: whoever had the id
 * before is fenced. A producer that goes on after an error names the epoch that it has (KIP-360):
 *
 *   the current one       the next epoch; nobody else has come in between
 *   the one before        a retry of a call that succeeded: the same answer again
 *   anything else         PRODUCER_FENCED
 *
 * A transaction that is still open is aborted first, and the producer told to come again (CONCURRENT_TRANSACTIONS).
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import {
  isEpochExhausted,
  isPrepared,
  NO_EPOCH,
  NO_PRODUCER_ID,
  type TransactionState,
  withNewProducerId,
  withNextEpoch,
} from './transaction-state.ts'

export interface ProducerInit {
  readonly timeoutMs: number
  /** What the producer says it has; -1 when it begins. */
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** What is to be done: log a new state, abort what is open first, or refuse. */
export type InitDecision =
  | { readonly next: TransactionState }
  | { readonly abortFirst: true }
  | { readonly error: ErrorCode }

/** Decides (Kafka: TransactionCoordinator.prepareInitProducerIdTransit). `newProducerId` is asked for only when needed. */
export function decideInit(
  state: TransactionState,
  init: ProducerInit,
  newProducerId: () => Int64,
  nowMs: number,
): InitDecision {
  if (!isKnownProducer(state, init)) return { error: ErrorCode.PRODUCER_FENCED }
  if (isPrepared(state)) return { error: ErrorCode.CONCURRENT_TRANSACTIONS }
  if (state.name === 'Ongoing') return { abortFirst: true }
  const named = init.producerEpoch !== NO_EPOCH
  if (isEpochExhausted(state.producerEpoch) && (!named || init.producerEpoch === state.producerEpoch)) {
    const lastEpoch = named ? state.producerEpoch : NO_EPOCH
    return { next: withNewProducerId(state, newProducerId(), lastEpoch, init.timeoutMs, nowMs) }
  }
  const epochs = nextEpochs(state, init.producerEpoch)
  if (!epochs) return { error: ErrorCode.PRODUCER_FENCED }
  return { next: withNextEpoch(state, epochs.epoch, epochs.lastEpoch, init.timeoutMs, nowMs) }
}

function isKnownProducer(state: TransactionState, { producerId, producerEpoch }: ProducerInit): boolean {
  return (
    producerId === NO_PRODUCER_ID ||
    state.producerEpoch === NO_EPOCH ||
    producerId === state.producerId ||
    (producerId === state.previousProducerId && isEpochExhausted(producerEpoch))
  )
}

function nextEpochs(
  state: TransactionState,
  namedEpoch: number,
): { epoch: number; lastEpoch: number } | undefined {
  const next = state.producerEpoch + 1
  if (namedEpoch === NO_EPOCH) return { epoch: next, lastEpoch: NO_EPOCH }
  if (state.producerEpoch === NO_EPOCH || namedEpoch === state.producerEpoch) {
    return { epoch: next, lastEpoch: state.producerEpoch }
  }
  if (namedEpoch === state.lastProducerEpoch)
    return { epoch: state.producerEpoch, lastEpoch: state.lastProducerEpoch }
  return undefined
}
