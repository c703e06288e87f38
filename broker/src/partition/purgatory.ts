/**
 * Where requests wait.
 *
 * A Fetch that wants more bytes than there are waits for a partition to move, or for its time to be up. Kafka calls the
 * place a purgatory. An operation is watched under the keys of its partitions; what moves a partition checks its key.
 *
 * In Kafka a Produce with acks=all waits here too, until the replicas have its batch. A partition has one replica here,
 * the high watermark follows each append at once, and such a Produce is answered like one with acks=1.
 *
 * PURGATORY-1  an operation ends once: completed by a check, or expired by its timer, never both
 * PURGATORY-2  an operation is not asked while it is completing: its answer may let in the next request, which moves a
 *     key
 * - an ended operation is watched under no key, so a key under which nothing waits costs nothing
 * PURGATORY-4  an operation that is cancelled neither completes nor expires: its client has gone
 * PURGATORY-5  a key under which thousands wait is checked in turns (turns.ts); who moved it does not wait for all of
 *     them
 */
import type { Timer, Timers } from '../core.ts'
import { finish, type Steps, type Turns } from '../turns.ts'

/** Something that waits. Completing does its work and gives true, or gives false. */
export interface Delayed {
  tryComplete(): boolean
  /** The same, when nothing but `key` has moved since it was asked last. */
  tryCompleteMoved(key: string): boolean
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

  /** `turns`: without them a check is done in one go. */
  constructor(timers: Timers, turns?: Pick<Turns, 'run' | 'isOver'>) {
    this.timers = timers
    this.turns = turns
  }

  /** Operations that wait. */
  get waiting(): number {
    return this.size
  }

  /**
   * Completes `operation` at once if it can be; otherwise it waits under `keys`, at most `waitMsMax` ms. What is given
   * back cancels it (PURGATORY-4), and does nothing once it has ended.
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
      this.forget(watched)
      operation.expire()
    }
    watched.timer = this.timers.set(waitMsMax, expire, 'a request that waited')
    return () => {
      if (!this.isWatched(watched)) return
      watched.timer?.cancel()
      this.forget(watched)
    }
  }

  private isWatched(watched: Watched): boolean {
    return watched.keys.some((key) => this.watchers.get(key)?.has(watched))
  }

  /** Something has changed about `key`: completes what can be completed now. */
  check(key: string): void {
    const set = this.watchers.get(key)
    if (!set) return
    const checking = this.checkAll(key, set)
    if (!this.turns) return finish(checking)
    const failed = (error: unknown): never => {
      throw error
    }
    this.turns.run(checking, () => {}, failed, { name: 'requests that wait' })
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
    const completed = watched.operation.tryCompleteMoved(key)
    watched.completing = false
    if (!completed) return
    watched.timer?.cancel()
    this.forget(watched)
  }

  /** Ends all that wait, as if their time were up (the broker stops). */
  expireAll(): void {
    const all = new Set([...this.watchers.values()].flatMap((set) => [...set]))
    for (const watched of all) {
      watched.timer?.cancel()
      this.forget(watched)
      watched.operation.expire()
    }
  }

  private forget(watched: Watched): void {
    for (const key of watched.keys) {
      const set = this.watchers.get(key)
      if (!set) continue
      set.delete(watched)
      if (set.size === 0) this.watchers.delete(key)
    }
    this.size--
  }
}
