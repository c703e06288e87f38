/**
 * The purgatory: where delayed operations wait.
 *
 * A Fetch that wants more bytes than there are waits until one of its partitions changes, or until its timeout. An operation
 * is watched under the keys of its partitions; a change of a partition checks the operations of its key.
 *
 * A Produce with acks=all waits in another one until the replicas have its batch (delayed-produce.ts). If the partition has one
 * replica, that is at once, and it never comes here.
 *
 * PURGATORY-1  an operation ends once: completed by a check, or expired by its timer, never both
 * PURGATORY-2  an operation is not checked while it is completing: its response may release the next request, which can
 *     change a key
 * - an operation that has ended is watched under no key, so a key without operations costs nothing
 * PURGATORY-4  a cancelled operation neither completes nor expires: its client has disconnected
 * PURGATORY-5  a key with thousands of operations is checked in turns (turns.ts); the change of the key does not wait for
 *     all of them
 *
 * (org.apache.kafka.server.purgatory: DelayedOperation, DelayedOperationPurgatory)
 */
import type { Timer, Timers } from '../core.ts'
import { finish, type Steps, type Turns } from '../turns.ts'

/** A delayed operation. tryComplete completes it and returns true, or returns false. */
export interface Delayed {
  tryComplete(): boolean
  /** The same, if only `key` has changed since the last call. */
  tryCompleteFor(key: string): boolean
  expire(): void
}

interface Watched {
  readonly operation: Delayed
  readonly keys: readonly string[]
  timer: Timer | undefined
  completing: boolean
}

export class Purgatory {
  private readonly timers: Timers
  private readonly turns: Pick<Turns, 'run' | 'isOver'> | undefined
  private readonly watchers = new Map<string, Set<Watched>>()
  private size = 0

  /** Without `turns` a check runs in one go. */
  constructor(timers: Timers, turns?: Pick<Turns, 'run' | 'isOver'>) {
    this.timers = timers
    this.turns = turns
  }

  /** The number of delayed operations. */
  get waiting(): number {
    return this.size
  }

  /**
   * Completes `operation` at once if possible; otherwise watches it under `keys` for at most `waitMsMax` ms. Returns a
   * function that cancels it (PURGATORY-4) and does nothing once it has ended.
   */
  tryCompleteElseWatch(operation: Delayed, keys: readonly string[], waitMsMax: number): () => void {
    if (operation.tryComplete()) return () => {}
    const watched: Watched = { operation, keys, timer: undefined, completing: false }
    for (const key of keys) {
      const set = this.watchers.get(key) ?? new Set()
      set.add(watched)
      this.watchers.set(key, set)
    }
    this.size++
    const expire = (): void => {
      this.unwatch(watched)
      operation.expire()
    }
    watched.timer = this.timers.set(waitMsMax, expire, 'timeout of a delayed operation')
    return () => {
      if (!this.isWatched(watched)) return
      watched.timer?.cancel()
      this.unwatch(watched)
    }
  }

  private isWatched(watched: Watched): boolean {
    return watched.keys.some((key) => this.watchers.get(key)?.has(watched))
  }

  /** Called after a change of `key`: completes the operations that can be completed now. */
  check(key: string): void {
    const set = this.watchers.get(key)
    if (!set) return
    const checking = this.checkAll(key, set)
    if (!this.turns) return finish(checking)
    const failed = (error: unknown): never => {
      throw error
    }
    this.turns.run(checking, () => {}, failed, { name: 'delayed operations' })
  }

  private *checkAll(key: string, set: ReadonlySet<Watched>): Steps<void> {
    for (const watched of [...set]) {
      this.checkOne(key, set, watched)
      if (this.turns?.isOver) yield
    }
  }

  private checkOne(key: string, set: ReadonlySet<Watched>, watched: Watched): void {
    if (!set.has(watched) || watched.completing) return
    watched.completing = true
    const completed = watched.operation.tryCompleteFor(key)
    watched.completing = false
    if (!completed) return
    watched.timer?.cancel()
    this.unwatch(watched)
  }

  /** Expires all operations (the broker stops). */
  expireAll(): void {
    const all = new Set([...this.watchers.values()].flatMap((set) => [...set]))
    for (const watched of all) {
      watched.timer?.cancel()
      this.unwatch(watched)
      watched.operation.expire()
    }
  }

  private unwatch(watched: Watched): void {
    for (const key of watched.keys) {
      const set = this.watchers.get(key)
      if (!set) continue
      set.delete(watched)
      if (set.size === 0) this.watchers.delete(key)
    }
    this.size--
  }
}
