/**
 * The transaction coordinator: which producer may write under a transactional id, and how a transaction ends.
 *
 *   producer                 coordinator                        partitions
 *     InitProducerId  ----->  Empty, next epoch
 *     AddPartitionsToTxn -->  Ongoing                            (version 2: the first Produce does it)
 *     Produce  ------------------------------------------------> batches, open
 *     EndTxn  ------------->  PrepareCommit, response
 *                             markers  ------------------------> COMMIT: the last stable offset moves
 *                             CompleteCommit
 *
 * All state is kept in `__transaction_state`, a compacted topic. The coordinator of a transactional id is the leader of
 * the partition that the id hashes to. States and transitions: transaction-state.ts.
 *
 * TRANSACTIONS-1  a response is sent only once the log has the new state
 * TRANSACTIONS-2  a broker that is not the coordinator responds NOT_COORDINATOR. A partition is loaded before this node is
 *     elected, so no request gets COORDINATOR_LOAD_IN_PROGRESS, which Kafka sends while a thread loads
 * TRANSACTIONS-3  after `onResigned` no marker and no state is written for the ids of the partition, and nothing is
 *     retried; after `close` no timer is left
 *
 * (org.apache.kafka.coordinator.transaction: TransactionCoordinator, TransactionStateManager)
 */

