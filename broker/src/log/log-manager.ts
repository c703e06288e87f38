/**
 * All logs of one log directory: opened, checkpointed, deleted, and closed so that the next start is quick.
 *
 *   <log.dirs>/
 *     orders-0/ …                           a folder a partition (files.ts)
 *     recovery-point-offset-checkpoint      up to where each log is known to be on disk
 *     log-start-offset-checkpoint           where each log begins, when DeleteRecords has moved it
 *     replication-offset-checkpoint         the high watermarks
 *     cleaner-offset-checkpoint             up to where compaction came
 *     .kafka_cleanshutdown                  there only between a clean stop and the next start
 *
 * After a clean stop every file is as it was closed, and is trusted. After a crash the end of a log may be torn: what
 * lies above the recovery point is checked batch by batch (recovery.ts). The marker is removed first thing, so that a
 * crash during the start is a crash.
 *
 * LOG-MANAGER-1  a checkpoint never claims more than is on disk
 * LOG-MANAGER-2  a deleted partition's folder is renamed at once, so its name is free, and removed `file.delete.delay.ms` later
 * LOG-MANAGER-3  a partition's folder that no topic owns is put aside as `-stray`, not deleted: it may be all that is
 *     left of a topic's data. A folder that only has such a name, and no file of a partition, is left alone
 * LOG-MANAGER-4  while a log could not be opened, no stop is marked as clean: it may be torn
 * LOG-MANAGER-5  a partition's folder that is gone while the broker runs is noticed within LOOK_MS, and its log closed:
 *     appends would go on into files that have no name, and be lost with the process
 */

import { type Core, StorageError, type Timer } from '../core.ts'
import type { Codecs } from '../record/compression.ts'
import { METADATA_FOLDER, partitionKey } from '../topic-names.ts'
import type { Job, Steps, Turns } from '../turns.ts'
import { LogCheckpoints } from './checkpoints/log-checkpoints.ts'
import { type CleanerSettings, LogCleaner } from './compaction/cleaner.ts'
import { DiskTroubles, explain } from './disk-trouble.ts'
import { deletedFolder, isDeletedFolder, isPartitionFile, partitionOfFolder, strayFolder } from './files.ts'
import type { Log, LogConfig } from './log.ts'
import type { LogFactory } from './log-part.ts'
import { LogPartAdapter } from './log-part-adapter.ts'
import { openLog } from './open-log.ts'
import type { PartitionLog } from './partition-log.ts'
import {
  NO_BROKER_EPOCH,
  readCleanShutdown,
  removeCleanShutdown,
  writeCleanShutdown,
} from './recovery/clean-shutdown.ts'

/** The metadata log lies in the same folder, but is the controller's. */

const FLUSH_CHECK_MS_MAX = 1000
/** How often it is looked whether the folders are still there: one reading of the log directory. */
const LOOK_MS = 5000

/** Times in ms, each named after its config key. */
export interface LogManagerSettings {
  readonly fileDeleteDelayMs: number
  readonly flushOffsetCheckpointIntervalMs: number
  readonly retentionCheckIntervalMs: number
  /** When checkpoints are written and retention is looked after for the first time. */
  readonly initialTaskDelayMs: number
  readonly flushCheckIntervalMs: number
  readonly producerIdExpirationCheckIntervalMs: number
}

export interface LogManagerOptions {
  readonly core: Core
  /** For the removal of many files. */
  readonly turns: Turns
  readonly settings: LogManagerSettings
  readonly cleaner: () => CleanerSettings
  /** A topic's settings by the newest metadata. */
  readonly configOf: (topic: string) => LogConfig
  readonly codecs: Codecs
  /** The folder of an open log is gone; the log is closed, and ours no more (LOG-MANAGER-5). */
  readonly onLost?: ((log: Log, error: StorageError) => void) | undefined
  /** Makes the logs of all but internal topics, instead of ours: a learner's part. */
  readonly logPart?: LogFactory | undefined
}

export class LogManager {
  private readonly options: LogManagerOptions
  private readonly core: Core
  /** Our logs by folder; a learner's are not ours to checkpoint. */
  private readonly logs = new Map<string, PartitionLog>()
  private readonly timers = new Set<Timer>()
  private readonly cleaner: LogCleaner
  private clean = false
  /** Files and folders that nobody needs any more, and who removes them. */
  private readonly doomed: string[] = []
  private removal: Job | undefined
  private isRemoving = false
  private checkpointing = false
  private readonly checkpoints: LogCheckpoints
  private readonly troubles: DiskTroubles
  /** Folders of logs that could not be opened: nobody knows how they are (LOG-MANAGER-4). */
  private readonly unknown = new Set<string>()

