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
 * TRANSACTIONS-1  a response is sent only once the new state is committed
 * TRANSACTIONS-2  a broker that is not the coordinator responds NOT_COORDINATOR; while the partition is loaded it responds
 *     COORDINATOR_LOAD_IN_PROGRESS, and the client tries again
 * TRANSACTIONS-3  after `onResignation` no marker and no state is written for the ids of the partition, and nothing is
 *     retried; after `close` no timer is left
 * TRANSACTIONS-4  a transaction whose markers are all written is completed, however often that can't be written
 *
 * (org.apache.kafka.coordinator.transaction: TransactionCoordinator, TransactionStateManager)
 */

import type { Timer } from '../../core.ts'
import { partitionKey, TRANSACTION_STATE_TOPIC } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { CoordinatorHost, CoordinatorRecord } from '../coordinator-host.ts'
import { partitionFor } from '../partition-for.ts'
import { CoordinatorRuntime } from '../runtime/coordinator-runtime.ts'
import type { ProducerIds } from './producer-ids.ts'
import { decideInit, type ProducerInit } from './producer-init.ts'
import type { TransactionConfig } from './transaction-config.ts'
import { decideEnd, type TransactionEnd } from './transaction-end.ts'
import { startTimers } from './transaction-expiry.ts'
import { encodeState, encodeTombstone } from './transaction-log.ts'
import type { TransactionMarkers } from './transaction-markers.ts'
import { TransactionShard } from './transaction-shard.ts'
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
/** When the completion of a transaction is tried again that could not be written. */
const RETRY_MS = 100

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

export class TransactionCoordinator {
  private readonly host: CoordinatorHost
  private readonly config: TransactionConfig
  private readonly producerIds: ProducerIds
  private readonly markers: Pick<TransactionMarkers, 'send'>
  private readonly runtime: CoordinatorRuntime<TransactionShard>
  private timer: Timer | undefined

  constructor(options: {
    host: CoordinatorHost
    config: TransactionConfig
    producerIds: ProducerIds
    markers: Pick<TransactionMarkers, 'send'>
  }) {
    this.host = options.host
    this.config = options.config
    this.producerIds = options.producerIds
    this.markers = options.markers
    const { host } = options
    const loaded = (shard: TransactionShard): void => this.onLoaded(shard)
    this.runtime = new CoordinatorRuntime({
      host,
      topic: TRANSACTION_STATE_TOPIC,
      serves: 'transactional ids',
      create: (context) => new TransactionShard({ host, context, loaded }),
    })
  }

  /** This node leads the partition in this epoch: loads it, and serves it then. */
  onElection(partition: number, leaderEpoch: number): void {
    this.timer ??= this.startTimers()
    this.runtime.load(partition, leaderEpoch)
  }

  /** Completes prepared transactions. */
  private onLoaded(shard: TransactionShard): void {
    for (const entry of shard.entries.values()) if (isPrepared(entry.state)) this.completePrepared(entry)
  }

  /**
   * This node leads the partition no longer: another one does in this epoch, or, without an epoch, none. The new coordinator
   * completes prepared transactions (TRANSACTIONS-3).
   */
  onResignation(partition: number, leaderEpoch?: number): void {
    this.runtime.unload(partition, leaderEpoch)
  }

  close(): void {
    this.timer?.cancel()
    this.runtime.close()
  }

  /** Whether a partition is being loaded: its ids are not known yet. */
  get isLoading(): boolean {
    return this.runtime.isLoading
  }

  /** The state of an id, or an error (DescribeTransactions). */
  stateOf(transactionalId: string): TransactionState | ErrorCode {
    const entry = this.find(transactionalId)
    if (typeof entry !== 'number') return entry.state
    return entry === ErrorCode.INVALID_PRODUCER_ID_MAPPING ? ErrorCode.TRANSACTIONAL_ID_NOT_FOUND : entry
  }

  /** The number of ids that this node coordinates. */
  get idCount(): number {
    return this.runtime.shards().reduce((sum, { entries }) => sum + entries.size, 0)
  }

