/**
 * All producers of a partition, their open transactions, and how both survive a restart. (ProducerStateManager)
 *
 * The state is a function of the log: read from the beginning, batch header by batch header, it comes out the
 * same on every replica. Snapshots only make the reading shorter (producer-snapshot.ts).
 *
 *   first offset of a transaction's records     marker
 *        |                                        |
 *     ---[======= ongoing ========================X]======= unreplicated ===|---- decided
 *                                                          until the high watermark passes the marker
 *
 * PRODUCERS-1  `mapEndOffset`: the state holds what the batches below this offset say
 * PRODUCERS-2  the first unstable offset is the smallest first offset of an ongoing or unreplicated transaction: a
 *     marker that may still be lost has decided nothing
 * PRODUCERS-3  an idle producer is forgotten after producer.id.expiration.ms, but not while its transaction is open
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

/** Where snapshots are kept: of a Storage, as much as they need. */
export type SnapshotStorage = Pick<Storage, 'list' | 'readFile'> & RenameStorage

/** `lastDataOffset` is undefined when only markers are known of the producer. */
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

  /** The state of a producer, empty when it is unknown; never to be changed by the caller. */
  stateOf(producerId: Int64): ProducerState {
    return this.producers.get(producerId) ?? emptyProducerState(producerId)
  }

  /** What compaction keeps of each producer: its last batch of data, or the marker with its epoch. */
  lastRecords(): Map<Int64, LastRecord> {
    const records = new Map<Int64, LastRecord>()
    for (const { producerId, producerEpoch, batches } of this.producers.values()) {
      records.set(producerId, { lastDataOffset: batches.at(-1)?.lastOffset, producerEpoch })
    }
    return records
  }

  /** PRODUCERS-2; undefined when all is decided. */
  firstUnstableOffset(): number | undefined {
    let first: number | undefined
    for (const offset of this.ongoing.keys()) {
      first = offset
      break
    }
    for (const offset of this.unreplicated.keys()) if (first === undefined || offset < first) first = offset
    return first
  }

  /** The high watermark is here now: markers below it decide for good. */
  onHighWatermark(highWatermark: number): void {
    for (const [firstOffset, marker] of this.unreplicated) {
      if (marker < highWatermark) this.unreplicated.delete(firstOffset)
    }
  }

  /**
   * Takes in a batch that was appended, `bytes[at…]` being the whole of it. Gives the entry for the transaction
   * index when it aborted a transaction.
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
    // A transaction that wrote nothing here ends without a trace.
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

  /** Writes `<mapEndOffset>.snapshot` when there is none yet, and room for it: without it, the next start reads more. At 0 there is nothing to write. */
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
   * Begins anew with the newest good snapshot at or below `endOffset`; what lies between it and `endOffset` is
   * to be read from the log then. Snapshots beyond `endOffset` are of a log that is no more, and removed.
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

  /** Forgets all producers; the log is empty at `offset`. Snapshots stay. */
  clear(offset: number): void {
    this.producers.clear()
    this.ongoing.clear()
    this.unreplicated.clear()
    this.mapEndOffset = offset
  }

  /**
   * Removes the snapshots that no segment begins at, but for the newest: each clean stop leaves one, and only the last
   * is of use (ProducerStateManager.removeStraySnapshots). `bases`: where the segments begin.
   */
  removeStraySnapshots(bases: readonly number[]): void {
    const newest = this.snapshots.at(-1)
    for (const snapshot of [...this.snapshots]) {
      if (snapshot !== newest && !bases.includes(snapshot)) this.removeSnapshot(snapshot)
    }
  }

  /** Removes the snapshots below `offset`: their segments are gone. */
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

/** Of the five batches only the last one survives a snapshot: an older retry is out of order then, as in Kafka. */
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