  constructor(options: LogManagerOptions) {
    this.options = options
    this.core = options.core
    const { storage, clock, log } = options.core
    this.checkpoints = new LogCheckpoints(storage, log, () => this.logs.values())
    this.troubles = new DiskTroubles(clock, log)
    this.cleaner = new LogCleaner({
      core: options.core,
      settings: options.cleaner,
      logs: () => this.logs.values(),
      onCleaned: () => this.guarded(undefined, () => this.checkpoints.writeCleaner()),
      onTrouble: (log, error) => this.tell(log, error),
    })
  }

  /** Reads what the last stop left behind, and begins the periodic work. */
  start(): void {
    const { storage } = this.core
    this.clean = readCleanShutdown(storage) !== undefined
    removeCleanShutdown(storage)
    this.checkpoints.read()
    this.remove(storage.list('').filter(isDeletedFolder))
    const { settings } = this.options
    const first = settings.initialTaskDelayMs
    this.every(settings.flushOffsetCheckpointIntervalMs, 'checkpoints', () => this.checkpoint(), first)
    this.every(settings.retentionCheckIntervalMs, 'retention', () => this.maintain(), first)
    this.every(LOOK_MS, 'look for folders', () => this.lookForFolders())
    this.every(settings.producerIdExpirationCheckIntervalMs, 'forget idle producers', () =>
      this.forgetIdleProducers(),
    )
    this.every(Math.min(settings.flushCheckIntervalMs, FLUSH_CHECK_MS_MAX), 'flush of logs', () =>
      this.flushOld(),
    )
    this.cleaner.start()
  }

  /** Opens a partition's log, making it when it is new, recovering it when the last stop was not clean. */
  open(topic: string, partition: number, topicId: string): Log {
    const config = this.options.configOf(topic)
    if (this.options.logPart && !topic.startsWith('__')) {
      const part = this.options.logPart(topic, partition)
      const { clock, trace } = this.core
      const { codecs } = this.options
      return new LogPartAdapter({ topic, partition, topicId, part, config, clock, trace, codecs })
    }
    const folder = partitionKey(topic, partition)
    this.unknown.add(folder)
    const { core, checkpoints } = this
    const opened = openLog({
      ...core,
      ...checkpoints.entriesOf(folder),
      folder,
      topic,
      partition,
      topicId,
      config,
      codecs: this.options.codecs,
      onLogStartMoved: () => this.checkpointSoon(),
      removeLater: (paths) => this.removeLater(paths, topic),
      onFlushFailed: (error) => this.tellUnusable(folder, error),
      hadCleanShutdown: this.clean,
    })
    this.unknown.delete(folder)
    this.logs.set(folder, opened)
    checkpoints.forget(folder)
    return opened
  }

  private tellUnusable(folder: string, error: Error): void {
    const what = `${folder} takes no more records until the broker is started again: what it has may not be on disk`
    this.core.log('error', `${what}. ${explain(error)}`)
  }

  /** The metadata has new settings for the log's topic, perhaps. */
  updateConfig(log: Log): void {
    log.updateConfig(this.options.configOf(log.topic))
  }

  /** Deletes a log: its folder's name is free at once, its bytes go later (LOG-MANAGER-2). */
  delete(log: Log): void {
    const folder = partitionKey(log.topic, log.partition)
    const ours = this.logs.get(folder)
    log.close()
    if (!ours) return
    this.logs.delete(folder)
    this.cleaner.forget(ours)
    const aside = deletedFolder(folder, this.unique())
    this.core.storage.rename(folder, aside)
    this.after(this.options.settings.fileDeleteDelayMs, 'removal of files', () => this.remove([aside]))
  }

  /** Puts aside the folders of partitions that are in no topic (LOG-MANAGER-3). */
  putStraysAside(isOwned: (topic: string, partition: number) => boolean): void {
    for (const folder of this.core.storage.list('')) {
      const found = partitionOfFolder(folder)
      if (!found || folder === METADATA_FOLDER || isOwned(found.topic, found.partition)) continue
      if (!this.isPartition(folder)) continue
      const aside = strayFolder(folder, this.unique())
      this.core.log('warn', `no topic owns the folder ${folder}: it is now ${aside}`)
      this.core.storage.rename(folder, aside)
    }
    this.checkpoints.keepOnly(this.unknown)
  }

  private isPartition(folder: string): boolean {
    try {
      return this.core.storage.list(folder).some(isPartitionFile)
    } catch (error) {
      // A file with such a name, or a folder that may not be read.
      if (error instanceof StorageError) return false
      throw error
    }
  }

