/**
 * When a snapshot of the metadata is written, which are kept, and what of the log goes with them.
 *
 *   written    when metadata.log.max.record.bytes.between.snapshots have come since the last one, or anything at all
 *              within metadata.log.max.snapshot.interval.ms; looked at with each new image, for without one there is
 *              nothing to write
 *   kept       the newest two: should the newest not be readable, the one before is
 *   the log    when it is bigger than metadata.max.retention.bytes, begins at the older of the two
 *   age        the older of the two goes when it is older than metadata.max.retention.ms, and the log begins at the newest
 *
 * METADATA-SNAPSHOT-2  the log's beginning is never above a snapshot that can be read
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import type { Core } from '../../core.ts'
import { HEADER_SIZE, readBatchHeader } from '../../record/batch.ts'
import { settledNow } from '../../settled-time.ts'
import { METADATA_FOLDER } from '../../topic-names.ts'
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
  /** When the last one was written, or considered first (monotonic ms). */
  private lastMs: number
  private lastBytes = 0

  constructor({ core, config }: { core: Core; config: BrokerConfig }) {
    this.core = core
    this.config = config
    this.lastMs = core.clock.monotonicMs()
  }

  /** The newest snapshot that can be read; undefined when there is none. */
  load(): (SnapshotId & Snapshot) | undefined {
    for (const id of this.ids().toReversed()) {
      const name = snapshotName(id)
      try {
        const bytes = this.core.storage.readFile(`${METADATA_FOLDER}/${name}`)
        if (bytes) return { ...id, ...decodeSnapshot(bytes, name) }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.core.log('warn', `the metadata snapshot ${name} is passed over: ${why}`)
      }
    }
    return undefined
  }

  /** A new image is out: writes a snapshot of it when it is time. */
  consider(image: MetadataImage, log: MetadataLog): void {
    const nowMs = this.core.clock.monotonicMs()
    const bytes = log.bytesSinceStart - this.lastBytes
    const isMuch = bytes >= this.config.get('metadata.log.max.record.bytes.between.snapshots')
    const intervalMs = this.config.get('metadata.log.max.snapshot.interval.ms')
    if (!isMuch && (intervalMs === 0 || nowMs - this.lastMs < intervalMs)) return
    this.lastMs = nowMs
    this.lastBytes = log.bytesSinceStart
    this.write(image, log)
  }

  private write(image: MetadataImage, log: MetadataLog): void {
    const id = { endOffset: image.offset + 1, epoch: log.leaderEpoch }
    const lastMs = this.core.clock.now()
    try {
      const bytes = encodeSnapshot(recordsOf(image), { voter: log.voter, epoch: id.epoch, lastMs })
      this.core.storage.writeFileAtomic(`${METADATA_FOLDER}/${snapshotName(id)}`, bytes)
      this.forgetOlder(log)
    } catch (error) {
      // The log has everything still: the next one will do.
      this.core.log('warn', `no metadata snapshot was written: ${String(error)}`)
    }
  }

  private forgetOlder(log: MetadataLog): void {
    const ids = this.ids()
    for (const id of ids.slice(0, -KEPT)) this.core.storage.remove(`${METADATA_FOLDER}/${snapshotName(id)}`)
    const oldest = ids.slice(-KEPT)[0]
    const newest = ids.at(-1)
    if (ids.length < KEPT || !oldest || !newest) return
    if (this.isTooOld(oldest)) {
      log.forgetBefore(newest.endOffset)
      this.core.storage.remove(`${METADATA_FOLDER}/${snapshotName(oldest)}`)
    } else if (log.asLog.sizeBytes > this.config.get('metadata.max.retention.bytes')) {
      log.forgetBefore(oldest.endOffset)
    }
  }

  /** By the time that its header says (KafkaMetadataLog.cleanSnapshotsRetentionMs); one that can't be read is not judged. */
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
