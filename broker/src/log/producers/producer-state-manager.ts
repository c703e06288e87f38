/**
 * All producers of a partition, their open transactions, and how both survive a restart. (ProducerStateManager)
 *
 * The state is derived from the log: reading the batch headers from the beginning gives the same state on every replica.
 * Snapshots only make this reading shorter (producer-snapshot.ts).
 *
 *   first offset of a transaction's records     marker
 *        |                                        |
 *     ---[======= ongoing ========================X]======= unreplicated ===|---- decided
 *                                                          until the high watermark passes the marker
 *
 * PRODUCERS-1  `mapEndOffset`: the state includes all batches below this offset
 * PRODUCERS-2  the first unstable offset is the smallest first offset of an ongoing or unreplicated transaction: a
 *     marker that is not replicated may still be lost, so it does not count yet
 * PRODUCERS-3  an idle producer is removed after producer.id.expiration.ms, but not while its transaction is open
 */
import { type Storage, StorageError } from '../../core.ts'
import { ControlType } from '../../messages/records/control-records.ts'
import { type BatchHeader, isControl, isTransactional, NO_PRODUCER_ID } from '../../record/batch.ts'
import { readControlBatch } from '../../record/control-record.ts'
import { type Int64, minus, nearestNumber } from '../../wire/int64.ts'
import { type RenameStorage, replaceFile } from '../checkpoints/text-file.ts'
import { offsetOfFile, segmentFile } from '../files.ts'
import type { AbortedEntry } from '../segment/transaction-index.ts'
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
  type ProducerSnapshotEntry,
} from './producer-snapshot.ts'
import {
  addDataBatch,
  addMarker,
  emptyProducerState,
  lastSequence,
  type ProducerState,
} from './producer-state.ts'
import { TentativeSequences } from './tentative-sequences.ts'

/** The functions of a Storage that snapshots need. */
export type SnapshotStorage = Pick<Storage, 'list' | 'readFile'> & RenameStorage

/** `lastDataOffset` is undefined if only markers of the producer are known. */
export interface LastRecord {
  readonly lastDataOffset: number | undefined
  readonly producerEpoch: number
}

export class ProducerStateManager {
  /** PRODUCERS-1. */
  mapEndOffset = 0
  readonly tentative = new TentativeSequences()
  private readonly storage: SnapshotStorage
  private readonly folder: string
  private readonly producers = new Map<Int64, ProducerState>()
  /** First offset -> producer id, in the order of first offsets. */
  private ongoing = new Map<number, Int64>()
  /** First offset -> the marker's offset. */
  private readonly unreplicated = new Map<number, Int64>()
  private snapshots: number[]

  constructor(storage: SnapshotStorage, folder: string) {
    this.storage = storage
    this.folder = folder
    this.snapshots = storage
      .list(folder)
      .map((name) => offsetOfFile(name, 'snapshot'))
      .filter((offset) => offset !== undefined)
  }

  get states(): Iterable<ProducerState> {
    return this.producers.values()
  }

  /** The state of a producer, empty if it is unknown. The caller must not change it. */
  stateOf(producerId: Int64): ProducerState {
    return this.producers.get(producerId) ?? emptyProducerState(producerId)
  }

  /** What compaction keeps of each producer: its last data batch, or the marker with its epoch. */
  lastRecords(): Map<Int64, LastRecord> {
    const records = new Map<Int64, LastRecord>()
    for (const { producerId, producerEpoch, batches } of this.producers.values()) {
      records.set(producerId, { lastDataOffset: batches.at(-1)?.lastOffset, producerEpoch })
    }
    return records
  }

  // #region first-unstable
  /** PRODUCERS-2; undefined if no transaction is ongoing or unreplicated. */
  firstUnstableOffset(): number | undefined {
    let first: number | undefined
    for (const offset of this.ongoing.keys()) {
      first = offset
      break
    }
    for (const offset of this.unreplicated.keys()) if (first === undefined || offset < first) first = offset
    return first
  }
  // #endregion first-unstable

  /** The new high watermark: markers below it are replicated. */
  onHighWatermark(highWatermark: number): void {
    for (const [firstOffset, marker] of this.unreplicated) {
      if (marker < highWatermark) this.unreplicated.delete(firstOffset)
    }
  }

  /**
   * Adds an appended batch, whose bytes begin at `bytes[at]`. Returns the entry for the transaction index if it aborted a
   * transaction.
   */
  update(header: BatchHeader, bytes: Uint8Array, at: number): AbortedEntry | undefined {
    this.mapEndOffset = header.lastOffset + 1
    if (header.producerId <= NO_PRODUCER_ID) return undefined
    const state = this.stateOf(header.producerId)
    if (isTransactional(header)) this.tentative.forget(header)
    if (isControl(header)) return this.endTransaction(state, header, bytes, at)
    this.producers.set(header.producerId, state)
    if (addDataBatch(state, header, isTransactional(header)))
      this.ongoing.set(header.baseOffset, header.producerId)
    return undefined
  }

  private endTransaction(
    state: ProducerState,
    header: BatchHeader,
    bytes: Uint8Array,
    at: number,
  ): AbortedEntry | undefined {
    const marker = readControlBatch(bytes, at)
    if (marker?.coordinatorEpoch === undefined) return undefined
    const { coordinatorEpoch, timestamp } = marker
    this.producers.set(header.producerId, state)
    const firstOffset = addMarker(state, { producerEpoch: header.producerEpoch, coordinatorEpoch, timestamp })
    // A transaction without records in this partition leaves nothing.
    if (firstOffset < 0) return undefined
    this.ongoing.delete(firstOffset)
    this.unreplicated.set(firstOffset, header.baseOffset)
    if (marker.type !== ControlType.ABORT) return undefined
    return {
      producerId: header.producerId,
      firstOffset,
      lastOffset: header.baseOffset,
      lastStableOffset: this.firstOngoing() ?? header.baseOffset + 1,
    }
  }

