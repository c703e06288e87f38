/**
 * When a snapshot of the metadata is written, which snapshots are kept, and which part of the log is deleted with them.
 *
 *   write      after metadata.log.max.record.bytes.between.snapshots of new records, or after
 *              metadata.log.max.snapshot.interval.ms if there are any new records; checked with each new image
 *   keep       the two newest: if the newest cannot be read, the other one is used
 *   log size   if the log exceeds metadata.max.retention.bytes, it is deleted up to the older of the two
 *   log age    if the older of the two exceeds metadata.max.retention.ms, it is deleted, and the log up to the newest
 *
 * - a snapshot is written in turns: it may have a million records
 *
 * METADATA-SNAPSHOT-2  the log start offset is never above the newest readable snapshot
 *
 * (org.apache.kafka.image.publisher.SnapshotGenerator, KafkaMetadataLog)
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import type { Core } from '../../core.ts'
import { HEADER_SIZE, readBatchHeader } from '../../record/batch.ts'
import { settledNow } from '../../settled-time.ts'
import { METADATA_FOLDER } from '../../topic-names.ts'
import type { Job, Steps, Turns } from '../../turns.ts'
import { minus } from '../../wire/int64.ts'
import { recordsOf } from './image-records.ts'
import type { MetadataImage } from './metadata-image.ts'
import type { MetadataLog } from './metadata-log.ts'
import {
  decodeSnapshot,
  encodeSnapshot,
  type Snapshot,
  type SnapshotId,
  snapshotIdOf,
  snapshotName,
} from './metadata-snapshot.ts'

const KEPT = 2

export class SnapshotGenerator {
  private readonly core: Core
  private readonly config: BrokerConfig
  private readonly turns: Turns
  /** When the last snapshot was written, or this object created (monotonic ms). */
  private lastMs: number
  private lastBytes = 0
  private isWriting = false
  private job: Job | undefined

  constructor({ core, config, turns }: { core: Core; config: BrokerConfig; turns: Turns }) {
    this.turns = turns
    this.core = core
    this.config = config
    this.lastMs = core.clock.monotonicMs()
  }

  /** The newest readable snapshot; undefined if there is none. */
  load(): (SnapshotId & Snapshot) | undefined {
    for (const id of this.ids().toReversed()) {
      const name = snapshotName(id)
      try {
        const bytes = this.core.storage.readFile(`${METADATA_FOLDER}/${name}`)
        if (bytes) return { ...id, ...decodeSnapshot(bytes, name) }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.core.log('warn', `skipping the metadata snapshot ${name}, which cannot be read: ${why}`)
      }
    }
    return undefined
  }

  /** Called with each new image: writes a snapshot of it if one is due, and none is being written. */
  maybeWrite(image: MetadataImage, log: MetadataLog): void {
    const nowMs = this.core.clock.monotonicMs()
    const bytes = log.bytesSinceStart - this.lastBytes
    const hasEnough = bytes >= this.config.get('metadata.log.max.record.bytes.between.snapshots')
    const intervalMs = this.config.get('metadata.log.max.snapshot.interval.ms')
    if (this.isWriting || (!hasEnough && (intervalMs === 0 || nowMs - this.lastMs < intervalMs))) return
    this.lastMs = nowMs
    this.lastBytes = log.bytesSinceStart
    this.isWriting = true
    const written = (): void => {
      this.isWriting = false
    }
    const failed = (error: unknown): void => {
      written()
      // No data is lost: the log still has all records, and the next snapshot will include them.
      this.core.log('warn', `could not write a metadata snapshot: ${String(error)}`)
    }
    this.job = this.turns.run(this.write(image, log), written, failed, { name: 'a metadata snapshot' })
  }

  /** An image does not change, so it may be written in turns. */
  private *write(image: MetadataImage, log: MetadataLog): Steps<void> {
    const id = { endOffset: image.offset + 1, epoch: log.leaderEpoch }
    const terms = { voter: log.voter, epoch: id.epoch, lastMs: this.core.clock.now() }
    const bytes = yield* encodeSnapshot(recordsOf(image), terms, this.turns)
    this.core.storage.writeFileAtomic(`${METADATA_FOLDER}/${snapshotName(id)}`, bytes)
    this.deleteOldSnapshots(log)
  }

  /** Drops a snapshot that is being written. */
  close(): void {
    this.job?.cancel()
  }

  private deleteOldSnapshots(log: MetadataLog): void {
    const ids = this.ids()
    for (const id of ids.slice(0, -KEPT)) this.core.storage.remove(`${METADATA_FOLDER}/${snapshotName(id)}`)
    const oldest = ids.slice(-KEPT)[0]
    const newest = ids.at(-1)
    if (ids.length < KEPT || !oldest || !newest) return
    if (this.isTooOld(oldest)) {
      log.deleteRecordsBefore(newest.endOffset)
      this.core.storage.remove(`${METADATA_FOLDER}/${snapshotName(oldest)}`)
    } else if (log.asLog.sizeBytes > this.config.get('metadata.max.retention.bytes')) {
      log.deleteRecordsBefore(oldest.endOffset)
    }
  }

  /** By the timestamp in its header (KafkaMetadataLog.cleanSnapshotsRetentionMs); false if it cannot be read. */
  private isTooOld(id: SnapshotId): boolean {
    const bytes = this.core.storage.readFile(`${METADATA_FOLDER}/${snapshotName(id)}`)
    const ms = bytes && bytes.length >= HEADER_SIZE ? readBatchHeader(bytes).maxTimestamp : undefined
    const retentionMs = this.config.get('metadata.max.retention.ms')
    return ms !== undefined && retentionMs >= 0 && minus(settledNow(this.core.clock), ms) > retentionMs
  }

  /** Oldest first. */
  private ids(): SnapshotId[] {
    const ids = this.core.storage.list(METADATA_FOLDER).flatMap((name) => snapshotIdOf(name) ?? [])
    return ids.sort((a, b) => a.endOffset - b.endOffset || a.epoch - b.epoch)
  }
}
