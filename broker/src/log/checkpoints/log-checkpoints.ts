/**
 * The four checkpoints of a log directory while the broker runs. (LogManager.checkpoint…)
 *
 *   start   read once; each log takes its entries when it is opened
 *   run     written periodically, and at once after DeleteRecords, because a deleted record must not reappear
 *   stop    written last, before the clean shutdown file
 *
 * LOG-CHECKPOINTS-2  entries of logs that could not be opened are kept unchanged: the disk may work again at the next
 *     start
 * LOG-CHECKPOINTS-3  a file that is damaged or unreadable counts as missing, and a warning is logged: recovery reads
 *     more, and only a log start offset within a segment, set by DeleteRecords, is lost
 */
import type { Logger, Storage } from '../../core.ts'
import type { PartitionLog } from '../partition-log.ts'
import { CheckpointName, type PartitionOffset, readOffsets, writeOffsets } from './checkpoints.ts'

/** The checkpointed offsets of one log, from the last stop or the last checkpoint before a crash. */
export interface LogEntries {
  readonly recoveryPoint: number
  readonly logStartOffset: number | undefined
  /** Undefined: not known, so nothing counts as committed until the leader says so. */
  readonly highWatermark: number | undefined
  readonly firstDirtyOffset: number
}

type Offsets = Map<string, number>

export class LogCheckpoints {
  private readonly storage: Storage
  private readonly log: Logger
  private readonly logs: () => Iterable<PartitionLog>
  private readonly left = new Map<CheckpointName, Offsets>()

  /** `logs`: the open logs. */
  constructor(storage: Storage, log: Logger, logs: () => Iterable<PartitionLog>) {
    this.storage = storage
    this.log = log
    this.logs = logs
  }

  read(): void {
    for (const name of Object.values(CheckpointName)) {
      const offsets = readOffsets(this.storage, name)
      if (!offsets) {
        const what = 'its entries are unknown, so logs are recovered from their beginning'
        this.log('warn', `${name} is damaged; ${what}. It will be rewritten`)
      }
      this.left.set(name, offsets ?? new Map())
    }
  }

  entriesOf(folder: string): LogEntries {
    return {
      recoveryPoint: this.left.get(CheckpointName.RECOVERY_POINT)?.get(folder) ?? 0,
      logStartOffset: this.left.get(CheckpointName.LOG_START)?.get(folder),
      highWatermark: this.left.get(CheckpointName.HIGH_WATERMARK)?.get(folder),
      firstDirtyOffset: this.left.get(CheckpointName.CLEANER)?.get(folder) ?? 0,
    }
  }

  /** The log is open and knows its offsets now, or it was deleted: a new topic of the same name begins at 0. */
  forget(folder: string): void {
    for (const offsets of this.left.values()) offsets.delete(folder)
  }

  /** Drops the entries of logs that no longer exist; those in `unknown` are kept (LOG-CHECKPOINTS-2). */
  keepOnly(unknown: ReadonlySet<string>): void {
    for (const offsets of this.left.values())
      for (const folder of offsets.keys()) if (!unknown.has(folder)) offsets.delete(folder)
  }

  /** Writes all but the cleaner's. */
  write(): void {
    this.writeOne(CheckpointName.RECOVERY_POINT, (log) => log.recoveryPoint)
    this.writeOne(CheckpointName.LOG_START, startToKeep)
    this.writeOne(CheckpointName.HIGH_WATERMARK, (log) => log.highWatermark)
  }

  /** Writes the offsets up to which logs are compacted. */
  writeCleaner(): void {
    this.writeOne(CheckpointName.CLEANER, (log) => log.compaction.firstDirtyOffset || undefined)
  }

  private writeOne(name: CheckpointName, offsetOf: (log: PartitionLog) => number | undefined): void {
    const entries: PartitionOffset[] = []
    for (const log of this.logs()) {
      const offset = offsetOf(log)
      if (offset !== undefined) entries.push({ topic: log.topic, partition: log.partition, offset })
    }
    for (const [folder, offset] of this.left.get(name) ?? []) {
      const at = folder.lastIndexOf('-')
      entries.push({ topic: folder.slice(0, at), partition: Number(folder.slice(at + 1)), offset })
    }
    writeOffsets(this.storage, name, entries)
  }
}

/** If the log start offset equals the base offset of the first segment, no entry is needed. */
function startToKeep({ logStartOffset, segments }: PartitionLog): number | undefined {
  return logStartOffset > segments[0]!.baseOffset ? logStartOffset : undefined
}
