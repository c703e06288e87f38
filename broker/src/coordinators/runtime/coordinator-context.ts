/**
 * One partition of a coordinator's topic on the node that leads it: it is loaded, it serves requests, it is closed.
 *
 * A coordinator is a state machine over a log. The context stands between the two: it reads the log into the state machine
 * (the shard), appends the records of its decisions, and sends the responses when the records are committed.
 *
 *   state     what it is                                             a request gets
 *   INITIAL   elected; partitions elected before it are loaded first COORDINATOR_LOAD_IN_PROGRESS: the client tries again
 *   LOADING   the log is read, in turns                              COORDINATOR_LOAD_IN_PROGRESS
 *   ACTIVE    served                                                 its response
 *   FAILED    the log can't be read, or records can't be applied     NOT_COORDINATOR: the client looks for the coordinator
 *   CLOSED    another node leads, or the broker stops                NOT_COORDINATOR
 *
 *   from                    event                                          to        transition
 *   INITIAL                 its turn has come                              LOADING   load
 *   LOADING                 the log was read                               ACTIVE    load: onLoaded, the shard starts its timers
 *   LOADING                 the log can't be read                          FAILED    load
 *   ACTIVE                  records were appended, but can't be applied    FAILED    append: the partition is loaded anew
 *   any but CLOSED          resigned                                       CLOSED    close
 *
 * In FAILED and CLOSED nothing is left of what the shard has started: no load, timer or job, and no response waits. A context
 * is loaded once. So no callback of one life can reach the next one.
 * (In Kafka one context goes from FAILED to LOADING again, with a new state machine.)
 *
 * Appends are a pipeline; the next decision does not wait for the last one to be committed:
 *
 *   0 ms    commit of a: check, append at offset 7, apply        its response waits for the high watermark 8
 *   1 ms    commit of b: check, append at offset 8, apply        ... for 9; it was decided on a state that includes a's
 *   50 ms   the high watermark is 9                              respond to a, then to b
 *
 * What is appended may be lost, and then the state must not have changed. There are two ways to lose it:
 *
 *   the append fails              nothing was applied: records are applied after the append has returned
 *   another node becomes leader   the shard is dropped with its whole state, and read from the log at the next election
 *
 * So nothing has to be undone here. Kafka keeps its state in timeline data structures with snapshots, because it applies
 * the records of several requests, collects them into one batch (append.linger.ms), and appends that later: if the append
 * fails, it goes back to the snapshot. The snapshots also let it answer reads at once from the committed state. Here a read
 * waits until what it has seen is committed (`whenCommitted`), as in Kafka a write without records does.
 *
 * COORDINATOR-CONTEXT-1  the state machine changes when this node's log has the records; after an append that failed it is
 *     as before
 * COORDINATOR-CONTEXT-2  a response is sent when its records, and all that were appended before them, are committed;
 *     responses are sent in the order of the appends
 * COORDINATOR-CONTEXT-3  an append does not wait until earlier ones are committed
 * COORDINATOR-CONTEXT-4  after FAILED or CLOSED no timer fires, no job or load goes on, nothing is appended, and no response
 *     waits
 * COORDINATOR-CONTEXT-5  work on a shard is not nested: a response may release the next request of its connection at once;
 *     that request is queued until the work that sent the response is done
 * COORDINATOR-CONTEXT-6  work that takes several turns is a job; its result is queued like a request
 * COORDINATOR-CONTEXT-7  a response that has waited for its timeout is an error; its records may be committed later
 *
 * (CoordinatorRuntime.CoordinatorContext, CoordinatorLoader)
 */
import type { Job, Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Appended, CoordinatorHost, ReplayedEntry } from '../coordinator-host.ts'
import { NamedTimers } from './named-timers.ts'

export type ContextState = 'INITIAL' | 'LOADING' | 'ACTIVE' | 'FAILED' | 'CLOSED'

const PREVIOUS: Readonly<Record<ContextState, readonly ContextState[]>> = {
  INITIAL: [],
  LOADING: ['INITIAL'],
  ACTIVE: ['LOADING'],
  FAILED: ['LOADING', 'ACTIVE'],
  CLOSED: ['INITIAL', 'LOADING', 'ACTIVE', 'FAILED'],
}

/** The state machine of a partition. */
export interface CoordinatorShard {
  /** Applies an entry of the log while it is loaded. Throws if it can't be decoded. */
  replay(entry: ReplayedEntry): void
  /** The log was read, and requests will be served. */
  onLoaded(): void
  /** Requests are served no more; called only after onLoaded. Delayed operations of the shard complete with NOT_COORDINATOR. */
  onUnloaded(): void
}