  /** The states of all ids that this node coordinates. */
  states(): TransactionState[] {
    return this.runtime.shards().flatMap(({ entries }) => [...entries.values()].map(({ state }) => state))
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
      if (typeof entry === 'number') return refuse(entry)
      this.init(entry, init, producerId, done)
    })
  }

  private create(transactionalId: string, producerId: Int64, timeoutMs: number): Entry | ErrorCode {
    const shard = this.shardOf(transactionalId)
    if (typeof shard === 'number') return shard
    const known = shard.entries.get(transactionalId)
    if (known) return known
    const entry = {
      state: newTransaction(transactionalId, producerId, timeoutMs, this.now()),
      pending: false,
      openedMs: 0,
    }
    shard.entries.set(transactionalId, entry)
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
    done: (codes: readonly ErrorCode[]) => void,
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
    const shard = this.shardOf(entry.state.transactionalId)
    if (typeof shard === 'number') return
    let isWritten = false
    const written = (): void => {
      isWritten = true
      shard.markings.delete(entry)
      this.complete(shard, entry)
    }
    const marking = this.markers.send(entry.state, shard.context.epoch, written)
    if (!isWritten) shard.markings.set(entry, marking)
  }

  /** All partitions have their markers (TRANSACTIONS-4). */
  private complete(shard: TransactionShard, entry: Entry): void {
    this.appendState(entry, completed(entry.state, this.now()), (error) => {
      if (error !== ErrorCode.COORDINATOR_NOT_AVAILABLE) return
      const timer = `complete|${entry.state.transactionalId}`
      shard.context.setTimer(timer, RETRY_MS, () => this.complete(shard, entry))
    })
  }

  /** The shard of an id, or the error of a request for it. */
  private shardOf(transactionalId: string): TransactionShard | ErrorCode {
    return this.runtime.find(this.partitionFor(transactionalId) ?? NO_PARTITION)
  }

  private startTimers(): Timer {
    return startTimers({
      core: this.host.core,
      config: this.config,
      entries: () => this.runtime.shards().flatMap(({ entries }) => [...entries.values()]),
      abort: (entry) => this.fenceAndAbort(entry, () => {}),
      removeExpired: (entry) => this.removeExpired(entry),
    })
  }

  private removeExpired(entry: Entry): void {
    const { transactionalId } = entry.state
    this.append(entry, encodeTombstone(transactionalId), (error, shard) => {
      if (error === ErrorCode.NONE) shard?.entries.delete(transactionalId)
    })
  }

  /**
   * Appends the next state; it replaces the current one once it is committed (TRANSACTION-STATE-1, TRANSACTION-STATE-2,
   * TRANSACTION-STATE-3). Refused after onResignation (TRANSACTIONS-3).
   */
  private appendState(entry: Entry, next: TransactionState, done: (error: ErrorCode) => void): void {
    checkTransition(entry.state.name, next.name)
    this.append(entry, encodeState(next), (error, shard) => {
      if (!shard) return done(error)
      if (error === ErrorCode.NONE) {
        if (entry.state.name !== 'Ongoing') entry.openedMs = this.host.core.clock.monotonicMs()
        entry.state = next
      }
      this.host.core.trace?.({ type: 'transaction', id: next.transactionalId, state: next.name, error })
      done(error)
    })
  }

  /** Appends a record of an entry, which is pending until it is committed. Without a shard, this node does not serve the entry. */
  private append(
    entry: Entry,
    record: CoordinatorRecord,
    done: (error: ErrorCode, shard?: TransactionShard) => void,
  ): void {
    const { transactionalId, timeoutMs } = entry.state
    const shard = this.shardOf(transactionalId)
    if (typeof shard === 'number') return done(shard)
    if (shard.entries.get(transactionalId) !== entry) return done(ErrorCode.NOT_COORDINATOR)
    entry.pending = true
    const { partition } = shard.context
    shard.context.append({
      write: () => this.host.append(TRANSACTION_STATE_TOPIC, partition, [record], undefined),
      timeoutMs,
      done: (error) => {
        entry.pending = false
        done(error, shard)
      },
    })
  }

  /** The entry of an id, or an error: INVALID_PRODUCER_ID_MAPPING if the id is unknown. */
  private find(transactionalId: string): Entry | ErrorCode {
    const shard = this.shardOf(transactionalId)
    if (typeof shard === 'number') return shard
    return shard.entries.get(transactionalId) ?? ErrorCode.INVALID_PRODUCER_ID_MAPPING
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
