/**
 * A group of the classic protocol: its members, its generation and its state.
 *
 * Members agree on an assignment in rebalances. JoinGroup collects the members; the coordinator chooses one of them as
 * the leader and starts a new generation. The leader computes the assignment; SyncGroup distributes it. A request with
 * another generation is refused. The broker does not parse subscriptions and assignments: to it they are bytes.
 *
 *   from                 event                                     to                   transition (file)
 *   Empty                the first JoinGroup                       PreparingRebalance   prepareRebalance (rebalance.ts)
 *   Stable, Completing   a member joins, leaves, expires, changes  PreparingRebalance   prepareRebalance
 *   PreparingRebalance   all have joined, or rebalance timeout     CompletingRebalance  completeJoin
 *   PreparingRebalance   rebalance timeout, and no member is left  Empty                completeJoin
 *   CompletingRebalance  the assignment of the leader is committed Stable               storeAssignment
 *   CompletingRebalance  a member does not send SyncGroup in time  PreparingRebalance   expirePendingSync
 *   Empty                deleted (group-admin.ts)                  Dead                 deleteGroup
 *   any                  another broker leads the partition        Dead                 resignClassic (membership.ts)
 *
 * The responses per state are listed where the requests are handled: join.ts, rebalance.ts (SyncGroup), membership.ts.
 *
 * CLASSIC-GROUP-1  the group selects a protocol that every member supports; a client that supports none of them is
 *     refused
 * CLASSIC-GROUP-2  a group that is not empty has a leader; the leader is a member
 * CLASSIC-GROUP-3  a static member (group.instance.id, KIP-345) is in `staticMembers` and in `members` under the same
 *     id
 * CLASSIC-GROUP-4  requests with the old id of a static member fail with FENCED_INSTANCE_ID: two processes with the
 *     same instance id are a mistake that must become visible (KIP-345)
 *
 * (org.apache.kafka.coordinator.group.classic.ClassicGroup)
 */
import type { JoinGroupResponse } from '../../../messages/join-group.ts'
import { decodeSubscribedTopics } from '../../../messages/records/consumer-protocol.ts'
import type { SyncGroupResponse } from '../../../messages/sync-group.ts'
import { ErrorCode } from '../../../wire/errors.ts'
import type { InputOf } from '../../../wire/schema.ts'

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

const PREVIOUS: Record<ClassicState, readonly ClassicState[]> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Empty', 'CompletingRebalance', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'],
}

export interface Protocol {
  readonly name: string
  readonly metadata: Uint8Array
}

export type JoinDone = (response: InputOf<typeof JoinGroupResponse>) => void
export type SyncDone = (response: InputOf<typeof SyncGroupResponse>) => void

export interface ClassicMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  /** In the member's order of preference. */
  protocols: readonly Protocol[]
  assignment: Uint8Array
  /** No JoinGroup of it has completed yet, so it cannot send heartbeats. */
  isNew: boolean
  awaitingJoin: JoinDone | undefined
  awaitingSync: SyncDone | undefined
}

export const NO_BYTES = new Uint8Array(0)

export class ClassicGroup {
  readonly kind = 'classic'
  readonly groupId: string
  state: ClassicState
  /** The state before this one: the first rebalance of an empty group waits longer. */
  previousState: ClassicState = 'Empty'
  generation = 0
  /** 'consumer', 'connect', …; null in a group that only stores offsets. */
  protocolType: string | null = null
  /** The assignor that was selected for this generation. */
  protocol: string | null = null
  leader: string | null = null
  /** When the state last changed (ms); -1 if the log does not say. */
  stateTimestamp: number
  readonly members = new Map<string, ClassicMember>()
  /** Member id by instance id. */
  readonly staticMembers = new Map<string, string>()
  /** Ids that were sent with MEMBER_ID_REQUIRED and have not joined yet (KIP-394). */
  readonly pendingJoin = new Set<string>()
  /** Members that have received the generation but have not sent SyncGroup. */
  readonly pendingSync = new Set<string>()
  /**
   * How many members support each protocol (CLASSIC-GROUP-1). A member may name hundreds of thousands, so they are not
   * counted before a second member joins, and then as members change.
   */
  private supporters: Map<string, number> | undefined
  /** Whether a member has joined since the initial delay was last scheduled (KIP-134). */
  newMemberAdded = false

  constructor(groupId: string, now: number, state: ClassicState = 'Empty') {
    this.groupId = groupId
    this.state = state
    this.stateTimestamp = now
  }

  transitionTo(next: ClassicState, now: number): void {
    if (!PREVIOUS[next].includes(this.state))
      throw new Error(`group ${this.groupId}: ${this.state} to ${next}`)
    this.previousState = this.state
    this.state = next
    this.stateTimestamp = now
  }

