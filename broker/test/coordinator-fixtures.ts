/**
 * For tests: the host of a coordinator in virtual time, whose logs can be slow, can fail, and can lose what was not committed.
 *
 *   commitMs   how long a record takes until it is committed
 *   readMs     how long it takes to read one entry when a partition is loaded
 */

import type {
  Appended,
  CoordinatorHost,
  CoordinatorRecord,
  ReplayedEntry,
} from '../src/coordinators/coordinator-host.ts'
import { NO_EXPRESSIONS } from '../src/coordinators/expressions.ts'
import type { CoordinatorContext, CoordinatorShard } from '../src/coordinators/runtime/coordinator-context.ts'
import { CoordinatorRuntime } from '../src/coordinators/runtime/coordinator-runtime.ts'
import type { Core, Timer } from '../src/core.ts'
import { VirtualTime } from '../src/sim/virtual-time.ts'
import { type Steps, Turns } from '../src/turns.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'

interface SlowLog {
  readonly entries: ReplayedEntry[]
  highWatermark: number
  readonly waiting: Set<{ readonly offset: number; readonly done: (error: ErrorCode) => void }>
}

export class CoordinatorStage {
  readonly time = new VirtualTime(1_000_000)
  readonly host: CoordinatorHost
  readonly told: string[] = []
  commitMs = 0
  readMs = 0
  /** The error of the next append. */
  failNext: ErrorCode = ErrorCode.NONE
  /** Called within the next append, after it has failed. */
  onFailure: (() => void) | undefined
  /** The loads that were begun, and that have read everything. */
  readonly loads: string[] = []
  private readonly logs = new Map<string, SlowLog>()
  private readonly timers = new Set<Timer>()

  /** `partitions`: of each coordinator's topic. */
  constructor(partitions = 1) {
    const core = this.core()
    this.host = {
      core,
      nodeId: 1,
      turns: new Turns(core),
      expressions: NO_EXPRESSIONS,
      partitionCount: () => partitions,
      topicId: () => undefined,
      topicName: () => undefined,
      topicNames: () => [],
      append: (topic, partition, records, producer) => {
        const entries = records.map((record) => ({ kind: 'record', record, producer }) as const)
        return this.append(topic, partition, entries)
      },
      whenCommitted: (...[topic, partition, offset, timeoutMs, done]) =>
        this.whenCommitted(this.log(topic, partition), offset, timeoutMs, done),
      replay: (topic, partition, visit) => this.replay(topic, partition, visit),
    }
  }

  private core(): Core {
    const { time } = this
    const set = (delayMs: number, fire: () => void): Timer => {
      const fired = (): void => {
        this.timers.delete(timer)
        fire()
      }
      const running = time.after(delayMs, fired)
      const timer = {
        cancel: () => {
          running.cancel()
          this.timers.delete(timer)
        },
      }
      this.timers.add(timer)
      return timer
    }
    let dice = 0
    return {
      clock: time,
      timers: { set },
      random: { bytes: (length: number) => new Uint8Array(length).fill(++dice), int: () => 0 },
      log: (_level: string, message: string) => this.told.push(message),
    } as unknown as Core
  }

  /** The ms since the stage was made. */
  get ms(): number {
    return this.time.monotonicMs()
  }

  /** How many timers of the coordinator are running. */
  get timersLeft(): number {
    return this.timers.size
  }

  log(topic: string, partition: number): SlowLog {
    const key = `${topic}-${partition}`
    const log = this.logs.get(key) ?? { entries: [], highWatermark: 0, waiting: new Set() }
    this.logs.set(key, log)
    return log
  }

  append(topic: string, partition: number, entries: readonly ReplayedEntry[]): Appended {
    if (this.failNext !== ErrorCode.NONE) {
      const error = this.failNext
      this.failNext = ErrorCode.NONE
      this.onFailure?.()
      return { error, endOffset: -1 }
    }
    const log = this.log(topic, partition)
    log.entries.push(...entries)
    const endOffset = log.entries.length
    if (this.commitMs === 0) this.commitUpTo(log, endOffset)
    else if (this.commitMs < Number.POSITIVE_INFINITY)
      this.time.after(this.commitMs, () => this.commitUpTo(log, endOffset))
    return { error: ErrorCode.NONE, endOffset }
  }

  private commitUpTo(log: SlowLog, offset: number): void {
    if (log.entries.length < offset) return // truncated meanwhile
    log.highWatermark = Math.max(log.highWatermark, offset)
    for (const each of [...log.waiting])
      if (each.offset <= log.highWatermark && log.waiting.delete(each)) each.done(ErrorCode.NONE)
  }

