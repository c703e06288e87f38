/**
 * What a partition knows of one producer, and whether the producer's next batch may be appended. (KIP-98)
 *
 * A producer that got no response retries. So that no record is stored twice, each batch carries producer id, epoch and
 * the sequence number of its first record. The partition keeps the last five batches of each producer (a client has at
 * most five requests in flight), and accepts only the next sequence number.
 *
 *     known batches           incoming          result
 *     seq 0-2  offset 10-12   seq 3-4           next: append
 *     seq 3-4  offset 13-14   seq 3-4           duplicate: success, with offsets 13-14 again
 *                             seq 6-9           OUT_OF_ORDER_SEQUENCE_NUMBER: 5 is missing
 *                             epoch - 1         INVALID_PRODUCER_EPOCH: a newer instance has taken over
 *                             epoch + 1, seq 0  next: the producer started again
 *     unknown producer        seq 1234          append: retention deleted its batches (KIP-360); but not if the batch
 *                                               begins a transaction of version 2 (KIP-890)
 *
 * PRODUCER-STATE-1  a batch equal to a known one is a duplicate; this is checked first
 * PRODUCER-STATE-2  sequence numbers go 0 .. 2^31 - 1, then 0 again
 * PRODUCER-STATE-3  batches of coordinators have no sequence numbers; batches from a leader are not checked, only
 *     their epochs are stored
 * PRODUCER-STATE-4  a producer of an older epoch is refused here, before the coordinator is asked about its transaction
 */
import { type BatchHeader, lastSequenceOf, NO_PRODUCER_EPOCH, NO_SEQUENCE } from '../../record/batch.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { KnownTransaction, ProducerDescription } from '../log.ts'

/** As many as a client may have in flight (max.in.flight.requests.per.connection with idempotence). */
export const BATCHES_KEPT = 5
const SEQUENCE_MAX = 0x7fff_ffff

/** An appended batch. */
export interface KnownBatch {
  readonly lastSequence: number
  readonly lastOffset: number
  /** Last minus first, of both sequence numbers and offsets. */
  readonly offsetDelta: number
  readonly timestamp: Int64
}

/** Changed only by the functions of this file and by ProducerStateManager. */
export interface ProducerState {
  readonly producerId: Int64
  producerEpoch: number
  coordinatorEpoch: number
  /** Milliseconds: when it last wrote. An idle producer is removed. */
  lastTimestamp: Int64
  /** -1: no transaction is open. */
  currentTxnFirstOffset: number
  batches: KnownBatch[]
}

export function emptyProducerState(producerId: Int64): ProducerState {
  return {
    producerId,
    producerEpoch: NO_PRODUCER_EPOCH,
    coordinatorEpoch: -1,
    lastTimestamp: -1,
    currentTxnFirstOffset: -1,
    batches: [],
  }
}

export function lastSequence(state: ProducerState): number {
  return state.batches.at(-1)?.lastSequence ?? NO_SEQUENCE
}

/** The state as DescribeProducers returns it. */
export function describeProducer(state: ProducerState): ProducerDescription {
  return {
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    lastSequence: lastSequence(state),
    lastTimestamp: state.lastTimestamp,
    coordinatorEpoch: state.coordinatorEpoch,
    currentTxnStartOffset: state.currentTxnFirstOffset,
  }
}

/** PRODUCER-STATE-4: whether the producer's transaction is open in this epoch, or the epoch is outdated. */
export function knownTransaction(state: ProducerState, producerEpoch: number): KnownTransaction {
  if (producerEpoch < state.producerEpoch) return 'of a later epoch'
  return state.currentTxnFirstOffset >= 0 && state.producerEpoch === producerEpoch ? 'open' : 'not open'
}

// #region duplicate
/** PRODUCER-STATE-1: the known batch that this one repeats. */
export function findDuplicate(state: ProducerState, header: BatchHeader): KnownBatch | undefined {
  if (header.producerEpoch !== state.producerEpoch) return undefined
  const last = lastSequenceOf(header)
  return state.batches.find(
    (batch) => batch.lastSequence === last && firstSequenceOf(batch) === header.baseSequence,
  )
}
// #endregion duplicate

function firstSequenceOf(batch: KnownBatch): number {
  return (batch.lastSequence - batch.offsetDelta) & SEQUENCE_MAX
}

/** Checks whether a client's or coordinator's batch of records may be appended. Throws KafkaError; `name` is `topic-partition`. */
export function checkDataBatch(
  state: ProducerState,
  header: BatchHeader,
  options: {
    origin: 'client' | 'coordinator' | 'raft'
    transactional: boolean
    transactionVersion: number
    /** See tentative-sequences.ts. */
    lowestSequence: number | undefined
    name: string
  },
): void {
  const { producerId, producerEpoch } = header
  if (producerEpoch < state.producerEpoch) {
    throw new KafkaError(
      ErrorCode.INVALID_PRODUCER_EPOCH,
      `Epoch of producer ${producerId} in ${options.name} is ${producerEpoch}, which is smaller than the last seen epoch ${state.producerEpoch}`,
    )
  }
  if (options.origin === 'client') {
    const begins = options.transactional && state.currentTxnFirstOffset < 0
    if (begins && options.transactionVersion >= 2) checkFirstSequence(state, header, options.name)
    checkLowest(header, options)
    checkSequence(state, header, options.name)
  }
  if (state.currentTxnFirstOffset >= 0 && !options.transactional) {
    throw new KafkaError(
      ErrorCode.INVALID_TXN_STATE,
      `Expected transactional write from producer ${producerId}`,
    )
  }
}

