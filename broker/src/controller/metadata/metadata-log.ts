/**
 * `__cluster_metadata-0`: the log with the metadata of the cluster.
 *
 *   LeaderChange, Voters | FeatureLevel … | RegisterBroker | Topic, Partition, Partition | Config | …
 *    control (quorum-voters.ts)      one batch per decision: all of its records, or none
 *
 * Kafka replicates it with Raft between its controllers (KIP-500, KIP-595). With one voter there is no real vote: each
 * start is a new leader epoch, and everything on this disk is committed. Unlike the logs of topics it is flushed before a
 * request completes, as no other replica has the records.
 *
 * METADATA-LOG-1  the records of one decision are one batch, of at most BATCH_BYTES_MAX
 * METADATA-LOG-2  `done` is called once the batch is on disk; decisions that are made during a flush share the next one
 * METADATA-LOG-3  after a failed flush nothing is decided any more, as it is unknown what is on disk (Kafka halts the
 *     process)
 */

import type { Logger } from '../../core.ts'
import type { Log } from '../../log/log.ts'
import { DamagedLogError } from '../../log/sound-batches.ts'
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  type MetadataRecordInput,
} from '../../messages/records/metadata-frame.ts'
import { epochBatch, type Voter, votersIn } from '../../quorum/voters/quorum-voters.ts'
import { batchSizeAt, isControl, readBatchHeader } from '../../record/batch.ts'
import { buildBatch } from '../../record/batch-builder.ts'
import { readRecords } from '../../record/record.ts'
import { METADATA_FOLDER } from '../../topic-names.ts'
import { finish, oneStep, type Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Snapshot, SnapshotId } from './metadata-snapshot.ts'

/** Called with each record and its offset. */
export type Replay = (record: MetadataRecord, offset: number) => void

/** A record that was appended. */
export interface AppendedRecord {
  readonly record: MetadataRecord
  readonly offset: number
}

/** The largest batch (KafkaRaftClient.MAX_BATCH_SIZE_BYTES). Here only the values count, not the frames of the records. */
const BATCH_BYTES_MAX = 8 * 1_048_576

export class MetadataLog {
  private readonly log: Log
  private readonly now: () => number
  /** The only voter: this node. */
  readonly voter: Voter
  private readonly say: Logger
  private voters: readonly Voter[] = []
  private waiting: ((error?: Error) => void)[] = []
  private flushing = false
  private onDisk = 0
  private closed = false
  private bytes = 0
  private failure: Error | undefined

  constructor(options: { log: Log; voter: Voter; now: () => number; say: Logger }) {
    this.log = options.log
    this.voter = options.voter
    this.say = options.say
    this.now = options.now
  }

  get endOffset(): number {
    return this.log.logEndOffset
  }

  /** All records below this offset are on disk. */
  get flushedOffset(): number {
    return this.onDisk
  }

  get leaderEpoch(): number {
    return this.log.latestEpoch
  }

  /** The bytes that were replayed and appended since this node started. */
  get bytesSinceStart(): number {
    return this.bytes
  }

  /** Deletes the segments below `offset`; a snapshot contains their records. */
  deleteRecordsBefore(offset: number): void {
    this.log.deleteRecordsBefore(offset)
    this.log.maintain()
  }

  /** Replays the log, or the part after a snapshot; then starts a new leader epoch. Throws DamagedLogError if records are damaged or missing. */
  start(replay: Replay, snapshot?: SnapshotId & Snapshot): void {
    const { endOffset = 0, epoch = 0, voters = [] } = snapshot ?? {}
    if (this.log.logStartOffset > endOffset)
      throw new DamagedLogError(
        `${METADATA_FOLDER} begins at offset ${this.log.logStartOffset}, and no snapshot (.checkpoint) that can be read goes so far: put one back from a backup`,
      )
    if (this.log.logEndOffset < endOffset) this.log.truncateFullyAndStartAt(endOffset)
    this.voters = voters
    this.readAll(replay, endOffset)
    // Records that were read from the disk count as flushed.
    this.onDisk = this.log.logEndOffset
    const leaderEpoch = Math.max(epoch, this.log.latestEpoch) + 1
    this.log.startLeaderEpoch(leaderEpoch)
    const at = { baseOffset: this.log.logEndOffset, leaderEpoch, timestamp: this.now() }
    this.write(epochBatch(this.voter, this.voters, at), leaderEpoch)
  }

