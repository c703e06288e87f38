/**
 * A transactional id's state, and the moves between its states.
 *
 *   from              event                                to                logged  then
 *   (none)            InitProducerId                       Empty             yes     answer id and epoch 0
 *   Empty, Complete*  InitProducerId                       Empty             yes     answer the next epoch
 *   Empty, Complete*  a partition is added                 Ongoing           yes     the clock of the timeout starts
 *   Ongoing           a partition is added                 Ongoing           yes
 *   Ongoing           EndTxn(commit | abort)               PrepareCommit|Abort yes   answer, then write the markers
 *   Ongoing           InitProducerId by a newer producer   PrepareAbort      yes     with the next epoch: the producer is fenced
 *   Ongoing           the timeout is up                    PrepareAbort      yes     the same
 *   Empty, Complete*  EndTxn(abort), second protocol       PrepareAbort      yes     an empty abort (transaction-end.ts)
 *   Prepare*          every partition has its marker       Complete*         yes
 *   Empty, Complete*  not used for a week                  (none)            yes     (transaction-expiry.ts)
 *
 * Kafka has a state PrepareEpochFence between Ongoing and the PrepareAbort that fences: in memory, while the epoch is
 * raised. Here both are one step, so nothing is ever in it; its name and number are known all the same.
 *
 * The decision is the Prepare* record. Once it is in the log the transaction ends that way, whoever crashes: a new
 * coordinator finds the record and writes the markers again.
 *
 * A producer is known by its id and its epoch. Who asks for the id anew gets the next epoch, and whoever still uses
 * the one before is fenced: a zombie can neither write nor commit. With the second protocol (KIP-890) the epoch also
 * rises with every transaction, so that a late batch of the last one can't slip into the next.
 *
 * TRANSACTION-STATE-1  at most one change waits for the log (`pending`); whatever else comes is told
 *     CONCURRENT_TRANSACTIONS
 * TRANSACTION-STATE-2  a change is a new value; it takes the place of the old one when the log has it (Kafka:
 *     TransactionMetadata)
 * TRANSACTION-STATE-3  a change that the table does not have is a mistake of ours, and is not written (Kafka:
 *     validPreviousStates)
 */
import { partitionKey } from '../../topic-names.ts'
import type { Int64 } from '../../wire/int64.ts'

export type TransactionStateName =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort'
  | 'Dead'
  | 'PrepareEpochFence'

/** By their numbers in the log. */
export const STATE_NAMES: readonly TransactionStateName[] = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
]

/** By state: those that it may come after. Dead and PrepareEpochFence are never entered here. */
const PREVIOUS_STATES: Readonly<Record<TransactionStateName, readonly TransactionStateName[]>> = {
  Empty: ['Empty', 'CompleteCommit', 'CompleteAbort'],
  Ongoing: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  PrepareCommit: ['Ongoing'],
  PrepareAbort: ['Ongoing', 'Empty', 'CompleteCommit', 'CompleteAbort'],
  CompleteCommit: ['PrepareCommit'],
  CompleteAbort: ['PrepareAbort'],
  Dead: [],
  PrepareEpochFence: [],
}

/** Throws Error when a transaction in state `from` may not come to state `to` (TRANSACTION-STATE-3). */
export function checkTransition(from: TransactionStateName, to: TransactionStateName): void {
  if (!PREVIOUS_STATES[to].includes(from)) throw new Error(`a transaction cannot go from ${from} to ${to}`)
}

export const NO_PRODUCER_ID = -1
export const NO_EPOCH = -1
/** The last epoch that is given out; one is kept back to fence with (Short.MAX_VALUE - 1). */
const EPOCH_MAX = 32766

/** What the log holds of a transactional id. Partitions are keyed `topic-index`. */
export interface TransactionState {
  readonly transactionalId: string
  readonly producerId: Int64
  /** The id before the epochs of the last one were used up; a retry may still name it. */
  readonly previousProducerId: Int64
  /** The id after the transaction that is being ended, when its epochs are used up. */
  readonly nextProducerId: Int64
  readonly producerEpoch: number
  /** The epoch before the last bump that the producer itself asked for: a retry may still name it. */
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  readonly name: TransactionStateName
  readonly partitions: ReadonlyMap<string, { readonly topic: string; readonly index: number }>
  readonly startMs: number
  readonly lastUpdateMs: number
  /** 2 when the client speaks the second protocol (KIP-890). */
  readonly clientVersion: number
}

/** A transactional id in memory: its state in the log, and whether a change of it waits for the log. */
export interface Entry {
  state: TransactionState
  pending: boolean
  /** When the transaction that is open was opened (monotonic ms); says nothing while none is. */
  openedMs: number
}

