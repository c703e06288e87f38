/**
 * A group of the classic protocol: its members, its generation and its state.
 *
 * Members agree on an assignment in rounds. JoinGroup gathers them, the coordinator names one of them leader and
 * begins a new generation; the leader assigns, SyncGroup hands the parts out. Whatever carries another generation's
 * number is refused. The broker never looks into subscriptions and assignments: to it they are bytes.
 *
 *   from                  event                                        to                   move (file)
 *   Empty                 the first JoinGroup                          PreparingRebalance   prepareRebalance (rebalance.ts)
 *   Stable, Completing    a member comes, goes, times out, or changes  PreparingRebalance   prepareRebalance
 *   PreparingRebalance    all have joined | time is up                 CompletingRebalance  completeJoin
 *   PreparingRebalance    time is up and nobody is left                Empty                completeJoin
 *   CompletingRebalance   the leader's SyncGroup is in the log         Stable               storeAssignment
 *   CompletingRebalance   a member doesn't send SyncGroup in time      PreparingRebalance   expirePendingSync
 *   Empty                 deleted, expired                             Dead                 (group-admin.ts, offsets/expiration.ts)
 *   any                   the partition has another leader             Dead                 resign (membership.ts)
 *
 * What requests are answered in each state stands where they are handled: join.ts, rebalance.ts (SyncGroup), membership.ts.
 *
 * CLASSIC-GROUP-1  a protocol is chosen that every member supports; who supports none of the group's is not let in
 * CLASSIC-GROUP-2  a group that is not empty has a leader; the leader is a member
 * CLASSIC-GROUP-3  a static member (group.instance.id, KIP-345) is in `staticMembers` and in `members` under the same
 *     id
 * CLASSIC-GROUP-4  a static member's old id is FENCED_INSTANCE_ID for ever: two processes with one instance id are a
 *     mistake that must be seen (KIP-345)
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
  /** It has not yet had an answer to a JoinGroup: it can't send heartbeats. */
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
  /** The assignor that was chosen for this generation. */
  protocol: string | null = null
  leader: string | null = null
  /** When the state last changed; -1 when the log doesn't say. */
  stateTimestamp: number
  readonly members = new Map<string, ClassicMember>()
  /** Member id by instance id. */
  readonly staticMembers = new Map<string, string>()
  /** Ids that were given out by MEMBER_ID_REQUIRED and did not come back yet (KIP-394). */
  readonly pendingJoin = new Set<string>()
  /** Members that know of the generation but have not sent SyncGroup. */
  readonly pendingSync = new Set<string>()
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

  add(member: ClassicMember): void {
    this.protocolType ??= null
    this.members.set(member.memberId, member)
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId)
    this.leader ??= member.memberId
    this.pendingJoin.delete(member.memberId)
  }

  /** Takes a member out; when it was the leader another one becomes it (CLASSIC-GROUP-2). */
  remove(member: ClassicMember): void {
    this.members.delete(member.memberId)
    if (member.groupInstanceId !== null) this.staticMembers.delete(member.groupInstanceId)
    if (this.leader === member.memberId) this.leader = this.members.keys().next().value ?? null
    this.pendingJoin.delete(member.memberId)
    this.pendingSync.delete(member.memberId)
  }

  /** A static member has come back: the same place, under a new id (KIP-345). Gives the new member. */
  replace(old: ClassicMember, memberId: string): ClassicMember {
    const renewed = { ...old, memberId, awaitingJoin: undefined, awaitingSync: undefined }
    const wasLeader = this.leader === old.memberId
    this.remove(old)
    this.add(renewed)
    if (wasLeader) this.leader = memberId
    return renewed
  }

  /** NONE when there is such a member; otherwise the error for a request in its name (CLASSIC-GROUP-4). */
  validateMember(memberId: string, groupInstanceId: string | null): ErrorCode {
    if (groupInstanceId !== null) {
      const known = this.staticMembers.get(groupInstanceId)
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID
      if (known !== memberId) return ErrorCode.FENCED_INSTANCE_ID
    }
    return this.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID
  }

  /** The leader stays when it has joined again; otherwise a member that has joined takes its place. False: no member has. */
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

  /** The longest that any member wants to be waited for. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs))
  }

  /** Whether a member with these protocols may join (CLASSIC-GROUP-1). */
  supports(protocolType: string, protocols: readonly Protocol[]): boolean {
    if (this.members.size === 0) return protocolType !== '' && protocols.length > 0
    return protocolType === this.protocolType && protocols.some(({ name }) => this.isSupportedByAll(name))
  }

  private isSupportedByAll(name: string): boolean {
    return [...this.members.values()].every((member) => member.protocols.some((each) => each.name === name))
  }

  /** Each member votes for the first of its protocols that all support; the most votes win. */
  selectProtocol(): string {
    const votes = new Map<string, number>()
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

  /** What every answer to a JoinGroup says of the generation. */
  describeGeneration() {
    return {
      errorCode: ErrorCode.NONE,
      generationId: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      leader: this.leader ?? '',
    }
  }

  /** The members, for the answer to a JoinGroup of `memberId`: only the leader gets them. */
  membersFor(memberId: string) {
    if (memberId !== this.leader) return []
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: this.metadataOf(member),
    }))
  }

  /** Topics that the members subscribe to; undefined when that can't be known (not consumers, or odd bytes). */
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

  /** Tells of topics whether a member subscribes to them; all members' subscriptions are read for it, once. */
  subscriptionTest(): (topic: string) => boolean {
    const topics = this.subscribedTopics()
    return (topic) => topics?.has(topic) ?? this.protocolType === 'consumer'
  }
}

/** Whether a member says what it said before: then nobody needs to be disturbed. */
export function hasSameProtocols(member: ClassicMember, protocols: readonly Protocol[]): boolean {
  if (member.protocols.length !== protocols.length) return false
  return member.protocols.every(({ name, metadata }, at) => {
    const other = protocols[at]!
    return name === other.name && sameBytes(metadata, other.metadata)
  })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
