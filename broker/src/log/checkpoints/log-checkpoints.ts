/**
 * The four checkpoints of a log directory, as they are kept while the broker runs. (LogManager.checkpoint…)
 *
 *   start   read once; each log takes its entries when it is opened
 *   run     written now and then, and at once where a record that was deleted must not come back
 *   stop    written last, before the mark of a clean stop
 *
 * LOG-CHECKPOINTS-2  entries of logs that could not be opened are kept as they were: their disk may be well again the
 *     next time
 * LOG-CHECKPOINTS-3  a file that is damaged or cannot be read counts as missing, and somebody is told: more is read
 *     again, nothing is lost but the memory of what DeleteRecords had cut off within a segment
 */
import type { Logger, Storage } from '../../core.ts'
import type { PartitionLog } from '../partition-log.ts'
import { CheckpointName, type PartitionOffset, readOffsets, writeOffsets } from './checkpoints.ts'

/** What the last stop, or the last checkpoint before a crash, said of a log. */
export interface LogEntries {
  readonly recoveryPoint: number
  readonly logStartOffset: number | undefined
  readonly firstDirtyOffset: number
}

type Offsets = Map<string, number>

export class LogCheckpoints {
  private readonly storage: Storage
  private readonly log: Logger
  private readonly logs: () => Iterable<PartitionLog>
  private readonly left = new Map<CheckpointName, Offsets>()

  /** `logs`: those that are open. */
  constructor(storage: Storage, log: Logger, logs: () => Iterable<PartitionLog>) {
    this.storage = storage
    this.log = log
    this.logs = logs
  }

  read(): void {
    for (const name of Object.values(CheckpointName)) {
      const offsets = readOffsets(this.storage, name)
      if (!offsets) {
        const what = 'its entries are taken as unknown: logs are checked from their beginning'
        this.log('warn', `${name} is damaged; ${what}. It is written anew`)
      }
      this.left.set(name, offsets ?? new Map())
    }
  }

  entriesOf(folder: string): LogEntries {
    return {
      recoveryPoint: this.left.get(CheckpointName.RECOVERY_POINT)?.get(folder) ?? 0,
      logStartOffset: this.left.get(CheckpointName.LOG_START)?.get(folder),
      firstDirtyOffset: this.left.get(CheckpointName.CLEANER)?.get(folder) ?? 0,
    }
  }

  /** The log speaks for itself now, or is no more: a topic that is made again under its name begins at 0. */
  forget(folder: string): void {
    for (const offsets of this.left.values()) offsets.delete(folder)
  }

  /** All logs that can be opened are: what else has entries is no more, but for `unknown` (LOG-CHECKPOINTS-2). */
  keepOnly(unknown: ReadonlySet<string>): void {
    for (const offsets of this.left.values())
      for (const folder of offsets.keys()) if (!unknown.has(folder)) offsets.delete(folder)
  }

  /** All but the cleaner's. */
  write(): void {
    this.writeOne(CheckpointName.RECOVERY_POINT, (log) => log.recoveryPoint)
    this.writeOne(CheckpointName.LOG_START, startToKeep)
    this.writeOne(CheckpointName.HIGH_WATERMARK, (log) => log.highWatermark)
  }

  /** How far compaction has come. */
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

/** A start that the first segment's name tells needs no entry. */
function startToKeep({ logStartOffset, segments }: PartitionLog): number | undefined {
  return logStartOffset > segments[0]!.baseOffset ? logStartOffset : undefined
}
