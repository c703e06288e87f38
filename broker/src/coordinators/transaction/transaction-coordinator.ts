/**
 * The transaction coordinator: who may write under which transactional id, and how a transaction ends.
 *
 *   producer                 coordinator                        partitions
 *     InitProducerId  ----->  Empty, next epoch
 *     AddPartitionsToTxn -->  Ongoing                            (second protocol: Produce does it)
 *     Produce  ------------------------------------------------> batches, open
 *     EndTxn  ------------->  PrepareCommit, answered
 *                             markers  ------------------------> COMMIT: the last stable offset moves
 *                             CompleteCommit
 *
 * All state lies in `__transaction_state`, a compacted topic. The coordinator of an id is the leader of the partition
 * that the id hashes to. States and moves: transaction-state.ts.
 *
 * TRANSACTIONS-1  a change is answered when the log has it, and not before
 * TRANSACTIONS-2  who is not the coordinator says so (NOT_COORDINATOR). A partition is read within the call that makes
 *     this node its coordinator, so nobody is told COORDINATOR_LOAD_IN_PROGRESS, as Kafka tells who comes while a
 *     thread reads
 * TRANSACTIONS-3  after `onResigned` nothing is written any more for the ids of the partition, no marker and no state,
 *     and nothing is tried again; after `close` no timer is left
 */

import type { Timer } from '../../core.ts'
import { partitionKey, TRANSACTION_STATE_TOPIC } from '../../topic-names.ts'
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

/** The partition of an id while the topic is not there; nobody owns it. */
const NOWHERE = -1

/** What the transaction coordinator is set to. */
export interface TransactionConfig extends ExpiryConfig {
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number
  /** The finalized level of the feature transaction.version: 2 when epochs rise with every transaction (KIP-890). */
  transactionVersion(): number
}

export interface ProducerIdentity {
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** NONE with the producer's id and epoch, or an error with NO_IDENTITY. */
export type InitDone = (error: ErrorCode, producer: ProducerIdentity) => void

/** Partitions that a producer names for its transaction. */
export interface PartitionsRequest extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: readonly { readonly topic: string; readonly index: number }[]
}

/** The identity in the answer to a request that was refused. */
const NO_IDENTITY: ProducerIdentity = { producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH }

/** A partition of `__transaction_state` that this node leads: in which epoch, its ids, and whose markers are being written. */
interface Owned {
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
  private readonly owned = new Map<number, Owned>()
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

  /** This node leads a partition of `__transaction_state` from now on: reads it, and ends what was decided. */
  onElected(partition: number, epoch: number): void {
    this.onResigned(partition)
    const entries = loadEntries(this.host, TRANSACTION_STATE_TOPIC, partition)
    this.owned.set(partition, { epoch, entries, markings: new Map() })
    this.timer ??= this.startTimers()
    for (const entry of entries.values()) if (isPrepared(entry.state)) this.finish(entry)
  }

  /** Another node leads the partition now, and ends what was decided (TRANSACTIONS-3). */
  onResigned(partition: number): void {
    for (const marking of this.owned.get(partition)?.markings.values() ?? []) marking.cancel()
    this.owned.delete(partition)
  }

  close(): void {
    this.timer?.cancel()
    for (const partition of [...this.owned.keys()]) this.onResigned(partition)
  }

  /** What is known of an id; the error says why nothing is (DescribeTransactions). */
  stateOf(transactionalId: string): TransactionState | ErrorCode {
    const entry = this.find(transactionalId)
    if (typeof entry !== 'number') return entry.state
    return entry === ErrorCode.INVALID_PRODUCER_ID_MAPPING ? ErrorCode.TRANSACTIONAL_ID_NOT_FOUND : entry
  }

  /** How many ids this node coordinates. */
  get idCount(): number {
    return [...this.owned.values()].reduce((sum, { entries }) => sum + entries.size, 0)
  }

  /** All ids that this node coordinates. */
  states(): TransactionState[] {
    return [...this.owned.values()].flatMap(({ entries }) => [...entries.values()].map(({ state }) => state))
  }

  /** The partition of `__transaction_state` that an id belongs to; undefined while there is no such topic. */
  partitionFor(transactionalId: string): number | undefined {
    const count = this.host.partitionCount(TRANSACTION_STATE_TOPIC)
    return count === undefined ? undefined : partitionFor(transactionalId, count)
  }

