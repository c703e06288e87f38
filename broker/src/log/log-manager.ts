/**
 * All logs of one log directory: opens, checkpoints, deletes and closes them, so that the next start is fast.
 *
 *   <log.dirs>/
 *     orders-0/ …                           a folder a partition (files.ts)
 *     recovery-point-offset-checkpoint      the offset up to which each log is flushed
 *     log-start-offset-checkpoint           log start offsets that DeleteRecords has moved
 *     replication-offset-checkpoint         the high watermarks
 *     cleaner-offset-checkpoint             the offsets up to which logs are compacted
 *     .kafka_cleanshutdown                  exists only between a clean stop and the next start
 *
 * After a clean stop every file is complete, and is trusted. After a crash the end of a log may be torn: every batch
 * above the recovery point is checked (recovery.ts). The marker is removed at the very beginning of a start, so that a
 * crash during the start counts as a crash.
 *
 * LOG-MANAGER-1  a checkpoint is never higher than what is flushed
 * LOG-MANAGER-2  a deleted partition's folder is renamed at once, which frees its name, and removed `file.delete.delay.ms` later
 * LOG-MANAGER-3  the folder of a partition that belongs to no topic is renamed to `-stray`, not deleted: it may be the last
 *     copy of its data. A folder that only has such a name, and no partition's files, is left unchanged
 * LOG-MANAGER-4  if a log could not be opened, the stop is not marked as clean: the log may be torn
 * LOG-MANAGER-5  a partition's folder that is removed while the broker runs is detected within LOOK_MS, and its log is
 *     closed: otherwise appends would go to files without a name, and be lost with the process
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

/** The metadata log is in the same directory, but belongs to the controller. */

const FLUSH_CHECK_MS_MAX = 1000
/** How often the folders are checked: one listing of the log directory. */
const LOOK_MS = 5000

/** Times in ms, each named after its config key. */
export interface LogManagerSettings {
  readonly fileDeleteDelayMs: number
  readonly flushOffsetCheckpointIntervalMs: number
  readonly retentionCheckIntervalMs: number
  /** When checkpoints and retention run for the first time. */
  readonly initialTaskDelayMs: number
  readonly flushCheckIntervalMs: number
  readonly producerIdExpirationCheckIntervalMs: number
}

export interface LogManagerOptions {
  readonly core: Core
  /** To remove many files. */
  readonly turns: Turns
  readonly settings: LogManagerSettings
  readonly cleaner: () => CleanerSettings
  /** A topic's settings in the newest metadata. */
  readonly configOf: (topic: string) => LogConfig
  readonly codecs: Codecs
  /** The folder of an open log was removed; the log is closed, and this manager has dropped it (LOG-MANAGER-5). */
  readonly onLost?: ((log: Log, error: StorageError) => void) | undefined
  /** Creates the logs of all but internal topics, instead of ours: a learner's implementation. */
  readonly logPart?: LogFactory | undefined
}

export class LogManager {
  private readonly options: LogManagerOptions
  private readonly core: Core
  /** Our logs by folder; a learner's logs are not checkpointed. */
  private readonly logs = new Map<string, PartitionLog>()
  private readonly timers = new Set<Timer>()
  private readonly cleaner: LogCleaner
  private clean = false
  /** Files and folders to be removed, and the job that removes them. */
  private readonly doomed: string[] = []
  private removal: Job | undefined
  private isRemoving = false
  private checkpointing = false
  private readonly checkpoints: LogCheckpoints
  private readonly troubles: DiskTroubles
  /** Folders of logs that could not be opened, whose state is unknown (LOG-MANAGER-4). */
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
      onTrouble: (log, error) => this.report(log, error),
    })
  }

  /** Reads the checkpoints of the last stop, and starts the periodic tasks. */
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

  /** Opens a partition's log; creates it if it is new, recovers it after an unclean stop. */
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
      onFlushFailed: (error) => this.reportUnusable(folder, error),
      hadCleanShutdown: this.clean,
    })
    this.unknown.delete(folder)
    this.logs.set(folder, opened)
    checkpoints.forget(folder)
    return opened
  }

  private reportUnusable(folder: string, error: Error): void {
    const what = `${folder} refuses appends until the broker is restarted: some of its records may not be on disk`
    this.core.log('error', `${what}. ${explain(error)}`)
  }

  /** The metadata may have new settings for the log's topic. */
  updateConfig(log: Log): void {
    log.updateConfig(this.options.configOf(log.topic))
  }

  /** Deletes a log: its folder is renamed at once, and removed later (LOG-MANAGER-2). */
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

  /** Renames the folders of partitions that belong to no topic (LOG-MANAGER-3). */
  putStraysAside(isOwned: (topic: string, partition: number) => boolean): void {
    for (const folder of this.core.storage.list('')) {
      const found = partitionOfFolder(folder)
      if (!found || folder === METADATA_FOLDER || isOwned(found.topic, found.partition)) continue
      if (!this.isPartition(folder)) continue
      const aside = strayFolder(folder, this.unique())
      this.core.log('warn', `the folder ${folder} belongs to no topic: it was renamed to ${aside}`)
      this.core.storage.rename(folder, aside)
    }
    this.checkpoints.keepOnly(this.unknown)
  }

  private isPartition(folder: string): boolean {
    try {
      return this.core.storage.list(folder).some(isPartitionFile)
    } catch (error) {
      // A file with such a name, or an unreadable folder.
      if (error instanceof StorageError) return false
      throw error
    }
  }

  /** 32 hex digits that no other folder uses. */
  private unique(): string {
    return [...this.core.random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  private maintain(): void {
    for (const log of this.logs.values()) this.guarded(log, () => log.maintain())
  }

  private forgetIdleProducers(): void {
    for (const log of this.logs.values()) log.forgetIdleProducers()
  }

  /** flush.ms. (Kafka checks only every log.flush.scheduler.interval.ms, by default never; we check every second.) */
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

  /** The names in the log directory; none if it can't be read now, for example when no descriptor is left. */
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

  /** Removes files and folders in turns: after a topic is deleted, thousands are due at the same moment. */
  private remove(paths: readonly string[]): void {
    this.doomed.push(...paths)
    if (this.isRemoving) return
    this.isRemoving = true
    this.removal = this.options.turns.run(
      this.removeDoomed(),
      () => {
        this.isRemoving = false
      },
      (error) => this.report(undefined, error),
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
   * After a kill, deleted records must not reappear: one checkpoint for all deletions of one request.
   * (Kafka leaves this to the next periodic checkpoint, up to a minute later.)
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

  /** Flushes and closes every log, then writes the clean shutdown file with the broker epoch. `done`: it is flushed. */
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

  /** A disk error in one log is logged, and the others continue. */
  private guarded(log: Log | undefined, work: () => unknown): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.report(log, error)
      return false
    }
  }

  private report(log: Log | undefined, error: unknown): void {
    const where = log ? partitionKey(log.topic, log.partition) : 'log directory'
    if (error instanceof StorageError) this.troubles.report(where, error)
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