/**
 * KIP-890: in transaction version 2, each transaction begins with a new epoch, and a partition keeps every producer that may
 * still write to it. So an unknown producer must begin at 0; any other number means that an earlier batch was lost.
 */
function checkFirstSequence(state: ProducerState, { baseSequence, producerId }: BatchHeader, name: string) {
  if (baseSequence === 0 || state.batches.length > 0) return
  throw outOfOrder(
    `Invalid sequence number for producer ${producerId} in ${name}: ${baseSequence} (incoming seq. number), expected 0`,
  )
}

function checkLowest(
  { baseSequence, producerId }: BatchHeader,
  { lowestSequence, name }: { lowestSequence: number | undefined; name: string },
): void {
  if (lowestSequence === undefined || baseSequence <= lowestSequence) return
  throw outOfOrder(
    `Out of order sequence number for producer ${producerId} in ${name}: ${baseSequence} (incoming seq. number), ${lowestSequence} (earliest seen sequence)`,
  )
}

function checkSequence(state: ProducerState, header: BatchHeader, name: string): void {
  if (state.producerEpoch === NO_PRODUCER_EPOCH) return
  const { baseSequence, producerId, producerEpoch } = header
  if (producerEpoch !== state.producerEpoch) {
    if (baseSequence === 0) return
    throw outOfOrder(
      `Invalid sequence number for new epoch of producer ${producerId} in ${name}: ${producerEpoch} (request epoch), ${baseSequence} (seq. number), ${state.producerEpoch} (current producer epoch)`,
    )
  }
  const expected = (lastSequence(state) + 1) & SEQUENCE_MAX
  if (baseSequence === expected) return
  throw outOfOrder(
    `Out of order sequence number for producer ${producerId} in ${name}: ${baseSequence} (incoming seq. number), ${lastSequence(state)} (current end sequence number)`,
  )
}

function outOfOrder(message: string): KafkaError {
  return new KafkaError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message)
}

/**
 * Checks whether a marker may end this producer's transaction. Since transaction version 2 each transaction ends in an
 * epoch of its own, so a marker must be newer than the known epoch, or a repetition of the last marker (KIP-890).
 */
export function checkMarker(
  state: ProducerState,
  marker: { producerEpoch: number; coordinatorEpoch: number; transactionVersion: number },
): void {
  const { producerEpoch, coordinatorEpoch, transactionVersion } = marker
  const retried = producerEpoch === state.producerEpoch && state.currentTxnFirstOffset < 0
  const stale =
    transactionVersion >= 2
      ? producerEpoch <= state.producerEpoch && !retried
      : producerEpoch < state.producerEpoch
  if (stale) {
    throw new KafkaError(
      ErrorCode.INVALID_PRODUCER_EPOCH,
      `Epoch of marker of producer ${state.producerId} is ${producerEpoch}, the last seen epoch ${state.producerEpoch}`,
    )
  }
  if (coordinatorEpoch < state.coordinatorEpoch) {
    throw new KafkaError(
      ErrorCode.TRANSACTION_COORDINATOR_FENCED,
      `Invalid coordinator epoch for producerId ${state.producerId}: ${coordinatorEpoch} (zombie), ${state.coordinatorEpoch} (current)`,
    )
  }
}

/** Records an appended data batch. Returns true if it began a transaction. */
export function addDataBatch(state: ProducerState, header: BatchHeader, transactional: boolean): boolean {
  raiseEpoch(state, header.producerEpoch)
  state.batches.push({
    lastSequence: lastSequenceOf(header),
    lastOffset: header.lastOffset,
    offsetDelta: header.lastOffset - header.baseOffset,
    timestamp: header.maxTimestamp,
  })
  if (state.batches.length > BATCHES_KEPT) state.batches.shift()
  state.lastTimestamp = header.maxTimestamp
  if (!transactional || state.currentTxnFirstOffset >= 0) return false
  state.currentTxnFirstOffset = header.baseOffset
  return true
}

/** Records an appended marker. Returns the first offset of the transaction that it ended, -1 for an empty one. */
export function addMarker(
  state: ProducerState,
  marker: { producerEpoch: number; coordinatorEpoch: number; timestamp: Int64 },
): number {
  const firstOffset = state.currentTxnFirstOffset
  raiseEpoch(state, marker.producerEpoch)
  state.currentTxnFirstOffset = -1
  state.coordinatorEpoch = marker.coordinatorEpoch
  state.lastTimestamp = marker.timestamp
  return firstOffset
}

/** Batches of an older epoch can't be duplicates of later ones. */
function raiseEpoch(state: ProducerState, epoch: number): void {
  if (epoch === state.producerEpoch) return
  state.batches = []
  state.producerEpoch = epoch
}
