/**
 * The cleaner: of each key only the last record stays, so a log of changes is a table that can be read from the
 * start. (LogCleaner; cleanup.policy=compact)
 *
 *   every log.cleaner.backoff.ms     which logs are worth it (cleanable.ts)? the dirtiest first
 *                                    a pass over it, step by step (clean-pass.ts), until none is left
 *                                    compacted logs that also delete (compact,delete): their old segments go
 *
 * Kafka cleans in threads of its own, and makes them slower by sleeping. Here a pass is cut into steps: a few hundred
 * kilobytes, or a few hundred records of a batch that holds many. After a step that has read or written something, or
 * STEPS_MS of others, the broker serves who waits; the next step comes when log.cleaner.io.max.bytes.per.second allows it.
 *
 * CLEANER-1  one pass at a time, over one log
 * CLEANER-2  a log whose pass fails is left alone until the next start, unless the disk was full, which may pass; the
 *     others go on
 * CLEANER-3  how far a log is compacted is checkpointed when its pass is done; after a loss it is done once more, no
 *     harm
 * CLEANER-4  a new segment is on disk before it takes the place of the old ones
 */
import { type Core, StorageError, type Timer } from '../../core.ts'
import type { PartitionLog } from '../partition-log.ts'
import type { CleanedUp, CleanStep } from './clean-pass.ts'

/** How long small steps go on before others are served (turns.ts). */
const STEPS_MS = 5

/** log.cleaner.*, asked for anew before each pass: all of it may change while the broker runs. */
export interface CleanerSettings {
  readonly enabled: boolean
  readonly backoffMs: number
  /** What reading and writing together may cost. */
  readonly ioBytesPerSecondMax: number
  /** A step's bytes. */
  readonly ioBufferBytes: number
  /** Keys that a pass may hold in memory. */
  readonly keysMax: number
}

export interface LogCleanerOptions {
  readonly core: Core
  readonly settings: () => CleanerSettings
  /** Every log of ours. */
  readonly logs: () => Iterable<PartitionLog>
  /** A pass is done: time to write the checkpoint (CLEANER-3). */
  readonly onCleaned: () => void
  /** Tells people what went wrong with a log. */
  readonly onTrouble: (log: PartitionLog, error: unknown) => void
}

export class LogCleaner {
  private readonly options: LogCleanerOptions
  private readonly failed = new Set<PartitionLog>()
  private timer: Timer | undefined
  private pass: Pass | undefined
  private stopped = false

  constructor(options: LogCleanerOptions) {
    this.options = options
  }

  /** The first look comes after a backoff: a start has other things to do. */
  start(): void {
    this.after(this.options.settings().backoffMs, () => this.next())
  }

  /** Gives up the pass that is under way. */
  stop(): void {
    this.stopped = true
    this.timer?.cancel()
    this.pass?.log.compaction.abort()
  }

  /** The log was deleted. */
  forget(log: PartitionLog): void {
    this.failed.delete(log)
  }

  private after(delayMs: number, work: () => void): void {
    if (!this.stopped) this.timer = this.options.core.timers.set(delayMs, work, 'log cleaner')
  }

  /** Begins the pass that is most worth it; waits when there is none. */
  private next(): void {
    const settings = this.options.settings()
    const dirtiest = settings.enabled ? this.dirtiest() : undefined
    if (dirtiest) return this.begin(dirtiest, settings)
    for (const log of this.compacted()) this.deleteOld(log)
    this.after(settings.backoffMs, () => this.next())
  }

  private deleteOld(log: PartitionLog): void {
    try {
      log.deleteOldSegments()
    } catch (error) {
      this.options.onTrouble(log, error)
    }
  }

  private compacted(): PartitionLog[] {
    const logs = [...this.options.logs()]
    return logs.filter((log) => log.settings.cleanupPolicy.includes('compact') && !this.failed.has(log))
  }

  private dirtiest(): PartitionLog | undefined {
    let found: PartitionLog | undefined
    let ratioMax = -1
    for (const log of this.compacted()) {
      const ratio = log.compaction.cleanable()?.ratio ?? -1
      if (ratio <= ratioMax) continue
      found = log
      ratioMax = ratio
    }
    return found
  }

  private begin(log: PartitionLog, settings: CleanerSettings): void {
    const steps = log.compaction.clean({ keysMax: settings.keysMax, ioBytes: settings.ioBufferBytes })
    this.pass = { log, steps }
    this.step(this.pass, settings)
  }

  private step(pass: Pass, settings: CleanerSettings): void {
    const { clock } = this.options.core
    const startedMs = clock.monotonicMs()
    try {
      let step = pass.steps.next()
      while (step.value === 0 && clock.monotonicMs() - startedMs < STEPS_MS) step = pass.steps.next()
      if (step.done) this.finish()
      else this.pause(pass, step.value, settings)
    } catch (error) {
      this.fail(pass, error)
    }
  }

  /** CLEANER-4: until the disk is ready, or as long as the rate demands. */
  private pause(pass: Pass, step: CleanStep, settings: CleanerSettings): void {
    const goOn = (): void => this.step(pass, settings)
    if (typeof step === 'number') return this.after((step / settings.ioBytesPerSecondMax) * 1000, goOn)
    step.flush((error) => (error ? this.fail(pass, error) : this.after(0, goOn)))
  }

  private finish(): void {
    this.pass = undefined
    this.options.onCleaned()
    this.after(0, () => this.next())
  }

  private fail({ log }: Pass, error: unknown): void {
    log.compaction.abort()
    this.pass = undefined
    this.options.onTrouble(log, error)
    if (!mayPass(error)) this.failed.add(log)
    this.after(this.options.settings().backoffMs, () => this.next())
  }
}

interface Pass {
  readonly log: PartitionLog
  readonly steps: Generator<CleanStep, CleanedUp>
}

/** Kafka's dedupe buffer holds 24 bytes for a key; this many make as much. */
export function keysIn(bufferBytes: number, loadFactor: number): number {
  return Math.max(1, Math.floor((bufferBytes / 24) * loadFactor))
}

function mayPass(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'ENOSPC'
}
