/**
 * The compaction of one partition's log: one pass at a time. A truncation or a close may end it early.
 *
 *   cleaner.ts --calls-> cleanable()     is a pass worth it?
 *              --runs--> clean(limits)   the steps of a pass (clean-pass.ts)
 *   truncation, close --> abort()        ends the pass, and removes the segment that it was writing
 *
 * LOG-COMPACTION-1  during a pass, only the pass itself deletes segments of the log
 */
import type { Clock, TraceEvent } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import { type CleanedLog, type CleanedUp, type CleanStep, cleanLog, type PassLimits } from './clean-pass.ts'
import { type Cleanable, cleanable } from './cleanable.ts'

const NOTHING_CLEANED: CleanedUp = { endOffset: 0, savedBytes: 0 }

/** What compaction needs to know of the log. */
export interface CompactedLog extends CleanedLog {
  readonly logStartOffset: number
  readonly lastStableOffset: number
  readonly logEndOffset: number
}

export class LogCompaction {
  /** Compacted up to here; stored in cleaner-offset-checkpoint. If that is lost, the pass is repeated without harm. */
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

  /** The range of the next pass; undefined if it is not worth it yet. */
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

  /** The steps of a pass; the caller runs them one by one, and flushes the segments that they return. */
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

  /** Cancels the current pass, if any. */
  abort(): void {
    this.pass?.return(NOTHING_CLEANED)
    this.pass = undefined
  }

  /** The log was truncated to `endOffset`: later offsets are not compacted. */
  onTruncated(endOffset: number): void {
    this.firstDirtyOffset = Math.min(this.firstDirtyOffset, endOffset)
  }

  /** Runs a whole pass in one call, without waiting for flushes: for logs in memory. Returns the bytes saved. */
  compact(): number {
    if (!this.log.settings.cleanupPolicy.includes('compact')) return 0
    const steps = this.clean({ keysMax: Infinity, ioBytes: 1_048_576 })
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value.savedBytes
    }
  }
}