import type { Timer } from '../../core.ts'
import { partitionKey, TRANSACTION_STATE_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { CoordinatorHost } from '../coordinator-host.ts'
import { partitionFor } from '../partition-for.ts'
import type { ProducerIds } from './producer-ids.ts'
import { decideInit, type ProducerInit } from './producer-init.ts'
import { decideEnd, type TransactionEnd } from './transaction-end.ts'
import { type ExpiryConfig, startTimers } from './transaction-expiry.ts'
import { encodeState, encodeTombstone, loadEntries } from './transaction-log.ts'
import { type Marking, type WriteMarker, writeMarkers } from './transaction-markers.ts'
import {
  checkTransition,
  completed,
  type Entry,
  fencedAndAborted,
  isEpochExhausted,
  isPrepared,
  NO_EPOCH,
  NO_PRODUCER_ID,
  newTransaction,
  prepared,
  type TransactionState,
  withPartitions,
} from './transaction-state.ts'

/** The partition of an id while the topic does not exist: no node leads it. */
const NO_PARTITION = -1

/** The settings of the transaction coordinator. */
export interface TransactionConfig extends ExpiryConfig {
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number
  /** The finalized level of the feature transaction.version: with 2 every transaction bumps the epoch (KIP-890). */
  transactionVersion(): number
}

export interface ProducerIdentity {
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** NONE with the producer's id and epoch, or an error with NO_IDENTITY. */
export type InitDone = (error: ErrorCode, producer: ProducerIdentity) => void

/** The partitions that a producer adds to its transaction, or verifies. */
export interface PartitionsRequest extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: readonly { readonly topic: string; readonly index: number }[]
}

/** The identity in the response to a refused request. */
const NO_IDENTITY: ProducerIdentity = { producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH }

/** A partition of `__transaction_state` that this node leads: its leader epoch, its ids, and the markers being written. */
interface OwnedPartition {
  readonly epoch: number
  readonly entries: Map<string, Entry>
  readonly markings: Map<Entry, Marking>
}

export class TransactionCoordinator {
  private readonly host: CoordinatorHost
  private readonly config: TransactionConfig
  private readonly producerIds: ProducerIds
  private readonly write: WriteMarker
  /** By partition of `__transaction_state` that this node leads. */
  private readonly owned = new Map<number, OwnedPartition>()
  /** The ids of partitions that were read and are not led yet. */
  private readonly loaded = new Map<number, Map<string, Entry>>()
  private timer: Timer | undefined

  constructor(options: {
    host: CoordinatorHost
    config: TransactionConfig
    producerIds: ProducerIds
    write: WriteMarker
  }) {
    this.host = options.host
    this.config = options.config
    this.producerIds = options.producerIds
    this.write = options.write
  }

  /** Reads a partition of `__transaction_state` that this node is about to lead, in turns. Throws if it can't be read. */
  *load(partition: number): Steps<void> {
    this.loaded.set(partition, yield* loadEntries(this.host, TRANSACTION_STATE_TOPIC, partition))
  }

  /** This node now leads the partition: serves what was loaded, and completes prepared transactions. */
  onElected(partition: number, epoch: number): void {
    this.onResigned(partition)
    const entries = this.loaded.get(partition)
    if (!entries) return
    this.loaded.delete(partition)
    this.owned.set(partition, { epoch, entries, markings: new Map() })
    this.timer ??= this.startTimers()
    for (const entry of entries.values()) if (isPrepared(entry.state)) this.completePrepared(entry)
  }

  /** This node no longer leads the partition; the new leader completes prepared transactions (TRANSACTIONS-3). */
  onResigned(partition: number): void {
    for (const marking of this.owned.get(partition)?.markings.values() ?? []) marking.cancel()
    this.owned.delete(partition)
  }

  close(): void {
    this.timer?.cancel()
    for (const partition of [...this.owned.keys()]) this.onResigned(partition)
  }

  /** The state of an id, or an error (DescribeTransactions). */
  stateOf(transactionalId: string): TransactionState | ErrorCode {
    const entry = this.find(transactionalId)
    if (typeof entry !== 'number') return entry.state
    return entry === ErrorCode.INVALID_PRODUCER_ID_MAPPING ? ErrorCode.TRANSACTIONAL_ID_NOT_FOUND : entry
  }

  /** The number of ids that this node coordinates. */
  get idCount(): number {
    return [...this.owned.values()].reduce((sum, { entries }) => sum + entries.size, 0)
  }

  /** The states of all ids that this node coordinates. */
  states(): TransactionState[] {
    return [...this.owned.values()].flatMap(({ entries }) => [...entries.values()].map(({ state }) => state))
  }

  /** The partition of `__transaction_state` that an id belongs to; undefined while the topic does not exist. */
  partitionFor(transactionalId: string): number | undefined {
    const count = this.host.partitionCount(TRANSACTION_STATE_TOPIC)
    return count === undefined ? undefined : partitionFor(transactionalId, count)
  }

  /** InitProducerId. A null id means an idempotent producer without transactions, which gets a new producer id. */
  initProducerId(transactionalId: string | null, init: ProducerInit, done: InitDone): void {
    const refuse = (error: ErrorCode): void => done(error, NO_IDENTITY)
    if (transactionalId === '') return refuse(ErrorCode.INVALID_REQUEST)
    if (transactionalId === null) {
      return this.producerIds.take((error, producerId) =>
        done(error, error ? NO_IDENTITY : { producerId, producerEpoch: 0 }),
      )
    }
    if (init.timeoutMs <= 0 || init.timeoutMs > this.config.timeoutMsMax) {
      return refuse(ErrorCode.INVALID_TRANSACTION_TIMEOUT)
    }
    const found = this.find(transactionalId)
    if (typeof found === 'number' && found !== ErrorCode.INVALID_PRODUCER_ID_MAPPING) return refuse(found)
    const isNew = typeof found === 'number'
    if (!isNew && (found.state.name === 'Ongoing' || !isEpochExhausted(found.state.producerEpoch)))
      return this.init(found, init, NO_PRODUCER_ID, done)
    this.producerIds.take((error, producerId) => {
      if (error !== ErrorCode.NONE) return refuse(error)
      const entry = isNew ? this.create(transactionalId, producerId, init.timeoutMs) : found
      if (!entry) return refuse(ErrorCode.NOT_COORDINATOR)
      this.init(entry, init, producerId, done)
    })
  }

  private create(transactionalId: string, producerId: Int64, timeoutMs: number): Entry | undefined {
    const partition = this.owned.get(this.partitionFor(transactionalId) ?? NO_PARTITION)
    if (!partition) return undefined
    const known = partition.entries.get(transactionalId)
    if (known) return known
    const entry = {
      state: newTransaction(transactionalId, producerId, timeoutMs, this.now()),
      pending: false,
      openedMs: 0,
    }
    partition.entries.set(transactionalId, entry)
    return entry
  }

  private init(entry: Entry, init: ProducerInit, newProducerId: Int64, done: InitDone): void {
    if (entry.pending) return done(ErrorCode.CONCURRENT_TRANSACTIONS, NO_IDENTITY)
    const decision = decideInit(entry.state, init, () => newProducerId, this.now())
    if ('error' in decision) return done(decision.error, NO_IDENTITY)
    if ('abortFirst' in decision) {
      return this.fenceAndAbort(entry, (error) =>
        done(error || ErrorCode.CONCURRENT_TRANSACTIONS, NO_IDENTITY),
      )
    }
    this.appendState(entry, decision.next, (error) => {
      const { producerId, producerEpoch } = decision.next
      done(error, error === ErrorCode.NONE ? { producerId, producerEpoch } : NO_IDENTITY)
    })
  }

  /** AddPartitionsToTxn, AddOffsetsToTxn, and Produce with version 2: adds the partitions to the transaction. */
  addPartitions(request: PartitionsRequest, clientVersion: number, done: (error: ErrorCode) => void): void {
    const entry = this.findProducer(request)
    if (typeof entry === 'number') return done(entry)
    const { state } = entry
    const known =
      state.name === 'Ongoing' &&
      request.partitions.every((each) => state.partitions.has(partitionKey(each.topic, each.index)))
    if (known) return done(ErrorCode.NONE)
    this.appendState(entry, withPartitions(state, request.partitions, clientVersion, this.now()), done)
  }

  /**
   * Checks that each partition is part of the producer's open transaction. One code per partition, TRANSACTION_ABORTABLE
   * if it is not. With `add` (version 2) missing partitions are added.
   */
  verifyPartitions(
    request: PartitionsRequest & { readonly add: boolean },
    done: (codes: ErrorCode[]) => void,
  ): void {
    const all = (error: ErrorCode): void => done(request.partitions.map(() => error))
    if (request.add) return this.addPartitions(request, 2, all)
    const entry = this.findProducer(request)
    if (typeof entry === 'number') return all(entry)
    const { name, partitions } = entry.state
    const isPart = (key: string): boolean => name === 'Ongoing' && partitions.has(key)
    done(
      request.partitions.map((each) =>
        isPart(partitionKey(each.topic, each.index)) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE,
      ),
    )
  }

  /** EndTxn. The response has the producer id and epoch to continue with (they change with version 2). */
  endTransaction(transactionalId: string, end: TransactionEnd, done: InitDone): void {
    const entry = transactionalId === '' ? ErrorCode.INVALID_REQUEST : this.find(transactionalId)
    if (typeof entry === 'number') return done(entry, NO_IDENTITY)
    if (entry.pending) return done(ErrorCode.CONCURRENT_TRANSACTIONS, NO_IDENTITY)
    const decision = decideEnd(entry.state, end)
    if ('error' in decision)
      return done(decision.error, decision.error === ErrorCode.NONE ? entry.state : NO_IDENTITY)
    this.withNextProducerId(entry, end.clientVersion, done, (nextProducerId) => {
      const { commit, clientVersion } = end
      this.prepare(entry, prepared(entry.state, commit, clientVersion, nextProducerId, this.now()), done)
    })
  }

  /**
   * Calls `decide`; with version 2, if no epoch is left, passes a new producer id to continue with
   * (TRANSACTION-STATE-1).
   */
  private withNextProducerId(
    entry: Entry,
    clientVersion: number,
    refuse: InitDone,
    decide: (nextProducerId: Int64) => void,
  ): void {
    if (clientVersion < 2 || !isEpochExhausted(entry.state.producerEpoch)) return decide(NO_PRODUCER_ID)
    entry.pending = true
    this.producerIds.take((error, nextProducerId) => {
      entry.pending = false
      if (error === ErrorCode.NONE) decide(nextProducerId)
      else refuse(error, NO_IDENTITY)
    })
  }

  private prepare(entry: Entry, next: TransactionState, done: InitDone): void {
    const rotates = next.nextProducerId !== NO_PRODUCER_ID
    const nextIdentity = rotates ? { producerId: next.nextProducerId, producerEpoch: 0 } : next
    this.appendState(entry, next, (error) => {
      done(error, error === ErrorCode.NONE ? nextIdentity : NO_IDENTITY)
      if (error === ErrorCode.NONE) this.completePrepared(entry)
    })
  }

  /** Fences the producer: aborts its open transaction with the next epoch. */
  private fenceAndAbort(entry: Entry, done: (error: ErrorCode) => void): void {
    const version = this.config.transactionVersion()
    this.withNextProducerId(entry, version, done, (nextProducerId) => {
      this.prepare(entry, fencedAndAborted(entry.state, version, nextProducerId, this.now()), done)
    })
  }

  private completePrepared(entry: Entry): void {
    const owned = this.ownerOf(entry)
    if (!owned) return
    const { epoch, markings } = owned
    const marking = writeMarkers(entry.state, epoch, this.write, this.host.core.timers, () => {
      markings.delete(entry)
      this.appendState(entry, completed(entry.state, this.now()), () => {})
    })
    if (isPrepared(entry.state)) markings.set(entry, marking)
  }

  /** The partition of an id, if this node leads it. */
  private ownerOf({ state }: Entry): OwnedPartition | undefined {
    return this.owned.get(this.partitionFor(state.transactionalId) ?? NO_PARTITION)
  }

  private startTimers(): Timer {
    return startTimers({
      core: this.host.core,
      config: this.config,
      entries: () => [...this.owned.values()].flatMap(({ entries }) => [...entries.values()]),
      abort: (entry) => this.fenceAndAbort(entry, () => {}),
      removeExpired: (entry) => this.removeExpired(entry),
    })
  }

  private removeExpired(entry: Entry): void {
    const { transactionalId } = entry.state
    const partition = this.partitionFor(transactionalId)!
    entry.pending = true
    const tombstone = [encodeTombstone(transactionalId)]
    this.host.append(TRANSACTION_STATE_TOPIC, partition, tombstone, undefined, (error) => {
      entry.pending = false
      if (error === ErrorCode.NONE) this.owned.get(partition)?.entries.delete(transactionalId)
    })
  }

  /**
   * Appends the next state; it replaces the current one once the log has it (TRANSACTION-STATE-1, TRANSACTION-STATE-2,
   * TRANSACTION-STATE-3). Refused after onResigned (TRANSACTIONS-3).
   */
  private appendState(entry: Entry, next: TransactionState, done: (error: ErrorCode) => void): void {
    checkTransition(entry.state.name, next.name)
    if (this.ownerOf(entry)?.entries.get(next.transactionalId) !== entry)
      return done(ErrorCode.NOT_COORDINATOR)
    entry.pending = true
    const partition = this.partitionFor(next.transactionalId)!
    this.host.append(TRANSACTION_STATE_TOPIC, partition, [encodeState(next)], undefined, (error) => {
      entry.pending = false
      if (error === ErrorCode.NONE) {
        if (entry.state.name !== 'Ongoing') entry.openedMs = this.host.core.clock.monotonicMs()
        entry.state = next
      }
      this.host.core.trace?.({ type: 'transaction', id: next.transactionalId, state: next.name, error })
      done(error)
    })
  }

  /** The entry of an id, or an error: INVALID_PRODUCER_ID_MAPPING if the id is unknown. */
  private find(transactionalId: string): Entry | ErrorCode {
    const partition = this.owned.get(this.partitionFor(transactionalId) ?? NO_PARTITION)
    if (!partition) return ErrorCode.NOT_COORDINATOR
    return partition.entries.get(transactionalId) ?? ErrorCode.INVALID_PRODUCER_ID_MAPPING
  }

  /** The entry of a producer that may change its transaction now, or an error. */
  private findProducer({ transactionalId, producerId, producerEpoch }: PartitionsRequest): Entry | ErrorCode {
    if (transactionalId === '') return ErrorCode.INVALID_REQUEST
    const entry = this.find(transactionalId)
    if (typeof entry === 'number') return entry
    if (entry.state.producerId !== producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING
    if (entry.state.producerEpoch !== producerEpoch) return ErrorCode.PRODUCER_FENCED
    return entry.pending || isPrepared(entry.state) ? ErrorCode.CONCURRENT_TRANSACTIONS : entry
  }

  private now(): number {
    return this.host.core.clock.now()
  }
}
