/**
 * A partition of `__consumer_offsets` that this broker leads, with the groups in it.
 *
 *   records of the partition --replay--> groups, offsets
 *   a request: validate, decide, `write` records; once the log has them: apply them, send the response
 *
 * Between the append and its completion (which comes later if there are replicas) the state of the group is not yet what
 * the log says. All other work on this group is queued until then; other groups continue.
 *
 * GROUP-SHARD-1  a group has at most one write at a time; later work on the group is queued and runs in order (`whenIdle`)
 * GROUP-SHARD-2  a response is sent only after its records are in the log
 * GROUP-SHARD-3  after `close` no timer fires and nothing is written
 * GROUP-SHARD-4  a response may release the next request of its connection at once: that request is queued until the work
 *     that sent the response is done
 * GROUP-SHARD-5  work that takes several turns is a job; its result is queued for the group like a request
 *
 * (Kafka: CoordinatorRuntime)
 */

import { settledNow } from '../../settled-time.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import type { Job, Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { CoordinatorHost, CoordinatorRecord, TransactionalBatch } from '../coordinator-host.ts'
import type { GroupConfig } from './group-config.ts'
import { applyRecord } from './group-records.ts'
import type { Group, GroupState } from './group-state.ts'
import { NamedTimers } from './named-timers.ts'
import { OffsetStore } from './offsets/offset-store.ts'

/** The largest batch that a broker accepts (max.message.bytes, by default). */
export const BATCH_BYTES_MAX = 1_048_588

export interface ShardOptions {
  readonly host: CoordinatorHost
  readonly config: GroupConfig
  readonly partition: number
}

export class GroupShard implements GroupState {
  readonly host: CoordinatorHost
  readonly config: GroupConfig
  readonly partition: number
  readonly groups = new Map<string, Group>()
  readonly offsets = new OffsetStore()
  /** The offset of the newest metadata image. */
  metadataVersion = 0
  /** The offset of the newest metadata image with a new topic: expressions matched before it must be matched again. */
  topicsVersion = 0
  private readonly timers: NamedTimers
  /** Work that waits for the current write of a group. */
  private readonly waiting = new Map<string, (() => void)[]>()
  /** Work that was submitted while other work on the same group is running. */
  private readonly busy = new Map<string, (() => void)[]>()
  /** Running jobs, by name. */
  private readonly jobs = new Map<string, Job>()
  private isClosed = false

  constructor({ host, config, partition }: ShardOptions) {
    this.host = host
    this.config = config
    this.partition = partition
    this.timers = new NamedTimers(host.core.timers)
  }

  /** The wall clock (ms): for the timestamps in groups and offsets. */
  now(): number {
    return this.host.core.clock.now()
  }

  /** The settled time (ms): decides whether something has expired (settled-time.ts). */
  settledNow(): number {
    return settledNow(this.host.core.clock)
  }

  /** Replays the partition from its beginning, in turns. Offsets of a transaction stay pending until its marker. */
  load(): Steps<void> {
    return this.host.replay(OFFSETS_TOPIC, this.partition, (entry) => {
      if (entry.kind === 'record') applyRecord(this, entry.record, 'load', entry.producer?.producerId)
      else this.offsets.endTransaction(entry.producer.producerId, entry.committed)
    })
  }

  /**
   * Runs `work` now, or after the group's current write (GROUP-SHARD-1), or after the work that is running on the group
   * (GROUP-SHARD-4).
   */
  whenIdle(groupId: string, work: () => void): void {
    const queue = this.waiting.get(groupId) ?? this.busy.get(groupId)
    if (queue) queue.push(work)
    else this.run(groupId, work)
  }

  /** Called from running work on the group: runs `work` at once, or after the current write. */
  whenWritten(groupId: string, work: () => void): void {
    const queue = this.waiting.get(groupId)
    if (queue) queue.push(work)
    else work()
  }

  private run(groupId: string, work: () => void): void {
    if (this.busy.has(groupId)) return work()
    const queue: (() => void)[] = []
    this.busy.set(groupId, queue)
    try {
      work()
    } finally {
      this.busy.delete(groupId)
      for (const next of queue) this.whenIdle(groupId, next)
    }
  }

  /** Appends records of a group, applies them once the log has them, then calls `done`. The group must be idle. */
  write(
    groupId: string,
    records: readonly CoordinatorRecord[],
    done: (error: ErrorCode) => void,
    transaction?: TransactionalBatch,
  ): void {
    if (this.isClosed) return done(ErrorCode.NOT_COORDINATOR)
    if (records.length === 0) return done(ErrorCode.NONE)
    if (this.waiting.has(groupId)) throw new Error(`group ${groupId}: two writes at a time`)
    const queue: (() => void)[] = []
    this.waiting.set(groupId, queue)
    this.host.append(OFFSETS_TOPIC, this.partition, records, transaction, (error) => {
      this.waiting.delete(groupId)
      if (this.isClosed) error = ErrorCode.NOT_COORDINATOR
      if (error === ErrorCode.NONE) {
        for (const record of records) applyRecord(this, record, 'live', transaction?.producerId)
      }
      this.run(groupId, () => done(error))
      for (const work of queue) this.whenIdle(groupId, work)
    })
  }

  /** Sets a timer of a group; replaces the timer with the same name. */
  setTimer(name: string, delayMs: number, groupId: string, fire: () => void): void {
    if (this.isClosed) return
    this.timers.set(name, delayMs, () => this.whenIdle(groupId, fire))
  }

  hasTimer(name: string): boolean {
    return this.timers.has(name)
  }

  cancelTimer(name: string): void {
    this.timers.cancel(name)
  }

  /** Runs work that may take several turns; `done` gets the result once the group is idle. */
  runJob<Result>(name: string, groupId: string, steps: Steps<Result>, done: (result: Result) => void): void {
    if (this.isClosed) return
    let isOver = false
    const end = (): void => {
      isOver = true
      this.jobs.delete(name)
    }
    const failed = (error: unknown): void => {
      end()
      this.host.core.log('error', `${name} failed: ${error}`)
    }
    const job = this.host.turns.run(
      steps,
      (result) => {
        end()
        this.whenIdle(groupId, () => done(result))
      },
      failed,
      { name },
    )
    if (!isOver) this.jobs.set(name, job)
  }

  hasJob(name: string): boolean {
    return this.jobs.has(name)
  }

  close(): void {
    this.isClosed = true
    for (const job of this.jobs.values()) job.cancel()
    this.jobs.clear()
    this.timers.close()
  }
}

/** The name of a member's session timer. */
export function sessionTimer(groupId: string, memberId: string): string {
  return `session|${groupId}|${memberId}`
}