  /** 32 hex digits that no other folder has. */
  private unique(): string {
    return [...this.core.random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  private maintain(): void {
    for (const log of this.logs.values()) this.guarded(log, () => log.maintain())
  }

  private forgetIdleProducers(): void {
    for (const log of this.logs.values()) log.forgetIdleProducers()
  }

  /** flush.ms. (Kafka looks only every log.flush.scheduler.interval.ms, by default never; we look each second.) */
  private flushOld(): void {
    for (const log of this.logs.values()) if (log.mustFlush()) this.guarded(log, () => log.flush(() => {}))
  }

  /** LOG-MANAGER-5. */
  private lookForFolders(): void {
    const there = new Set(this.namesNow())
    if (there.size === 0) return
    for (const [folder, log] of this.logs) {
      if (there.has(folder)) continue
      this.logs.delete(folder)
      this.cleaner.forget(log)
      this.guarded(undefined, () => log.abandon())
      this.options.onLost?.(log, new StorageError('look for', folder, 'ENOENT'))
    }
  }

  /** What is in the log directory; nothing when it cannot be read now, as when no descriptor is left. */
  private namesNow(): string[] {
    try {
      return this.core.storage.list('')
    } catch (error) {
      if (error instanceof StorageError) return []
      throw error
    }
  }

  private removeLater(paths: readonly string[], topic: string): void {
    this.after(this.options.configOf(topic).fileDeleteDelayMs, 'removal of files', () => {
      this.remove(paths)
    })
  }

  /** Removes files and folders in turns: thousands of them are due at the same moment when a topic was deleted. */
  private remove(paths: readonly string[]): void {
    this.doomed.push(...paths)
    if (this.isRemoving) return
    this.isRemoving = true
    this.removal = this.options.turns.run(
      this.removeDoomed(),
      () => {
        this.isRemoving = false
      },
      (error) => this.tell(undefined, error),
    )
  }

  private *removeDoomed(): Steps<void> {
    for (let path = this.doomed.pop(); path !== undefined; path = this.doomed.pop()) {
      const doomed = path
      this.guarded(undefined, () => this.core.storage.remove(doomed))
      if (this.options.turns.isOver) yield
    }
  }

  /**
   * Records that were deleted must not come back after a kill: one checkpoint for all that one request deleted.
   * (Kafka leaves it to the next checkpoint, a minute later at most.)
   */
  private checkpointSoon(): void {
    if (this.checkpointing) return
    this.checkpointing = true
    this.after(0, 'checkpoints', () => {
      this.checkpointing = false
      this.checkpoint()
    })
  }

  private checkpoint(): void {
    this.guarded(undefined, () => {
      this.checkpoints.write()
      this.checkpoints.writeCleaner()
    })
  }

  /** Flushes and closes every log, then says that the stop was clean, and of which broker; `done`: it is on disk. */
  close(done: () => void, brokerEpoch = NO_BROKER_EPOCH): void {
    for (const timer of this.timers) timer.cancel()
    this.timers.clear()
    this.removal?.cancel()
    this.cleaner.stop()
    let left = this.logs.size
    let clean = true
    const finish = (): void => {
      this.checkpoint()
      for (const log of this.logs.values()) clean = this.guarded(log, () => log.close()) && clean
      if (clean && this.unknown.size === 0)
        this.guarded(undefined, () => writeCleanShutdown(this.core.storage, brokerEpoch))
      this.logs.clear()
      done()
    }
    if (left === 0) return finish()
    for (const log of this.logs.values()) {
      log.flush((error) => {
        clean &&= !error
        left--
        if (left === 0) finish()
      })
    }
  }

  /** One log's failing disk is its own affair: it is logged, and the others go on. */
  private guarded(log: Log | undefined, work: () => unknown): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.tell(log, error)
      return false
    }
  }

  private tell(log: Log | undefined, error: unknown): void {
    const where = log ? partitionKey(log.topic, log.partition) : 'log directory'
    if (error instanceof StorageError) this.troubles.tell(where, error)
    else this.core.log('error', `${where}: ${explain(error)}`)
  }

  private after(delayMs: number, name: string, work: () => void): void {
    const fire = (): void => {
      this.timers.delete(timer)
      this.guarded(undefined, work)
    }
    const timer = this.core.timers.set(delayMs, fire, name)
    this.timers.add(timer)
  }

  private every(intervalMs: number, name: string, work: () => void, firstMs = intervalMs): void {
    this.after(firstMs, name, () => {
      try {
        work()
      } finally {
        this.every(intervalMs, name, work)
      }
    })
  }
}
