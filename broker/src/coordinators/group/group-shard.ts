/**
 * A partition of `__consumer_offsets` that this broker leads: the state machine of its groups and offsets.
 *
 *   records of the partition --replay--> groups, offsets
 *   a request: check, decide, `write` records: they are appended and applied now, and the response is sent when they are
 *   committed (runtime/coordinator-context.ts)
 *
 * Offsets and KIP-848 groups change when their records are appended. A classic group has state that is in no record, so it
 * changes as its protocol says: an assignment is given to the members when its record is committed (classic/rebalance.ts).
 *
 * GROUP-SHARD-1  a request sees what earlier requests have appended, committed or not
 * GROUP-SHARD-2  a response is sent only after its records are committed
 *
 * (org.apache.kafka.coordinator.group.GroupCoordinatorShard)
 */

import { settledNow } from '../../settled-time.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type {
  Appended,
  CoordinatorHost,
  CoordinatorRecord,
  ReplayedEntry,
  TransactionalBatch,
} from '../coordinator-host.ts'
import type { CoordinatorContext, CoordinatorShard } from '../runtime/coordinator-context.ts'
import type { GroupConfig } from './group-config.ts'
import { applyRecord } from './group-records.ts'
import type { Group, GroupState } from './group-state.ts'
import { OffsetStore } from './offsets/offset-store.ts'

/** The largest batch that a broker accepts (max.message.bytes, by default). */
export const BATCH_BYTES_MAX = 1_048_588

export interface ShardOptions {
  readonly host: CoordinatorHost
  readonly config: GroupConfig
  readonly context: CoordinatorContext
  /** What happens when the shard is loaded, and when it is unloaded. */
  readonly life: { loaded(shard: GroupShard): void; unloaded(shard: GroupShard): void }
}

export interface WriteOptions {
  /** The producer, if the records belong to a transaction. */
  readonly transaction?: TransactionalBatch | undefined
  /** Called when the records are appended and applied, before the response: for the state that is in no record, and timers. */
  readonly appended?: (() => void) | undefined
}

export class GroupShard implements GroupState, CoordinatorShard {
  readonly host: CoordinatorHost
  readonly config: GroupConfig
  readonly context: CoordinatorContext
  readonly groups = new Map<string, Group>()
  readonly offsets = new OffsetStore()
  /** The offset of the newest metadata image. */
  metadataVersion = 0
  /** The offset of the newest metadata image with a new topic: expressions matched before it must be matched again. */
  topicsVersion = 0
  private readonly life: ShardOptions['life']

  constructor({ host, config, context, life }: ShardOptions) {
    this.host = host
    this.config = config
    this.context = context
    this.life = life
  }

  /** The wall clock (ms): for the timestamps in groups and offsets. */
  now(): number {
    return this.host.core.clock.now()
  }

  /** The settled time (ms): decides whether something has expired (settled-time.ts). */
  settledNow(): number {
    return settledNow(this.host.core.clock)
  }

  // ---- called by the runtime

  /** Offsets of a transaction stay pending until its marker. */
  replay(entry: ReplayedEntry): void {
    if (entry.kind === 'record') applyRecord(this, entry.record, 'load', entry.producer?.producerId)
    else this.offsets.endTransaction(entry.producer.producerId, entry.committed)
  }

  onLoaded(): void {
    this.life.loaded(this)
  }

  onUnloaded(): void {
    this.life.unloaded(this)
  }

  // ---- writing

  /**
   * Appends and applies records; `done` is called when they are committed, or with the error. Without records, it waits for
   * what was appended before.
   */
  write(
    records: readonly CoordinatorRecord[],
    done: (error: ErrorCode) => void,
    { transaction, appended }: WriteOptions = {},
  ): void {
    if (records.length === 0) {
      appended?.()
      return this.whenCommitted(done)
    }
    const { host, context } = this
    context.append({
      write: () => host.append(OFFSETS_TOPIC, context.partition, records, transaction),
      apply: () => {
        for (const record of records) applyRecord(this, record, 'live', transaction?.producerId)
      },
      appended,
      timeoutMs: this.config.offsetCommitTimeoutMs,
      done,
    })
  }

  /** Appends the marker of a transaction by `write`, and ends the transaction here. */
  completeTransaction(
    { producerId, committed }: { readonly producerId: Int64; readonly committed: boolean },
    write: () => Appended,
    timeoutMs: number,
    done: (error: ErrorCode) => void,
  ): void {
    const apply = (): void => {
      this.offsets.endTransaction(producerId, committed)
    }
    this.context.append({ write, apply, timeoutMs, done })
  }

  /** Calls `done` when everything that was appended so far is committed. */
  whenCommitted(done: (error: ErrorCode) => void): void {
    this.context.whenCommitted(this.config.offsetCommitTimeoutMs, done)
  }

  /** Sends `response` when everything that it may tell of is committed; otherwise calls `refuse`. */
  respond(refuse: (error: ErrorCode) => void, response: () => void): void {
    this.whenCommitted((error) => (error === ErrorCode.NONE ? response() : refuse(error)))
  }

  // ---- work

  /** Runs `work` now, or after the work that is running on this shard. */
  run(work: () => void): void {
    this.context.run(() => {
      if (this.context.state === 'ACTIVE') work()
    })
  }

  /** Sets a timer; replaces the timer with the same name. */
  setTimer(name: string, delayMs: number, fire: () => void): void {
    this.context.setTimer(name, delayMs, fire)
  }

  hasTimer(name: string): boolean {
    return this.context.hasTimer(name)
  }

  cancelTimer(name: string): void {
    this.context.cancelTimer(name)
  }

  /** Runs work that may take several turns; `done` gets the result. */
  runJob<Result>(name: string, steps: Steps<Result>, done: (result: Result) => void): void {
    this.context.runJob(name, steps, done)
  }

  hasJob(name: string): boolean {
    return this.context.hasJob(name)
  }
}

/** The name of a member's session timer. */
export function sessionTimer(groupId: string, memberId: string): string {
  return `session|${groupId}|${memberId}`
}
