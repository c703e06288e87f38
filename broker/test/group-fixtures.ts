/**
 * For tests: a coordinator on a log in memory, with a clock that the script moves.
 *
 * A script is text. A line is an event; the lines with an arrow under it are the coordinator's responses and records:
 *
 *   a joins
 *     -> log: g generation 0
 *     -> a: MEMBER_ID_REQUIRED
 *
 * `retell` plays the events of a script and returns the script with what really happened.
 *
 *   a joins [v3] [as INSTANCE] [with range+sticky]     JoinGroup; the second time with the id that it got
 *   a syncs [a=one b=two] | a beats [at 0] | a leaves
 *   x subscribes t u [as INSTANCE] [by range] [to REGEX]      ConsumerGroupHeartbeat, epoch 0
 *   x beats [owning t:0,1] | x goes | x pauses         epoch as known; -1; -2
 *   a commits 5 [at 0] | somebody commits 5 | a commits 5 in 7     topic t, partition 0; in the transaction of producer 7
 *   fetch [stable] | transaction 7 commits | transaction 7 aborts
 *   wait 3000 | topic t has 4 | show | delete | restart
 *   log fails ERROR | log is slow | log catches up
 */

import type {
  Appended,
  CoordinatorHost,
  CoordinatorRecord,
  ReplayedEntry,
} from '../src/coordinators/coordinator-host.ts'
import type { Expressions } from '../src/coordinators/expressions.ts'
import { type GroupConfig, KAFKA_DEFAULTS } from '../src/coordinators/group/group-config.ts'
import { GroupCoordinator } from '../src/coordinators/group/group-coordinator.ts'
import type { Core } from '../src/core.ts'
import { ConsumerGroupMemberMetadataKey as MemberKey } from '../src/messages/records/consumer-group-records.ts'
import {
  GroupMetadataKey,
  GroupMetadataValue,
  OffsetCommitKey,
  OffsetCommitValue,
} from '../src/messages/records/consumer-offsets.ts'
import { decodeKey, decodeValue, recordType } from '../src/messages/records/record-frame.ts'
import { oneStep, Turns } from '../src/turns.ts'
import { ErrorCode, errorName } from '../src/wire/errors.ts'
import type { Int64 } from '../src/wire/int64.ts'

export const GROUP = 'g'
const TYPES = new Map([
  [3, 'epoch'],
  [4, 'partitions'],
  [5, 'member'],
  [6, 'target epoch'],
  [7, 'target'],
  [8, 'current'],
  [16, 'regex'],
])

/** JavaScript's own regular expressions, which are sufficient for these scripts. */
const PLAIN_EXPRESSIONS: Expressions = {
  compile: (text) => {
    try {
      const whole = new RegExp(`^(?:${text})$`)
      return { matches: (name) => whole.test(name) }
    } catch (error) {
      return { wrong: String(error) }
    }
  },
}

/** Plays the events of a script; returns what happened, in the form of a script. */
export function retell(
  story: string,
  change: Partial<GroupConfig>,
  act: (stage: GroupStage, event: string) => void,
): string {
  const promptly = { initialRebalanceDelayMs: 0, consumerAssignmentIntervalMs: 0 }
  const stage = new GroupStage({ ...KAFKA_DEFAULTS, ...promptly, ...change })
  const events = story
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('->'))
  const told = events.flatMap((event) => {
    stage.effects = []
    if (!event.startsWith('#')) act(stage, event)
    return [event, ...stage.effects.map((effect) => `  -> ${effect}`)]
  })
  // An id may be printed before its member has received it: names are inserted at the end.
  return [...stage.names].reduce((text, [memberId, name]) => text.replaceAll(memberId, name), told.join('\n'))
}

/** The same form for the expected script. */
export function tidy(story: string): string {
  const lines = story
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.map((line) => (line.startsWith('->') ? `  ${line}` : line)).join('\n')
}

export class GroupStage {
  effects: string[] = []
  readonly topics = new Map([['t', 2]])
  readonly names = new Map<string, string>()
  private readonly config: GroupConfig
  private readonly written: ReplayedEntry[] = []
  /** Responses that wait until the log catches up. */
  private readonly held: { readonly offset: number; readonly done: (error: ErrorCode) => void }[] = []
  private committed = 0
  private timers: { at: number; fire: () => void }[] = []
  private now = 1_000_000
  private dice = 0
  private metadataVersion = 0
  private failure: ErrorCode = ErrorCode.NONE
  private isSlow = false
  coordinator: GroupCoordinator

  constructor(config: GroupConfig) {
    this.config = config
    this.coordinator = this.start()
  }

  private start(): GroupCoordinator {
    const coordinator = new GroupCoordinator({ host: this.host(), config: this.config })
    coordinator.onElection(0, 0)
    this.coordinator = coordinator
    this.tellTopics()
    return coordinator
  }

  restart(): void {
    this.coordinator.close()
    if (this.timers.length > 0) throw new Error(`${this.timers.length} timers run on after close`)
    this.coordinator = this.start()
  }