  private firstOngoing(): number | undefined {
    return this.ongoing.keys().next().value
  }

  /** PRODUCERS-3; `now` in ms. */
  removeExpired(now: number, expirationMs: number): void {
    for (const [producerId, state] of this.producers) {
      if (isExpired(state, now, expirationMs)) this.producers.delete(producerId)
    }
  }

  /** Writes `<mapEndOffset>.snapshot` if it does not exist and there is room: without it, the next start reads more. At 0 there is nothing to write. */
  takeSnapshot(): void {
    const newest = this.snapshots.at(-1) ?? 0
    if (this.mapEndOffset <= newest) return
    try {
      this.writeSnapshot()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
  }

  private writeSnapshot(): void {
    const bytes = encodeProducerSnapshot([...this.producers.values()].map(snapshotEntry))
    replaceFile(this.storage, this.snapshotPath(this.mapEndOffset), bytes)
    this.snapshots.push(this.mapEndOffset)
  }

  /**
   * Loads the newest valid snapshot at or below `endOffset`; the caller reads the batches between it and `endOffset` from
   * the log. Snapshots beyond `endOffset` belong to a truncated part of the log, and are removed.
   */
  reload(
    startOffset: number,
    endOffset: number,
    now: number,
    expirationMs: number,
    onDamaged: (snapshot: number) => void = () => {},
  ): void {
    this.clear(startOffset)
    for (const offset of [...this.snapshots].reverse()) {
      if (offset > endOffset) {
        this.removeSnapshot(offset)
        continue
      }
      if (offset < startOffset) return
      const entries = decodeProducerSnapshot(
        this.storage.readFile(this.snapshotPath(offset)) ?? new Uint8Array(0),
      )
      if (entries) {
        this.load(offset, entries, now, expirationMs)
        return
      }
      onDamaged(offset)
      this.removeSnapshot(offset)
    }
  }

  private load(
    offset: number,
    entries: readonly ProducerSnapshotEntry[],
    now: number,
    expirationMs: number,
  ): void {
    const states = entries.map(stateFromSnapshot).filter((state) => !isExpired(state, now, expirationMs))
    for (const state of states) this.producers.set(state.producerId, state)
    const open = states.filter((state) => state.currentTxnFirstOffset >= 0)
    open.sort((a, b) => a.currentTxnFirstOffset - b.currentTxnFirstOffset)
    this.ongoing = new Map(open.map((state) => [state.currentTxnFirstOffset, state.producerId]))
    this.mapEndOffset = offset
  }

  /** Removes all producers; the log is empty at `offset`. Snapshots are kept. */
  clear(offset: number): void {
    this.producers.clear()
    this.ongoing.clear()
    this.unreplicated.clear()
    this.mapEndOffset = offset
  }

  /**
   * Removes the snapshots that belong to no segment, except the newest: each clean stop leaves one, and only the last
   * is used (ProducerStateManager.removeStraySnapshots). `bases`: the base offsets of the segments.
   */
  removeStraySnapshots(bases: readonly number[]): void {
    const newest = this.snapshots.at(-1)
    for (const snapshot of [...this.snapshots]) {
      if (snapshot !== newest && !bases.includes(snapshot)) this.removeSnapshot(snapshot)
    }
  }

  /** Removes the snapshots below `offset`: their segments are deleted. */
  removeSnapshotsBefore(offset: number): void {
    for (const snapshot of [...this.snapshots]) if (snapshot < offset) this.removeSnapshot(snapshot)
  }

  removeAllSnapshots(): void {
    for (const snapshot of [...this.snapshots]) this.removeSnapshot(snapshot)
  }

  private removeSnapshot(offset: number): void {
    this.snapshots = this.snapshots.filter((snapshot) => snapshot !== offset)
    this.storage.remove(this.snapshotPath(offset))
  }

  private snapshotPath(offset: number): string {
    return `${this.folder}/${segmentFile(offset, 'snapshot')}`
  }
}

function isExpired(state: ProducerState, now: number, expirationMs: number): boolean {
  return state.currentTxnFirstOffset < 0 && minus(now, state.lastTimestamp) >= expirationMs
}

function snapshotEntry(state: ProducerState) {
  const last = state.batches.at(-1)
  return {
    producerId: state.producerId,
    epoch: state.producerEpoch,
    lastSequence: lastSequence(state),
    lastOffset: last?.lastOffset ?? -1,
    offsetDelta: last?.offsetDelta ?? 0,
    timestamp: state.lastTimestamp,
    coordinatorEpoch: state.coordinatorEpoch,
    currentTxnFirstOffset: state.currentTxnFirstOffset,
  }
}

/** A snapshot stores only the last of the five batches: after a restart, an older retry is out of order, as in Kafka. */
function stateFromSnapshot(entry: ProducerSnapshotEntry): ProducerState {
  const { lastSequence, offsetDelta, timestamp } = entry
  const lastOffset = nearestNumber(entry.lastOffset)
  return {
    producerId: entry.producerId,
    producerEpoch: entry.epoch,
    coordinatorEpoch: entry.coordinatorEpoch,
    lastTimestamp: timestamp,
    currentTxnFirstOffset: nearestNumber(entry.currentTxnFirstOffset),
    batches: lastOffset < 0 ? [] : [{ lastSequence, lastOffset, offsetDelta, timestamp }],
  }
}
