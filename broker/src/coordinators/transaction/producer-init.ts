/**
 * InitProducerId for a transactional id: which id and epoch does the producer get, and which producer is fenced?
 *
 * A producer sends it once at its start, without an epoch, and always gets a new epoch: the previous producer of the id is
 * fenced. A producer that continues after an error sends its epoch (KIP-360):
 *
 *   the current epoch     it gets the next one; no other producer has used the id meanwhile
 *   the previous epoch    a retry of a request that succeeded: the same response again
 *   any other epoch       PRODUCER_FENCED
 *
 * If a transaction is still open, it is aborted first, and the producer gets CONCURRENT_TRANSACTIONS and retries.
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
  /** The id and epoch that the producer has; -1 at its start. */
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** The decision: append a new state, abort the open transaction first, or refuse. */
export type InitDecision =
  | { readonly next: TransactionState }
  | { readonly abortFirst: true }
  | { readonly error: ErrorCode }

/** Decides (Kafka: TransactionCoordinator.prepareInitProducerIdTransit). `newProducerId` is called only if needed. */
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