  tell(effect: string): void {
    this.effects.push(effect)
  }

  private core(): Core {
    const set = (delayMs: number, fire: () => void) => {
      const timer = { at: this.now + delayMs, fire }
      this.timers.push(timer)
      const cancel = (): void => {
        this.timers = this.timers.filter((each) => each !== timer)
      }
      return { cancel }
    }
    const bytes = (length: number) => new Uint8Array(length).fill(++this.dice)
    return {
      clock: { now: () => this.now, monotonicMs: () => this.now },
      timers: { set },
      random: { bytes, int: () => 0 },
      log: () => {},
    } as unknown as Core
  }

  setTopic(name: string, partitions: number): void {
    this.topics.set(name, partitions)
    this.tellTopics()
  }

  private tellTopics(): void {
    const topics = new Map([...this.topics.keys()].map((each) => [each, { id: this.topicId(each) }]))
    this.coordinator.onMetadata({ offset: ++this.metadataVersion, topics })
  }

  topicId(name: string): string {
    return `${name}-id`.padEnd(22, 'A')
  }

  topicName(id: string): string | undefined {
    return [...this.topics.keys()].find((name) => this.topicId(name) === id)
  }

  private host(): CoordinatorHost {
    const core = this.core()
    return {
      core,
      nodeId: 1,
      turns: new Turns(core),
      expressions: PLAIN_EXPRESSIONS,
      partitionCount: (topic) => (topic === '__consumer_offsets' ? 1 : this.topics.get(topic)),
      topicId: (name) => (this.topics.has(name) ? this.topicId(name) : undefined),
      topicName: (id) => this.topicName(id),
      topicNames: () => [...this.topics.keys()],
      append: (_topic, _partition, records, producer) => {
        const entries = records.map((record) => ({ kind: 'record', record, producer }) as const)
        return this.append(entries, () => summary(records.map((record) => this.tellRecord(record))))
      },
      whenCommitted: (_topic, _partition, offset, _timeoutMs, done) => {
        if (offset <= this.committed) done(ErrorCode.NONE)
        else this.held.push({ offset, done })
        return () => {}
      },
      replay: (_topic, _partition, visit) =>
        oneStep(() => {
          for (const entry of this.written) visit(entry)
          return this.written.length
        }),
    }
  }

  private append(entries: readonly ReplayedEntry[], summarize: () => string): Appended {
    const error = this.failure
    this.failure = ErrorCode.NONE
    if (error !== ErrorCode.NONE) {
      this.tell(`log: ${errorName(error)}`)
      return { error, endOffset: -1 }
    }
    this.written.push(...entries)
    const text = summarize()
    if (text) this.tell(`log: ${text}`)
    if (!this.isSlow) this.committed = this.written.length
    return { error, endOffset: this.written.length }
  }

  private tellRecord({ key, value }: CoordinatorRecord): string {
    const type = recordType(key)
    if (type === OffsetCommitKey.apiKey) {
      const { topic, partition } = decodeKey(OffsetCommitKey, key)
      return `${topic}-${partition} ${value ? decodeValue(OffsetCommitValue, value).offset : 'gone'}`
    }
    if (type !== GroupMetadataKey.apiKey) return this.tellConsumerRecord(type, key, value)
    if (!value) return 'g gone'
    const { generation, members } = decodeValue(GroupMetadataValue, value)
    const parts = members.map((member) => ` ${member.memberId}=${text(member.assignment)}`)
    return `g generation ${generation}${parts.join('')}`
  }

  private tellConsumerRecord(type: number, key: Uint8Array, value: Uint8Array | null): string {
    const what = `${value ? '' : 'no '}${TYPES.get(type)}`
    if (type !== MemberKey.apiKey && type !== 7 && type !== 8) return what
    // All three keys are a group and a member.
    const { memberId } = decodeKey(MemberKey, new Uint8Array([0, MemberKey.apiKey, ...key.subarray(2)]))
    return `${what} ${memberId}`
  }

  endTransaction(producerId: Int64, committed: boolean): void {
    const entry = {
      kind: 'end of transaction',
      producer: { producerId, producerEpoch: 0 },
      committed,
    } as const
    const write = (): Appended => this.append([entry], () => '')
    this.coordinator.completeTransaction(0, { producerId, committed }, write, 30_000, () => {})
  }

  failOnce(error: string): void {
    this.failure = ErrorCode[error as keyof typeof ErrorCode]
  }

  slowDown(): void {
    this.isSlow = true
  }

  /** Everything that was appended is committed. */
  catchUp(): void {
    this.isSlow = false
    this.committed = this.written.length
    for (const { done } of this.held.splice(0)) done(ErrorCode.NONE)
  }

  wait(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers = this.timers.filter((each) => each !== next)
      this.now = next.at
      next.fire()
    }
    this.now = end
  }
}

function summary(lines: readonly string[]): string {
  return lines.join(', ')
}

export function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}