/** A transactional id that nobody has used. */
export function newTransaction(
  transactionalId: string,
  producerId: Int64,
  timeoutMs: number,
  nowMs: number,
): TransactionState {
  return {
    transactionalId,
    producerId,
    previousProducerId: NO_PRODUCER_ID,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: NO_EPOCH,
    lastProducerEpoch: NO_EPOCH,
    timeoutMs,
    name: 'Empty',
    partitions: new Map(),
    startMs: -1,
    lastUpdateMs: nowMs,
    clientVersion: 0,
  }
}

/** True when no epoch is left to give: the producer gets a new id instead. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= EPOCH_MAX
}

export function isPrepared({ name }: TransactionState): boolean {
  return name === 'PrepareCommit' || name === 'PrepareAbort'
}

/** The next epoch, in state Empty, for a producer that begins (anew). `lastEpoch` is kept for its retry. */
export function withNextEpoch(
  state: TransactionState,
  epoch: number,
  lastEpoch: number,
  timeoutMs: number,
  nowMs: number,
): TransactionState {
  return { ...emptied(state, timeoutMs, nowMs), producerEpoch: epoch, lastProducerEpoch: lastEpoch }
}

/** A new producer id at epoch 0, since the epochs of the last one are used up. */
export function withNewProducerId(
  state: TransactionState,
  producerId: Int64,
  lastEpoch: number,
  timeoutMs: number,
  nowMs: number,
): TransactionState {
  return {
    ...emptied(state, timeoutMs, nowMs),
    producerId,
    previousProducerId: state.producerId,
    producerEpoch: 0,
    lastProducerEpoch: lastEpoch,
  }
}

function emptied(state: TransactionState, timeoutMs: number, nowMs: number): TransactionState {
  return { ...state, name: 'Empty', timeoutMs, partitions: new Map(), startMs: -1, lastUpdateMs: nowMs }
}

/** With the partitions added; a transaction that was not open is open from `nowMs` on. */
export function withPartitions(
  state: TransactionState,
  added: readonly { readonly topic: string; readonly index: number }[],
  clientVersion: number,
  nowMs: number,
): TransactionState {
  const opens = state.name !== 'Ongoing'
  const partitions = new Map(opens ? [] : state.partitions)
  for (const partition of added) partitions.set(partitionKey(partition.topic, partition.index), partition)
  const startMs = opens ? nowMs : state.startMs
  return { ...state, name: 'Ongoing', partitions, startMs, lastUpdateMs: nowMs, clientVersion }
}

/**
 * The decision. With the second protocol the epoch rises here, so that the markers already carry the next one;
 * `nextProducerId` is given when no epoch is left.
 */
export function prepared(
  state: TransactionState,
  commit: boolean,
  clientVersion: number,
  nextProducerId: Int64,
  nowMs: number,
): TransactionState {
  const bumps = clientVersion >= 2
  return {
    ...state,
    name: commit ? 'PrepareCommit' : 'PrepareAbort',
    producerEpoch: bumps ? state.producerEpoch + 1 : state.producerEpoch,
    lastProducerEpoch: bumps ? state.producerEpoch : state.lastProducerEpoch,
    nextProducerId,
    startMs: state.name === 'Ongoing' ? state.startMs : nowMs,
    lastUpdateMs: nowMs,
    clientVersion,
  }
}

/**
 * The decision to abort when the producer has lost its right to go on: the epoch that ends the transaction is never
 * told to anybody. `transactionVersion` is the cluster's: from 2 on the fenced producer's own epoch is remembered, so
 * that it may still ask for the next one; before, nobody who names an epoch is let in (KIP-360, KIP-890).
 */
export function fencedAndAborted(
  state: TransactionState,
  transactionVersion: number,
  nextProducerId: Int64,
  nowMs: number,
): TransactionState {
  const clientVersion = transactionVersion >= 2 ? 2 : 0
  const next = prepared(state, false, clientVersion, nextProducerId, nowMs)
  if (clientVersion >= 2) return next
  return { ...next, producerEpoch: state.producerEpoch + 1, lastProducerEpoch: NO_EPOCH }
}

/** Every marker is written. */
export function completed(state: TransactionState, nowMs: number): TransactionState {
  const rotates = state.clientVersion >= 2 && state.nextProducerId !== NO_PRODUCER_ID
  return {
    ...state,
    name: state.name === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    ...(rotates
      ? { producerId: state.nextProducerId, previousProducerId: state.producerId, producerEpoch: 0 }
      : {}),
    nextProducerId: NO_PRODUCER_ID,
    partitions: new Map(),
    lastUpdateMs: nowMs,
  }
}