/** A decision of the state machine. */
export interface Append {
  /** Appends the records to the log as one batch, or none of them. */
  readonly write: () => Appended
  /** Applies the records to the state machine. If it throws, memory and log differ, and the partition is loaded anew. */
  readonly apply?: (() => void) | undefined
  /** Called after `apply`, before the response: to start and to cancel timers. */
  readonly appended?: (() => void) | undefined
  /** How long the response may wait (ms). */
  readonly timeoutMs: number
  /** Called once: NONE when the records are committed, otherwise the error for the client. */
  readonly done: (error: ErrorCode) => void
}

/** A response that waits until everything below `offset` is committed. */
interface Waiting {
  readonly offset: number
  readonly done: (error: ErrorCode) => void
  /** Stops watching the high watermark. */
  cancel: (() => void) | undefined
  isOver: boolean
}

export interface ContextOptions<Shard> {
  readonly host: CoordinatorHost
  readonly topic: string
  readonly partition: number
  /** The leader epoch in which this node was elected. */
  readonly epoch: number
  readonly create: (context: CoordinatorContext) => Shard
  /** Called when appended records could not be applied, in state FAILED. */
  readonly onDiverged: (error: unknown) => void
}

export class CoordinatorContext<Shard extends CoordinatorShard = CoordinatorShard> {
  readonly topic: string
  readonly partition: number
  readonly shard: Shard
  /** The leader epoch; it rises without a new load if this node is elected again while it leads. */
  epoch: number
  private readonly host: CoordinatorHost
  private readonly onDiverged: (error: unknown) => void
  private current: ContextState = 'INITIAL'
  private readonly timers: NamedTimers
  /** Running jobs, by name. */
  private readonly jobs = new Map<string, Job>()
  private loading: { job?: Job; readonly over: (failure?: unknown) => void } | undefined
  /** Work that waits for the work that is running. */
  private readonly queue: (() => void)[] = []
  private isRunning = false
  /** In the order of their offsets. */
  private waiting: Waiting[] = []
  /** The offset behind the last record that was loaded or appended. */
  private writtenOffset = 0
  /** The highest offset that is known to be committed. */
  private committedOffset = 0

  constructor(options: ContextOptions<Shard>) {
    this.topic = options.topic
    this.partition = options.partition
    this.epoch = options.epoch
    this.host = options.host
    this.onDiverged = options.onDiverged
    this.timers = new NamedTimers(options.host.core.timers, (work) => this.run(work))
    this.shard = options.create(this)
  }

  get state(): ContextState {
    return this.current
  }

  /** The error of a request that can't be served; NONE in state ACTIVE. */
  get refusal(): ErrorCode {
    if (this.current === 'ACTIVE') return ErrorCode.NONE
    const willLoad = this.current === 'INITIAL' || this.current === 'LOADING'
    return willLoad ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NOT_COORDINATOR
  }

  private transitionTo(next: ContextState): void {
    if (!PREVIOUS[next].includes(this.current))
      throw new Error(`coordinator of ${this.topic}-${this.partition}: ${this.current} to ${next}`)
    this.current = next
  }

  // ---- load and unload

  /** Reads the log in turns. `over` is called once: when the shard is ACTIVE, FAILED (with the reason) or CLOSED. */
  load(over: (failure?: unknown) => void): void {
    this.transitionTo('LOADING')
    const { host, topic, partition, shard } = this
    const loading: { job?: Job; readonly over: (failure?: unknown) => void } = { over }
    this.loading = loading
    const loaded = (endOffset: number): void => {
      if (this.current !== 'LOADING') return
      this.writtenOffset = endOffset
      this.transitionTo('ACTIVE')
      this.endLoad()
      this.run(() => shard.onLoaded())
    }
    const failed = (error: unknown): void => {
      if (this.current !== 'LOADING') return
      this.transitionTo('FAILED')
      this.endLoad(error)
    }
    const steps = host.replay(topic, partition, (entry) => shard.replay(entry))
    loading.job = host.turns.run(steps, loaded, failed, { name: `the load of ${topic}-${partition}` })
    if (this.loading !== loading) loading.job.cancel()
  }

  private endLoad(failure?: unknown): void {
    const { loading } = this
    this.loading = undefined
    loading?.job?.cancel()
    loading?.over(failure)
  }

  /** This node leads the partition no longer, or stops (COORDINATOR-CONTEXT-4). Idempotent. */
  close(): void {
    if (this.current !== 'CLOSED') this.end('CLOSED')
  }

  private end(state: 'FAILED' | 'CLOSED'): void {
    const wasActive = this.current === 'ACTIVE'
    this.transitionTo(state)
    this.endLoad()
    for (const job of this.jobs.values()) job.cancel()
    this.jobs.clear()
    this.timers.close()
    if (wasActive) this.shard.onUnloaded()
    for (const each of this.take(this.waiting.length)) each.done(ErrorCode.NOT_COORDINATOR)
  }

  // ---- requests

