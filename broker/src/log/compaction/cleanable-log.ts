/**
 * The compacting part of a partition's log: one pass at a time, which others may end before its time.
 *
 *   cleaner.ts --asks--> cleanable()          is a pass worth it?
 *              --takes-> clean(limits)        the steps of a pass (clean-pass.ts)
 *   truncation, close --> abortCleaning()     the pass is over; what it was at is removed
 *
 * Q1  while a pass is under way, no segment of the log is deleted but by it
 */
import type { Storage } from '../../core.ts'
import { settledNow } from '../../settled-time.ts'
import type { Int64 } from '../../wire/int64.ts'
import { LogView } from '../log-view.ts'
import type { LastRecord } from '../producers/producer-state-manager.ts'
import type { Segment } from '../segment/segment.ts'
import { type CleanedLog, type CleanedUp, type CleanStep, cleanLog, type PassLimits } from './clean-pass.ts'
import { type Cleanable, cleanable } from './cleanable.ts'

const NOTHING_CLEANED: CleanedUp = { endOffset: 0, savedBytes: 0 }

export abstract class CleanableLog extends LogView implements CleanedLog {
  /** Compacted up to here; kept in cleaner-offset-checkpoint. After a loss it is done once more, no harm. */
  firstDirtyOffset = 0
  private pass: Generator<CleanStep, CleanedUp> | undefined

  get segments(): readonly Segment[] {
    return this.local.segments.all
  }
  get storage(): Storage {
    return this.local.storage
  }
  get isBeingCleaned(): boolean {
    return this.pass !== undefined
  }

  lastRecordsOfProducers(): ReadonlyMap<Int64, LastRecord> {
    return this.producers.lastRecords()
  }

  replaceSegments(group: readonly Segment[], cleaned: Segment): void {
    this.local.replaceSegments(group, cleaned)
    this.producers.removeStraySnapshots(this.segments.map(({ baseOffset }) => baseOffset))
  }

  /** What a pass would go over; undefined when it is not worth it yet. */
  cleanable(): Cleanable | undefined {
    const { segments, config, logStartOffset, lastStableOffset, logEndOffset, firstDirtyOffset } = this
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

  /** The steps of a pass; whoever takes them sees to the flushes that they ask for. */
  clean(limits: Omit<PassLimits, 'now' | 'wallMs'>): Generator<CleanStep, CleanedUp> {
    if (this.pass) throw new Error(`${this.name}: a pass of compaction is under way`)
    this.pass = this.cleanSteps(limits)
    return this.pass
  }

  private *cleanSteps(limits: Omit<PassLimits, 'now' | 'wallMs'>): Generator<CleanStep, CleanedUp> {
    try {
      const range = this.cleanable()
      if (!range) return NOTHING_CLEANED
      const done = yield* cleanLog(this, range, {
        ...limits,
        now: settledNow(this.clock),
        wallMs: this.clock.now(),
      })
      this.firstDirtyOffset = done.endOffset
      this.trace?.({ type: 'log compacted', log: this.name, upTo: done.endOffset, bytes: done.savedBytes })
      return done
    } finally {
      this.pass = undefined
    }
  }

  /** Ends the pass that is under way, if one is. */
  abortCleaning(): void {
    this.pass?.return(NOTHING_CLEANED)
    this.pass = undefined
  }

  /** A whole pass at once, without waiting for flushes: for logs in memory. Gives the bytes saved. */
  compact(): number {
    if (!this.config.cleanupPolicy.includes('compact')) return 0
    const steps = this.clean({ keysMax: Infinity, ioBytes: 1_048_576 })
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value.savedBytes
    }
  }
}