  /** Calls `visit` with every record from an offset on, in order. */
  readAll(visit: Replay, from = this.log.logStartOffset): void {
    const replay = (bytes: Uint8Array, at: number): Steps<void> =>
      oneStep(() => {
        this.bytes += batchSizeAt(bytes, at)
        this.replayBatch(bytes, at, visit)
      })
    finish(this.log.visitSound(from, replay))
  }

  private replayBatch(bytes: Uint8Array, at: number, replay: Replay): void {
    if (isControl(readBatchHeader(bytes, at))) {
      this.voters = votersIn(bytes, at) ?? this.voters
      return
    }
    for (const { value, offset } of readRecords(bytes, at)) {
      if (value) replay(decodeMetadataRecord(value), offset)
    }
  }

  /**
   * Appends the records of one decision as one batch, and returns them as they are read back. Nothing is written before
   * all of them are encoded, which takes turns if there are many. Throws KafkaError, StorageError.
   */
  *append(records: readonly MetadataRecordInput[], pace: Pace): Steps<AppendedRecord[]> {
    const values: Uint8Array[] = []
    const readBack: MetadataRecord[] = []
    let bytes = 0
    for (const record of records) {
      if (pace.isOver) yield
      const value = encodeMetadataRecord(record)
      bytes += value.length
      if (bytes > BATCH_BYTES_MAX) throw batchTooLarge(bytes)
      values.push(value)
      readBack.push(decodeMetadataRecord(value))
    }
    if (this.closed) throw new KafkaError(ErrorCode.NOT_CONTROLLER, 'The controller has stopped.')
    if (this.failure) throw new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR, this.failure.message)
    const timestamp = this.now()
    const batch = buildBatch(values.map((value) => ({ key: null, value, timestamp })))
    const firstOffset = this.write(batch, this.log.latestEpoch)
    return readBack.map((record, at) => ({ record, offset: firstOffset + at }))
  }

  private write(batch: Uint8Array, leaderEpoch: number): number {
    this.bytes += batch.length
    const { firstOffset } = this.log.appendAsLeader(batch, { leaderEpoch, origin: 'raft' })
    this.log.highWatermark = this.log.logEndOffset
    return firstOffset
  }

  /** Calls `done` once all records appended so far are on disk (METADATA-LOG-2). */
  whenFlushed(done: (error?: Error) => void): void {
    if (this.closed) return done(new Error('the metadata log was closed'))
    if (this.failure) return done(this.failure)
    this.waiting.push(done)
    if (!this.flushing) this.flush()
  }

  private flush(): void {
    const served = this.waiting
    this.waiting = []
    this.flushing = true
    const end = this.endOffset
    this.log.flush((error) => {
      this.flushing = false
      if (error) return this.fail(error, served)
      this.onDisk = end
      for (const done of served) done()
      if (this.waiting.length > 0 && !this.flushing && !this.closed) this.flush()
    })
  }

  /**
   * It is unknown which part of the last write is on disk: all waiting requests and all later ones get this error
   * (METADATA-LOG-3).
   */
  private fail(cause: Error, served: readonly ((error?: Error) => void)[]): void {
    this.failure = new Error(`The controller has stopped: the metadata log was not written: ${cause.message}`)
    this.say(
      'error',
      `${this.failure.message}; clients can still produce and fetch, but nothing can be created or changed. Repair the disk, then restart the broker`,
    )
    for (const done of [...served, ...this.waiting.splice(0)]) done(this.failure)
  }

  /** The log itself, for clients that fetch it like a topic. */
  get asLog(): Log {
    return this.log
  }

  /**
   * Requests that wait for a flush get an error. To have them on disk, wait for `whenFlushed` before
   * (METADATA-LOG-2).
   */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.log.close()
    for (const done of this.waiting.splice(0)) done(new Error('the metadata log was closed'))
  }
}

function batchTooLarge(bytes: number): KafkaError {
  const message = `Total record(s) size of ${bytes} exceeds the maximum allowed batch size of ${BATCH_BYTES_MAX}`
  return new KafkaError(ErrorCode.RECORD_LIST_TOO_LARGE, message)
}