  private whenCommitted(
    log: SlowLog,
    offset: number,
    timeoutMs: number,
    done: (error: ErrorCode) => void,
  ): () => void {
    if (offset <= log.highWatermark) {
      done(ErrorCode.NONE)
      return () => {}
    }
    const expire = (): void => {
      if (log.waiting.delete(waiting)) done(ErrorCode.COORDINATOR_NOT_AVAILABLE)
    }
    const timer = this.host.core.timers.set(timeoutMs, expire)
    const waiting = {
      offset,
      done: (error: ErrorCode) => {
        timer.cancel()
        done(error)
      },
    }
    log.waiting.add(waiting)
    return () => {
      timer.cancel()
      log.waiting.delete(waiting)
    }
  }

  /** Another leader has cut what was not committed. */
  truncate(topic: string, partition: number): void {
    const { entries, highWatermark } = this.log(topic, partition)
    entries.length = highWatermark
  }

  private *replay(topic: string, partition: number, visit: (entry: ReplayedEntry) => void): Steps<number> {
    const { entries } = this.log(topic, partition)
    this.loads.push(`begin ${partition}`)
    for (let at = 0; at < entries.length; at++) {
      if (this.readMs > 0) yield { whenOver: (goOn) => void this.time.after(this.readMs, goOn) }
      visit(entries[at]!)
    }
    this.loads.push(`end ${partition}`)
    return entries.length
  }
}

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()]

/** A record with a text as its key. */
export function textRecord(text: string): CoordinatorRecord {
  return { key: encoder.encode(text), value: null }
}

/** The texts of entries. */
export function textOf(entry: ReplayedEntry): string {
  return entry.kind === 'record' ? decoder.decode(entry.record.key) : entry.kind
}

/** The topic of the coordinator that keeps texts. */
export const TEXT_TOPIC = 'topic'
/** How long its responses wait (ms). */
export const TEXT_TIMEOUT_MS = 5000

/** A state machine that keeps the texts of its records. */
export class TextShard implements CoordinatorShard {
  readonly texts: string[] = []
  readonly context: CoordinatorContext
  private readonly story: (what: string) => void

  constructor(context: CoordinatorContext, story: (what: string) => void) {
    this.context = context
    this.story = story
  }

  replay(entry: ReplayedEntry): void {
    const text = textOf(entry)
    if (text === 'unreadable') throw new Error('damaged at byte 7')
    this.texts.push(text)
  }

  onLoaded(): void {
    this.story(`loaded ${this.context.partition} in epoch ${this.context.epoch}: ${this.texts.join(' ')}`)
  }

  onUnloaded(): void {
    this.story(`unloaded ${this.context.partition}`)
  }
}

/** A runtime over slow logs. The story has the ms at which something happened. */
export class RuntimeStage extends CoordinatorStage {
  readonly story: string[] = []
  readonly runtime: CoordinatorRuntime<TextShard>
  /** Texts that can be appended and not applied. */
  readonly poison = new Set<string>()

  constructor(partitions = 1) {
    super(partitions)
    this.runtime = new CoordinatorRuntime({
      host: this.host,
      topic: TEXT_TOPIC,
      serves: 'groups',
      create: (context) => new TextShard(context, (what) => this.tell(what)),
    })
  }

  tell(what: string): void {
    this.story.push(`${this.ms} ${what}`)
  }

  /** What has happened since the last call. */
  news(): string[] {
    return this.story.splice(0)
  }

  /** The log of a partition has these texts, all committed. */
  write(partition: number, ...texts: readonly string[]): void {
    const log = this.log(TEXT_TOPIC, partition)
    for (const text of texts) log.entries.push({ kind: 'record', record: textRecord(text) })
    log.highWatermark = log.entries.length
  }

  /** A request that appends `text`. */
  add(text: string, { partition = 0, appended }: { partition?: number; appended?: () => void } = {}): void {
    const done = (error: ErrorCode): void => this.tell(`${text}: ${errorName(error)}`)
    this.runtime.run(partition, done, ({ context, texts }) =>
      context.append({
        write: () => this.host.append(TEXT_TOPIC, partition, [textRecord(text)], undefined),
        apply: () => {
          if (this.poison.has(text)) throw new Error(`cannot apply ${text}`)
          texts.push(text)
        },
        appended,
        timeoutMs: TEXT_TIMEOUT_MS,
        done,
      }),
    )
  }

  /** A request that tells what the shard has. */
  read(partition = 0): void {
    const refuse = (error: ErrorCode): void => this.tell(`read: ${errorName(error)}`)
    this.runtime.run(partition, refuse, ({ context, texts }) => {
      const seen = texts.join(' ')
      context.whenCommitted(TEXT_TIMEOUT_MS, (error) => (error ? refuse(error) : this.tell(`read: ${seen}`)))
    })
  }
}
