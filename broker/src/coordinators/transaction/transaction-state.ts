/**
 * The state of a transactional id, and its transitions.
 *
 *   from              event                                to                logged  then
 *   (none)            InitProducerId                       Empty             yes     respond with id and epoch 0
 *   Empty, Complete*  InitProducerId                       Empty             yes     respond with the next epoch
 *   Empty, Complete*  a partition is added                 Ongoing           yes     the transaction timeout starts
 *   Ongoing           a partition is added                 Ongoing           yes
 *   Ongoing           EndTxn(commit | abort)               PrepareCommit|Abort yes   respond, then write the markers
 *   Ongoing           InitProducerId by a newer producer   PrepareAbort      yes     with the next epoch: the old one is fenced
 *   Ongoing           transaction timeout                  PrepareAbort      yes     the same
 *   Empty, Complete*  EndTxn(abort), version 2             PrepareAbort      yes     an empty abort (transaction-end.ts)
 *   Prepare*          every partition has its marker       Complete*         yes
 *   Empty, Complete*  not used for a week                  (none)            yes     (transaction-expiry.ts)
 *
 * Kafka has a state PrepareEpochFence between Ongoing and the PrepareAbort that fences: in memory, while it raises the
 * epoch. Here both are one step, so that state never occurs; only its name and number are known.
 *
 * The Prepare* record is the decision. Once it is in the log, the transaction ends that way even if the coordinator
 * crashes: the next coordinator replays the record and writes the markers again.
 *
 * A producer is identified by its id and epoch. InitProducerId returns the next epoch and so fences a producer that still
 * uses the previous one: such a zombie can neither write nor commit. With transaction version 2 (KIP-890) the epoch is also
 * bumped by every transaction, so that a late batch of one transaction cannot become part of the next.
 *
 * TRANSACTION-STATE-1  at most one transition waits until it is committed (`pending`); meanwhile other requests get
 *     CONCURRENT_TRANSACTIONS
 * TRANSACTION-STATE-2  a transition is a new value; it replaces the old one once it is committed
 * TRANSACTION-STATE-3  a transition that is not in the table is a bug: it throws and is not written (Kafka:
 *     validPreviousStates)
 *
 * (org.apache.kafka.coordinator.transaction: TransactionMetadata, TransactionState)
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

/** In the order of their numbers in the log. */
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

/** The valid previous states of each state. Dead and PrepareEpochFence never occur here. */
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

/** Throws an Error if there is no transition from `from` to `to` (TRANSACTION-STATE-3). */
export function checkTransition(from: TransactionStateName, to: TransactionStateName): void {
  if (!PREVIOUS_STATES[to].includes(from)) throw new Error(`a transaction cannot go from ${from} to ${to}`)
}

export const NO_PRODUCER_ID = -1
export const NO_EPOCH = -1
/** The last epoch of a producer; one more is reserved for fencing (Short.MAX_VALUE - 1). */
const EPOCH_MAX = 32766

/** The stored state of a transactional id. Partitions are keyed `topic-index`. */
export interface TransactionState {
  readonly transactionalId: string
  readonly producerId: Int64
  /** The previous producer id, whose epochs are exhausted; a retry may still use it. */
  readonly previousProducerId: Int64
  /** The producer id after the current transaction, if the epochs of this one are exhausted. */
  readonly nextProducerId: Int64
  readonly producerEpoch: number
  /** The epoch before the last bump that the producer requested; a retry may still use it. */
  readonly lastProducerEpoch: number
  readonly timeoutMs: number
  readonly name: TransactionStateName
  readonly partitions: ReadonlyMap<string, { readonly topic: string; readonly index: number }>
  readonly startMs: number
  readonly lastUpdateMs: number
  /** The transaction version of the client: 2 with KIP-890. */
  readonly clientVersion: number
}

/** A transactional id in memory: its stored state, and whether a transition waits for the log. */
export interface Entry {
  state: TransactionState
  pending: boolean
  /** When the open transaction started (monotonic ms); only valid in state Ongoing. */
  openedMs: number
}

/** The state of a new transactional id. */
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

/** Whether no epoch is left: the producer gets a new producer id instead. */
export function isEpochExhausted(producerEpoch: number): boolean {
  return producerEpoch >= EPOCH_MAX
}

export function isPrepared({ name }: TransactionState): boolean {
  return name === 'PrepareCommit' || name === 'PrepareAbort'
}

/** State Empty with the next epoch, for InitProducerId. `lastEpoch`: the epoch that a retry may still use. */
export function withNextEpoch(
  state: TransactionState,
  epoch: number,
  lastEpoch: number,
  timeoutMs: number,
  nowMs: number,
): TransactionState {
  return { ...emptied(state, timeoutMs, nowMs), producerEpoch: epoch, lastProducerEpoch: lastEpoch }
}

/** State Empty with a new producer id at epoch 0, as the epochs of the last one are exhausted. */
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

/** State Ongoing with the partitions added. Starts a transaction at `nowMs` if none is open. */
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
 * The decision to commit or to abort. With transaction version 2 the epoch is bumped here, so that the markers already
 * have the next epoch. `nextProducerId`: the id to continue with if no epoch is left.
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
 * The decision to abort and to fence the producer: it uses an epoch that no producer receives. `transactionVersion` is
 * the cluster's: from 2 on the epoch of the fenced producer is kept as `lastProducerEpoch`, so that the producer may
 * still request the next one; below, InitProducerId with any epoch is refused (KIP-360, KIP-890).
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

/** The state after all markers are written. */
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
