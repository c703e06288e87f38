/**
 * The log cleaner: keeps only the last record of each key, so that a changelog becomes a table that can be read from
 * the start. (LogCleaner; cleanup.policy=compact)
 *
 *   every log.cleaner.backoff.ms     find the logs that are worth a pass (cleanable.ts), the dirtiest first
 *                                    run a pass step by step (clean-pass.ts), until no log is left
 *                                    for compact,delete topics: delete old segments
 *
 * Kafka cleans in background threads, and throttles them by sleeping. Here a pass is cut into steps: a few hundred
 * kilobytes, or a few hundred records of a large batch. After a step with I/O, or after STEPS_MS of other steps, the
 * broker serves its clients; the next step runs when log.cleaner.io.max.bytes.per.second allows it.
 *
 * CLEANER-1  one pass at a time, over one log
 * CLEANER-2  a log whose pass fails is not cleaned again until the next start, unless the disk was full, which may end;
 *     the other logs are cleaned
 * CLEANER-3  the compacted offset is checkpointed after each pass; if that is lost, the pass is repeated without harm
 * CLEANER-4  a new segment is flushed before it replaces the old ones
 */
import { type Core, StorageError, type Timer } from '../../core.ts'
import type { PartitionLog } from '../partition-log.ts'
import type { CleanedUp, CleanStep } from './clean-pass.ts'

/** How long small steps run before other work is served (turns.ts). */
const STEPS_MS = 5

/** log.cleaner.*, read before each pass: all of it may change while the broker runs. */
export interface CleanerSettings {
  readonly enabled: boolean
  readonly backoffMs: number
  /** Limit for reading and writing together. */
  readonly ioBytesPerSecondMax: number
  /** Bytes per step. */
  readonly ioBufferBytes: number
  /** How many keys a pass may hold in memory. */
  readonly keysMax: number
}

export interface LogCleanerOptions {
  readonly core: Core
  readonly settings: () => CleanerSettings
  /** All logs of this log directory. */
  readonly logs: () => Iterable<PartitionLog>
  /** Called after each pass, to write the checkpoint (CLEANER-3). */
  readonly onCleaned: () => void
  /** Called when a pass has failed. */
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

  /** The first check comes after one backoff, so that it does not slow down the start. */
  start(): void {
    this.after(this.options.settings().backoffMs, () => this.next())
  }

  /** Cancels the current pass. */
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

  /** Starts the most useful pass; waits if there is none. */
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

  /** CLEANER-4: waits for the flush, or as long as the rate limit demands. */
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

/** How many keys fit into Kafka's dedupe buffer, at 24 bytes per key. */
export function keysIn(bufferBytes: number, loadFactor: number): number {
  return Math.max(1, Math.floor((bufferBytes / 24) * loadFactor))
}

function mayPass(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'ENOSPC'
}