  /** Runs `work` now, or after the work that is running (COORDINATOR-CONTEXT-5). */
  run(work: () => void): void {
    this.queue.push(work)
    if (!this.isRunning) this.runQueue()
  }

  private runQueue(): void {
    this.isRunning = true
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) next()
    } finally {
      this.isRunning = false
      // Work has thrown an error: the rest goes on.
      if (this.queue.length > 0) this.runQueue()
    }
  }

  // #region append
  /** Appends and applies records now; responds when they are committed (COORDINATOR-CONTEXT-1, COORDINATOR-CONTEXT-2). */
  append({ write, apply, appended, timeoutMs, done }: Append): void {
    if (this.current !== 'ACTIVE') return done(this.refusal)
    const { error, endOffset } = write()
    if (error !== ErrorCode.NONE) return done(error)
    // The write may have ended this context: a failing disk takes the partition offline.
    if (this.current !== 'ACTIVE') return done(this.refusal)
    this.writtenOffset = endOffset
    try {
      apply?.()
    } catch (thrown) {
      this.end('FAILED')
      done(ErrorCode.NOT_COORDINATOR)
      return this.onDiverged(thrown)
    }
    const waiting = this.enqueue(endOffset, done)
    appended?.()
    this.watch(waiting, timeoutMs)
  }
  // #endregion append

  /** Calls `done` when everything that was appended so far is committed, at once if it is. For reads. */
  whenCommitted(timeoutMs: number, done: (error: ErrorCode) => void): void {
    if (this.current !== 'ACTIVE') return done(this.refusal)
    if (this.isCommitted) return done(ErrorCode.NONE)
    this.watch(this.enqueue(this.writtenOffset, done), timeoutMs)
  }

  /** Whether everything that was appended so far is known to be committed. */
  get isCommitted(): boolean {
    return this.writtenOffset <= this.committedOffset
  }

  private enqueue(offset: number, done: (error: ErrorCode) => void): Waiting {
    const waiting: Waiting = { offset, done, cancel: undefined, isOver: false }
    this.waiting.push(waiting)
    return waiting
  }

  private watch(waiting: Waiting, timeoutMs: number): void {
    if (waiting.isOver) return
    const { host, topic, partition } = this
    let isNow = true
    const over = (error: ErrorCode): void => this.complete(waiting, error, isNow)
    waiting.cancel = host.whenCommitted(topic, partition, waiting.offset, timeoutMs, over)
    isNow = false
  }

  /**
   * The records below the offset of `waiting` are committed: completes it and all before it. With an error (timeout):
   * completes it alone. `isNow`: within the append, whose caller goes on afterwards.
   */
  private complete(waiting: Waiting, error: ErrorCode, isNow: boolean): void {
    if (waiting.isOver) return
    if (error !== ErrorCode.NONE) {
      this.waiting = this.waiting.filter((each) => each !== waiting)
      waiting.isOver = true
      return isNow ? waiting.done(error) : this.run(() => waiting.done(error))
    }
    this.committedOffset = Math.max(this.committedOffset, waiting.offset)
    const first = this.waiting.findIndex(({ offset }) => offset > waiting.offset)
    const ready = this.take(first < 0 ? this.waiting.length : first)
    if (isNow && ready.length === 1) return waiting.done(ErrorCode.NONE)
    for (const each of ready) this.run(() => each.done(ErrorCode.NONE))
  }

  /** Removes the first `count` waiting responses. */
  private take(count: number): Waiting[] {
    const taken = this.waiting.splice(0, count)
    for (const each of taken) {
      each.isOver = true
      each.cancel?.()
    }
    return taken
  }

  // ---- timers and jobs

  /** Sets a timer of the shard; replaces the timer with the same name. Nothing unless ACTIVE. */
  setTimer(name: string, delayMs: number, fire: () => void): void {
    if (this.current === 'ACTIVE') this.timers.set(name, delayMs, fire)
  }

  hasTimer(name: string): boolean {
    return this.timers.has(name)
  }

  cancelTimer(name: string): void {
    this.timers.cancel(name)
  }

  /** Runs work that may take several turns; `done` gets its result in a run of its own (COORDINATOR-CONTEXT-6). */
  runJob<Result>(name: string, steps: Steps<Result>, done: (result: Result) => void): void {
    if (this.current !== 'ACTIVE') return
    const { host } = this
    let isOver = false
    const end = (): void => {
      isOver = true
      this.jobs.delete(name)
    }
    const finished = (result: Result): void => {
      end()
      this.run(() => {
        if (this.current === 'ACTIVE') done(result)
      })
    }
    const failed = (error: unknown): void => {
      end()
      host.core.log('error', `${name} failed: ${String(error)}`)
    }
    const job = host.turns.run(steps, finished, failed, { name })
    if (!isOver) this.jobs.set(name, job)
  }

  hasJob(name: string): boolean {
    return this.jobs.has(name)
  }
}
