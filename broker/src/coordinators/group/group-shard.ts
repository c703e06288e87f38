/**
 * A partition of `__consumer_offsets` that this broker leads, as the groups that live in it.
 *
 *   records of the partition --replay--> groups, offsets
 *   a verb: look, decide, `write` records; when the log has them: apply, answer
 *
 * Between the append and its answer (which, with replicas, comes later) the group's state is not yet what the log
 * says. Everything else that concerns the group waits in line for it; other groups go on.
 *
 * GROUP-SHARD-1  a group has at most one write under way; what comes meanwhile is done after it, in order (`whenIdle`)
 * GROUP-SHARD-2  what is answered is in the log before
 * GROUP-SHARD-3  after `close` no timer fires and nothing is written
 * GROUP-SHARD-4  an answer may let in the next request of its connection at once: it waits until what gave the answer
 *     is done
 * GROUP-SHARD-5  what takes several turns is a job, and its result waits for the group as a request does
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

/** What a broker takes in one batch (max.message.bytes, by default). */
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
  /** The version of the newest metadata. */
  metadataVersion = 0
  /** The version of the newest metadata in which there was a new topic: what was matched before is to be looked at. */
  topicsVersion = 0
  private readonly timers: NamedTimers
  /** Groups with a write under way, and what waits for its end. */
  private readonly waiting = new Map<string, (() => void)[]>()
  /** Groups at which something is being done this moment, and what has come up meanwhile. */
  private readonly busy = new Map<string, (() => void)[]>()
  /** Work under way that takes several turns, by its name. */
  private readonly jobs = new Map<string, Job>()
  private isClosed = false

  constructor({ host, config, partition }: ShardOptions) {
    this.host = host
    this.config = config
    this.partition = partition
    this.timers = new NamedTimers(host.core.timers)
  }

  /** The wall clock: what is stored with groups and offsets. */
  now(): number {
    return this.host.core.clock.now()
  }

  /** What decides that something has expired. */
  settledNow(): number {
    return settledNow(this.host.core.clock)
  }

  /** Reads the partition from its beginning. Records of a transaction stay pending until its marker. */
  load(): void {
    this.host.replay(OFFSETS_TOPIC, this.partition, (batch) => {
      if (batch.kind === 'end of transaction') {
        this.offsets.endTransaction(batch.producer.producerId, batch.committed)
        return
      }
      for (const record of batch.records) applyRecord(this, record, 'load', batch.producer?.producerId)
    })
  }

  /**
   * Does `work` now, or after the group's write that is under way (GROUP-SHARD-1), or after what is being done to it
   * (GROUP-SHARD-4).
   */
  whenIdle(groupId: string, work: () => void): void {
    const line = this.waiting.get(groupId) ?? this.busy.get(groupId)
    if (line) line.push(work)
    else this.run(groupId, work)
  }

  /** For who is at work already: does `work` at once, or after the write that is under way. */
  whenWritten(groupId: string, work: () => void): void {
    const line = this.waiting.get(groupId)
    if (line) line.push(work)
    else work()
  }

  private run(groupId: string, work: () => void): void {
    if (this.busy.has(groupId)) return work()
    const line: (() => void)[] = []
    this.busy.set(groupId, line)
    try {
      work()
    } finally {
      this.busy.delete(groupId)
      for (const next of line) this.whenIdle(groupId, next)
    }
  }

  /** Appends records of a group, applies them when the log has them, then calls `done`. Only when the group is idle. */
  write(
    groupId: string,
    records: readonly CoordinatorRecord[],
    done: (error: ErrorCode) => void,
    transaction?: TransactionalBatch,
  ): void {
    if (this.isClosed) return done(ErrorCode.NOT_COORDINATOR)
    if (records.length === 0) return done(ErrorCode.NONE)
    if (this.waiting.has(groupId)) throw new Error(`group ${groupId}: two writes at a time`)
    const line: (() => void)[] = []
    this.waiting.set(groupId, line)
    this.host.append(OFFSETS_TOPIC, this.partition, records, transaction, (error) => {
      this.waiting.delete(groupId)
      if (this.isClosed) error = ErrorCode.NOT_COORDINATOR
      if (error === ErrorCode.NONE) {
        for (const record of records) applyRecord(this, record, 'live', transaction?.producerId)
      }
      this.run(groupId, () => done(error))
      for (const work of line) this.whenIdle(groupId, work)
    })
  }

  /** A timer of a group: replaces the one of the same name. */
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

  /** Work for a group that may take several turns; what it gives is used when the group is idle. */
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
