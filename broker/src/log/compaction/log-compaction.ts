/**
 * The compaction of one partition's log: one pass at a time, which a truncation or a close may end early.
 *
 *   cleaner.ts --asks--> cleanable()     is a pass worth it?
 *              --takes-> clean(limits)   the steps of a pass (clean-pass.ts)
 *   truncation, close --> abort()        the pass is over; the segment that it was writing is removed
 *
 * LOG-COMPACTION-1  while a pass is under way, no segment of the log is deleted but by it
 */
import type { Clock, TraceEvent } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import { type CleanedLog, type CleanedUp, type CleanStep, cleanLog, type PassLimits } from './clean-pass.ts'
import { type Cleanable, cleanable } from './cleanable.ts'

const NOTHING_CLEANED: CleanedUp = { endOffset: 0, savedBytes: 0 }

/** The log, as far as its compaction looks at it. */
export interface CompactedLog extends CleanedLog {
  readonly logStartOffset: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
}

export class LogCompaction {
  /** Compacted up to here; kept in cleaner-offset-checkpoint. After a loss it is done once more, no harm. */
  firstDirtyOffset: number
  private readonly log: CompactedLog
  private readonly clock: Clock
  private readonly trace: ((event: TraceEvent) => void) | undefined
  private pass: Generator<CleanStep, CleanedUp> | undefined

  constructor(
    log: CompactedLog,
    clock: Clock,
    trace: ((event: TraceEvent) => void) | undefined,
    firstDirtyOffset: number,
  ) {
    this.log = log
    this.clock = clock
    this.trace = trace
    this.firstDirtyOffset = firstDirtyOffset
  }

  get isUnderWay(): boolean {
    return this.pass !== undefined
  }

  /** What a pass would go over; undefined when it is not worth it yet. */
  cleanable(): Cleanable | undefined {
    const { local, settings: config, logStartOffset, lastStableOffset, logEndOffset } = this.log
    const { firstDirtyOffset } = this
    const segments = local.segments.all
    const now = settledNow(this.clock)
    return cleanable({
      segments,
      config,
      now,
      logStartOffset,
      lastStableOffset,
      logEndOffset,
      firstDirtyOffset,
    })
  }

  /** The steps of a pass; its caller takes them one by one, and does the flushes that they ask for. */
  clean(limits: Omit<PassLimits, 'now' | 'wallMs'>): Generator<CleanStep, CleanedUp> {
    if (this.pass) throw new Error(`${this.log.name}: a pass of compaction is under way`)
    this.pass = this.cleanSteps(limits)
    return this.pass
  }

  private *cleanSteps(limits: Omit<PassLimits, 'now' | 'wallMs'>): Generator<CleanStep, CleanedUp> {
    try {
      const range = this.cleanable()
      if (!range) return NOTHING_CLEANED
      const done = yield* cleanLog(this.log, range, {
        ...limits,
        now: settledNow(this.clock),
        wallMs: this.clock.now(),
      })
      this.firstDirtyOffset = done.endOffset
      this.trace?.({
        type: 'log compacted',
        log: this.log.name,
        upTo: done.endOffset,
        bytes: done.savedBytes,
      })
      return done
    } finally {
      this.pass = undefined
    }
  }

  /** Ends the pass that is under way, if one is. */
  abort(): void {
    this.pass?.return(NOTHING_CLEANED)
    this.pass = undefined
  }

  /** The log ends at `endOffset` now: what comes after it will not have been compacted. */
  onTruncated(endOffset: number): void {
    this.firstDirtyOffset = Math.min(this.firstDirtyOffset, endOffset)
  }

  /** A whole pass at once, without waiting for flushes: for logs in memory. Gives the bytes saved. */
  compact(): number {
    if (!this.log.settings.cleanupPolicy.includes('compact')) return 0
    const steps = this.clean({ keysMax: Infinity, ioBytes: 1_048_576 })
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value.savedBytes
    }
  }
}