  /** InitProducerId. A null id is an idempotent producer without transactions: just a new producer id. */
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
    const partition = this.owned.get(this.partitionFor(transactionalId) ?? NOWHERE)
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
      return this.abortAndFence(entry, (error) =>
        done(error || ErrorCode.CONCURRENT_TRANSACTIONS, NO_IDENTITY),
      )
    }
    this.change(entry, decision.next, (error) => {
      const { producerId, producerEpoch } = decision.next
      done(error, error === ErrorCode.NONE ? { producerId, producerEpoch } : NO_IDENTITY)
    })
  }

  /** AddPartitionsToTxn, AddOffsetsToTxn, and Produce of the second protocol: the partitions take part from now on. */
  addPartitions(request: PartitionsRequest, clientVersion: number, done: (error: ErrorCode) => void): void {
    const entry = this.findProducer(request)
    if (typeof entry === 'number') return done(entry)
    const { state } = entry
    const known =
      state.name === 'Ongoing' &&
      request.partitions.every((each) => state.partitions.has(partitionKey(each.topic, each.index)))
    if (known) return done(ErrorCode.NONE)
    this.change(entry, withPartitions(state, request.partitions, clientVersion, this.now()), done)
  }

  /**
   * Does each partition take part in the producer's open transaction? One code a partition, TRANSACTION_ABORTABLE for
   * one that does not. `add` is the second protocol, which adds what is not yet part of it.
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
    const takesPart = (key: string): boolean => name === 'Ongoing' && partitions.has(key)
    done(
      request.partitions.map((each) =>
        takesPart(partitionKey(each.topic, each.index)) ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE,
      ),
    )
  }

  /** EndTxn; the answer carries the id and epoch to go on with (they change with the second protocol). */
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
   * Calls `decide`; with the second protocol, when no epoch is left, with a new producer id to go on with
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
    const goesOnWith = rotates ? { producerId: next.nextProducerId, producerEpoch: 0 } : next
    this.change(entry, next, (error) => {
      done(error, error === ErrorCode.NONE ? goesOnWith : NO_IDENTITY)
      if (error === ErrorCode.NONE) this.finish(entry)
    })
  }

  /** The producer has lost its right to the id: the next epoch aborts what it left open. */
  private abortAndFence(entry: Entry, done: (error: ErrorCode) => void): void {
    const version = this.config.transactionVersion()
    this.withNextProducerId(entry, version, done, (nextProducerId) => {
      this.prepare(entry, fencedAndAborted(entry.state, version, nextProducerId, this.now()), done)
    })
  }

  private finish(entry: Entry): void {
    const owned = this.ownerOf(entry)
    if (!owned) return
    const { epoch, markings } = owned
    const marking = writeMarkers(entry.state, epoch, this.write, this.host.core.timers, () => {
      markings.delete(entry)
      this.change(entry, completed(entry.state, this.now()), () => {})
    })
    if (isPrepared(entry.state)) markings.set(entry, marking)
  }

  /** The partition that an id is kept in, while this node leads it. */
  private ownerOf({ state }: Entry): Owned | undefined {
    return this.owned.get(this.partitionFor(state.transactionalId) ?? -1)
  }

  private startTimers(): Timer {
    return startTimers({
      core: this.host.core,
      config: this.config,
      entries: () => [...this.owned.values()].flatMap(({ entries }) => [...entries.values()]),
      abort: (entry) => this.abortAndFence(entry, () => {}),
      forget: (entry) => this.forget(entry),
    })
  }

  private forget(entry: Entry): void {
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
   * Writes the next state; it takes the place of the present one when the log has it (TRANSACTION-STATE-1,
   * TRANSACTION-STATE-2, TRANSACTION-STATE-3), unless we have resigned (TRANSACTIONS-3).
   */
  private change(entry: Entry, next: TransactionState, done: (error: ErrorCode) => void): void {
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

  /** The entry of an id, or why there is none: INVALID_PRODUCER_ID_MAPPING when the id is unknown. */
  private find(transactionalId: string): Entry | ErrorCode {
    const partition = this.owned.get(this.partitionFor(transactionalId) ?? NOWHERE)
    if (!partition) return ErrorCode.NOT_COORDINATOR
    return partition.entries.get(transactionalId) ?? ErrorCode.INVALID_PRODUCER_ID_MAPPING
  }

  /** The entry of a producer that may change its transaction now. */
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
