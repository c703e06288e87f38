import { CreateTopicsRequest, CreateTopicsResponse } from '../../../../broker/src/messages/create-topics'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from '../../../../broker/src/messages/find-coordinator'
import { Simulation } from '../../../../broker/src/sim/simulation'
import { ErrorCode } from '../../../../broker/src/wire/errors'
import { ClassicMember } from './classic-member'
import {
  BUSY_MS,
  type GroupAction,
  type GroupStory,
  type Happening,
  NAMES,
  type Protocol,
  type SeenMember,
  type Span,
  type Step,
} from './group'
import { GROUP, type Member, PARTITIONS, TOPIC, type World } from './group-member'
import { HeartbeatMember } from './heartbeat-member'

/**
 * The story of a consumer group: what members do, one action after the other, against our broker in virtual time. The
 * same actions give the same story, to the millisecond; only the protocol makes the difference.
 */

/** Nothing has happened for so long: it is over. Longer than two heartbeats of any member. */
const QUIET_MS = 11_000
const PATIENCE_MS = 400_000
const SEED = 7

/** Tells the whole story, and gives back what follows from the last action. */
export function tellGroup(protocol: Protocol, actions: readonly GroupAction[]): GroupStory {
  const group = new GroupWorld(protocol)
  let last: GroupStory = { before: [], steps: [], spans: [], stoppedMs: [], tookMs: 0 }
  for (const action of actions) last = group.act(action)
  return last
}

class GroupWorld implements World {
  private readonly protocol: Protocol
  private readonly run = new Simulation({ seed: SEED })
  private readonly topicId: string
  private readonly members: Member[] = []
  private steps: Step[] = []
  private startedMs = 0
  private changedMs = 0
  /** Members that are gone without a word, and that the coordinator still counts on. */
  private missed: Member[] = []
  private readLogLines = 0
  private owners: Span[][] = []

  constructor(protocol: Protocol) {
    this.protocol = protocol
    this.run.start()
    const admin = this.run.client()
    const topic = {
      name: TOPIC,
      numPartitions: PARTITIONS,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }
    const made = admin.call(CreateTopicsRequest, CreateTopicsResponse, 7, { topics: [topic] })
    this.topicId = made.topics[0]!.topicId
    // The first question creates __consumer_offsets.
    for (let attempt = 0; attempt < 20; attempt++) {
      const body = { coordinatorKeys: [GROUP], keyType: 0 }
      const { coordinators } = admin.call(FindCoordinatorRequest, FindCoordinatorResponse, 4, body)
      if (coordinators[0]?.errorCode === ErrorCode.NONE) break
      this.run.run(100)
    }
    admin.close()
  }

  act(action: GroupAction): GroupStory {
    const before = this.seen()
    this.startedMs = this.now()
    this.changedMs = this.startedMs
    this.steps = []
    this.owners = Array.from({ length: PARTITIONS }, (_, partition) => [
      { from: 0, to: 0, owner: this.ownerOf(partition) },
    ])
    this.begin(action)
    // A busy handler matters only for what happens meanwhile: the next action follows at once.
    if (action.type !== 'busy') this.untilQuiet()
    return this.story(before)
  }

  after(delayMs: number, happen: () => void): void {
    this.run.time.after(delayMs, happen)
  }

  now(): number {
    return this.run.time.now()
  }

  tell(member: Member, happening: Happening, partitions: readonly number[] = []): void {
    this.changedMs = this.now()
    const at = this.now() - this.startedMs
    this.steps.push({ at, member: member.name, happening, partitions: [...partitions], members: [] })
  }

  private begin(action: GroupAction): void {
    if (action.type === 'join') return this.add()
    const member = this.members.find(({ name, isGone }) => name === action.member && !isGone)
    if (member === undefined) return
    if (action.type === 'leave') member.leave()
    if (action.type === 'busy') member.keepBusy(BUSY_MS)
    if (action.type === 'crash') {
      member.crash()
      this.missed.push(member)
    }
    this.look()
  }

  /** The names of members that are gone are not given again. */
  private add(): void {
    const name = NAMES[this.members.length]
    if (name === undefined) return
    const client = this.run.client(1, name)
    const member =
      this.protocol === 'consumer'
        ? new HeartbeatMember(name, client, this, this.topicId)
        : new ClassicMember(name, client, this, this.protocol === 'cooperative')
    this.members.push(member)
    this.look()
  }

  private untilQuiet(): void {
    const endMs = this.now() + PATIENCE_MS
    while (this.now() < endMs && !this.isQuiet()) {
      if (!this.run.time.step(endMs)) break
      this.look()
    }
  }

  private isQuiet(): boolean {
    if (this.missed.length > 0) return false
    const here = this.members.filter(({ isGone }) => !isGone)
    if (here.some(({ isWaiting }) => isWaiting)) return false
    const lastMs = Math.max(this.changedMs, ...here.map(({ busyUntilMs }) => busyUntilMs))
    return this.now() - lastMs > QUIET_MS
  }

  /** Lets the members take their answers, and notes what has changed. */
  private look(): void {
    for (const member of this.members) member.look()
    this.readLog()
    const at = this.now() - this.startedMs
    for (const [partition, spans] of this.owners.entries()) {
      const owner = this.ownerOf(partition)
      const span = spans.at(-1)!
      span.to = at
      if (span.owner !== owner) spans.push({ from: at, to: at, owner })
    }
    const members = this.seen()
    for (const step of this.steps) if (step.members.length === 0) step.members = members
  }

  /** The coordinator says in its log when it removes a member that it has not heard of. */
  private readLog(): void {
    const { log } = this.run
    for (const line of log.slice(this.readLogLines)) {
      const member = line.includes('expired: the member is removed') ? this.missed.shift() : undefined
      if (member !== undefined) this.tell(member, 'expires')
    }
    this.readLogLines = log.length
  }

  private ownerOf(partition: number): string | null {
    return this.members.find(({ owned }) => owned.includes(partition))?.name ?? null
  }

  private seen(): SeenMember[] {
    return this.members
      .filter(({ isGone }) => !isGone)
      .map(({ name, owned, generation, isWaiting, busyUntilMs }) => ({
        name,
        owned: [...owned],
        generation,
        isWaiting,
        isBusy: busyUntilMs > this.now(),
      }))
  }

  private story(before: SeenMember[]): GroupStory {
    const tookMs = this.changedMs - this.startedMs
    const spans = this.owners.map((all) =>
      all.filter(({ from }) => from <= tookMs).map((span) => ({ ...span, to: Math.min(span.to, tookMs) })),
    )
    // Until the first member has a partition, nobody has stopped reading it.
    const stoppedMs = spans.map((all) =>
      all
        .slice(all[0]?.owner === null && before.length === 0 ? 1 : 0)
        .reduce((sum, { from, to, owner }) => sum + (owner === null ? to - from : 0), 0),
    )
    return { before, steps: this.steps, spans, stoppedMs, tookMs }
  }
}