  /** Adds a member with a new id. */
  add(member: ClassicMember): void {
    this.protocolType ??= null
    this.members.set(member.memberId, member)
    if (this.supporters) countSupporters(this.supporters, member.protocols, 1)
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId)
    this.leader ??= member.memberId
    this.pendingJoin.delete(member.memberId)
  }

  /** Removes a member; if it was the leader, another member becomes the leader (CLASSIC-GROUP-2). */
  remove(member: ClassicMember): void {
    this.members.delete(member.memberId)
    if (this.members.size < 2) this.supporters = undefined
    else if (this.supporters) countSupporters(this.supporters, member.protocols, -1)
    if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId)
    if (this.leader === member.memberId) this.leader = this.members.keys().next().value ?? null
    this.pendingJoin.delete(member.memberId)
    this.pendingSync.delete(member.memberId)
  }

  /** Replaces a static member by itself under a new id (KIP-345). Returns the new member. */
  replace(old: ClassicMember, memberId: string): ClassicMember {
    const renewed = { ...old, memberId, awaitingJoin: undefined, awaitingSync: undefined }
    const wasLeader = this.leader === old.memberId
    this.remove(old)
    this.add(renewed)
    if (wasLeader) this.leader = memberId
    return renewed
  }

  /** Changes fields of a member. */
  update(member: ClassicMember, fields: Partial<ClassicMember>): void {
    if (this.supporters) countSupporters(this.supporters, member.protocols, -1)
    Object.assign(member, fields)
    if (this.supporters) countSupporters(this.supporters, member.protocols, 1)
  }

  /** NONE if the ids name a member of this group; otherwise the error of a request with these ids (CLASSIC-GROUP-4). */
  validateMember(memberId: string, groupInstanceId: string | null): ErrorCode {
    if (groupInstanceId !== null) {
      const known = this.staticMembers.get(groupInstanceId)
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID
      if (known !== memberId) return ErrorCode.FENCED_INSTANCE_ID
    }
    return this.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID
  }

  /** Keeps the leader if it has joined again, otherwise elects a member that has. False if no member has joined. */
  maybeElectJoinedLeader(): boolean {
    const hasJoined = (member: ClassicMember | undefined): boolean => member?.awaitingJoin !== undefined
    if (this.leader !== null && hasJoined(this.members.get(this.leader))) return true
    const next = [...this.members.values()].find(hasJoined)
    if (next) this.leader = next.memberId
    return next !== undefined
  }

  hasAllJoined(): boolean {
    if (this.pendingJoin.size > 0) return false
    for (const member of this.members.values()) if (!member.awaitingJoin) return false
    return true
  }

  get awaitingJoinCount(): number {
    return [...this.members.values()].filter((member) => member.awaitingJoin).length
  }

  /** The longest rebalance timeout of the members. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs))
  }

  /** Whether a member with these protocols may join (CLASSIC-GROUP-1). */
  supports(protocolType: string, protocols: readonly Protocol[]): boolean {
    if (this.members.size === 0) return protocolType !== '' && protocols.length > 0
    return protocolType === this.protocolType && protocols.some(({ name }) => this.isSupportedByAll(name))
  }

  private isSupportedByAll(name: string): boolean {
    this.supporters ??= supportersOf([...this.members.values()].map(({ protocols }) => protocols))
    return this.supporters.get(name) === this.members.size
  }

  /** Each member votes for the first of its protocols that all members support; most votes win. */
  selectProtocol(): string {
    const votes = new Map<string, number>()
    const [sole] = this.members.values()
    if (sole && this.members.size === 1 && sole.protocols[0]) return sole.protocols[0].name
    for (const { protocols } of this.members.values()) {
      const choice = protocols.find(({ name }) => this.isSupportedByAll(name))
      if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
    }
    let winner: string | undefined
    for (const [name, count] of votes) if (winner === undefined || count > votes.get(winner)!) winner = name
    if (winner === undefined) throw new Error(`group ${this.groupId}: no protocol that all members support`)
    return winner
  }

  /** A member's metadata for the protocol of this generation. */
  metadataOf(member: ClassicMember): Uint8Array {
    return member.protocols.find(({ name }) => name === this.protocol)?.metadata ?? NO_BYTES
  }

  /** The fields of a JoinGroup response that describe the generation. */
  describeGeneration() {
    return {
      errorCode: ErrorCode.NONE,
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      leader: this.leader ?? '',
    }
  }

  /** The members in the JoinGroup response to `memberId`: only the leader receives them. */
  membersFor(memberId: string) {
    if (memberId !== this.leader) return []
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: this.metadataOf(member),
    }))
  }

  /** Topics that the members subscribe to; undefined if unknown (no consumers, or bytes that cannot be decoded). */
  subscribedTopics(): Set<string> | undefined {
    if (this.protocolType !== 'consumer') return undefined
    if (this.members.size === 0) return new Set()
    if (this.protocol === null) return undefined
    try {
      return new Set(
        [...this.members.values()].flatMap((member) => decodeSubscribedTopics(this.metadataOf(member))),
      )
    } catch {
      return undefined
    }
  }

  /** Returns a test: does a member subscribe to this topic? It decodes the subscriptions once, for all its calls. */
  subscriptionTest(): (topic: string) => boolean {
    const topics = this.subscribedTopics()
    return (topic) => topics?.has(topic) ?? this.protocolType === 'consumer'
  }
}

/** By name, how many of the lists have the protocol. */
export function supportersOf(lists: readonly (readonly Protocol[])[]): Map<string, number> {
  const supporters = new Map<string, number>()
  for (const protocols of lists) countSupporters(supporters, protocols, 1)
  return supporters
}

/** Adds or removes the protocols of a member; each occurs once in its list. */
function countSupporters(supporters: Map<string, number>, protocols: readonly Protocol[], by: 1 | -1): void {
  for (const { name } of protocols) {
    const now = (supporters.get(name) ?? 0) + by
    if (now > 0) supporters.set(name, now)
    else supporters.delete(name)
  }
}

/** Whether a member sends the same protocols as before: then no rebalance is needed. */
export function hasSameProtocols(member: ClassicMember, protocols: readonly Protocol[]): boolean {
  if (member.protocols.length !== protocols.length) return false
  return member.protocols.every(({ name, metadata }, at) => {
    const other = protocols[at]!
    return name === other.name && sameBytes(metadata, other.metadata)
  })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
