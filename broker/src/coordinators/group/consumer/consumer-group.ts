/**
 * A group of the KIP-848 protocol: the coordinator assigns, each member is moved there by its own heartbeats.
 *
 *   group epoch        rises when a member comes, goes or subscribes otherwise, or a topic grows
 *   assignment epoch   the group epoch for which the target assignment was computed; it may lag behind, for targets are
 *                      computed by a member's heartbeat, and not more often than the assignment interval allows
 *   member epoch       the assignment epoch that the member has reached
 *
 * A member lags behind as long as it holds partitions it shall give up, or shall get some that another still holds.
 *
 *   group state    when
 *   Empty          no members
 *   Assigning      group epoch > assignment epoch
 *   Reconciling    a member is not at the assignment epoch yet, or waits for partitions
 *   Stable         all are there
 *
 *   member state             leaves it when
 *   stable                   a newer target is there
 *   unrevoked partitions     the member no longer reports the partitions it was told to give up
 *   unreleased partitions    the others have given up what it shall get
 *
 * Memory is changed by records alone (consumer/records.ts): what a heartbeat decides is written, then applied.
 *
 * CONSUMER-GROUP-1  a partition has at most one owner: `partitionEpochs` has an entry while a member has it or still
 *     gives it up
 */
import type { Int64 } from '../../../wire/int64.ts'
import type { Assignment, DatedAssignment } from '../assignor/assignment.ts'
import { NOTHING } from '../assignor/assignment.ts'
import { NO_TOPICS } from './metadata-hash.ts'

export type MemberState = 'stable' | 'unrevoked partitions' | 'unreleased partitions'
export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** A static member that has left for a while keeps its place under this epoch. */
export const LEFT_FOR_A_WHILE = -2
/** A member that leaves for good sends this epoch. */
export const LEAVES = -1

/** A member that speaks the classic protocol in a KIP-848 group (while a fleet is upgraded). */
export interface ClassicTerms {
  readonly sessionTimeoutMs: number
  readonly supportedProtocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

export interface ConsumerMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: readonly string[]
  /** Empty when the member has none; null is what older brokers wrote. */
  readonly subscribedTopicRegex: string | null
  readonly rebalanceTimeoutMs: number
  readonly serverAssignor: string | null
  readonly classic: ClassicTerms | null
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  readonly assigned: DatedAssignment
  readonly pendingRevocation: DatedAssignment
}

/** A member of which nothing is known but its id. */
export function newMember(memberId: string): ConsumerMember {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
    subscribedTopicRegex: '',
    rebalanceTimeoutMs: -1,
    serverAssignor: null,
    classic: null,
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 'stable',
    assigned: NOTHING,
    pendingRevocation: NOTHING,
  }
}

/** The topics that a regular expression matched, in the metadata of `version`, seen at `timestamp`. */
export interface ResolvedRegex {
  readonly topics: readonly string[]
  readonly version: number
  readonly timestamp: number
}

export class ConsumerGroup {
  readonly kind = 'consumer'
  readonly groupId: string
  /** Begins with 1, and the first member that names topics makes it 2: one that waits for an expression is at 1. */
  epoch = 1
  /** Of the subscribed topics' partitions: another hash is another epoch. */
  metadataHash: Int64 = NO_TOPICS
  /** The version of the metadata that was last looked at for it; in memory only. */
  hashedAt = -1
  assignmentEpoch = 1
  /** When the target was computed; 0 when it never was, or the clients have brought it (migration/upgrade.ts). */
  assignmentTimestamp = 0
  readonly members = new Map<string, ConsumerMember>()
  /** Member id by instance id. */
  readonly staticMembers = new Map<string, string>()
  /** The target assignment, by member id. */
  readonly target = new Map<string, Assignment>()
  readonly regexes = new Map<string, ResolvedRegex>()
  private readonly partitionEpochs = new Map<string, Map<number, number>>()
  /** How many members subscribe to a topic by its name, and by an expression. */
  private readonly named = new Map<string, number>()
  private readonly expressed = new Map<string, number>()

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return 'Empty'
    if (this.epoch > this.assignmentEpoch) return 'Assigning'
    const isThere = (member: ConsumerMember): boolean =>
      member.state === 'stable' && member.memberEpoch === this.assignmentEpoch
    return [...this.members.values()].every(isThere) ? 'Stable' : 'Reconciling'
  }

  /** The epoch at which a member holds the partition; undefined when it is free (CONSUMER-GROUP-1). */
  ownerEpoch(topicId: string, partition: number): number | undefined {
    return this.partitionEpochs.get(topicId)?.get(partition)
  }

  /** Puts a member in the place of what was known under its id. */
  put(member: ConsumerMember): void {
    const old = this.members.get(member.memberId)
    if (old) this.release(old)
    this.members.set(member.memberId, member)
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.memberId)
    this.occupy(member)
    if (old?.subscribedTopicNames !== member.subscribedTopicNames) {
      for (const name of old?.subscribedTopicNames ?? []) count(this.named, name, -1)
      for (const name of member.subscribedTopicNames) count(this.named, name, 1)
    }
    count(this.expressed, old?.subscribedTopicRegex, -1)
    count(this.expressed, member.subscribedTopicRegex, 1)
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId)
    if (!member) return
    this.release(member)
    this.members.delete(memberId)
    for (const name of member.subscribedTopicNames) count(this.named, name, -1)
    count(this.expressed, member.subscribedTopicRegex, -1)
    const { instanceId } = member
    if (instanceId !== null && this.staticMembers.get(instanceId) === memberId)
      this.staticMembers.delete(instanceId)
  }

  /** Another one with the same contents; the members themselves never change and are shared. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.groupId)
    copy.epoch = this.epoch
    copy.metadataHash = this.metadataHash
    copy.hashedAt = this.hashedAt
    copy.assignmentEpoch = this.assignmentEpoch
    copy.assignmentTimestamp = this.assignmentTimestamp
    for (const member of this.members.values()) {
      copy.members.set(member.memberId, member)
      copy.occupy(member)
    }
    for (const [instanceId, memberId] of this.staticMembers) copy.staticMembers.set(instanceId, memberId)
    for (const [name, subscribers] of this.named) copy.named.set(name, subscribers)
    for (const [regex, subscribers] of this.expressed) copy.expressed.set(regex, subscribers)
    for (const [memberId, target] of this.target) copy.target.set(memberId, target)
    for (const [regex, resolved] of this.regexes) copy.regexes.set(regex, resolved)
    return copy
  }

  private occupy({ assigned, pendingRevocation, memberEpoch }: ConsumerMember): void {
    for (const part of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of part) {
        const epochs = this.partitionEpochs.get(topicId) ?? new Map<number, number>()
        this.partitionEpochs.set(topicId, epochs)
        for (const partition of partitions.keys()) epochs.set(partition, memberEpoch)
      }
    }
  }

  private release({ assigned, pendingRevocation, memberEpoch }: ConsumerMember): void {
    for (const part of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of part) {
        const epochs = this.partitionEpochs.get(topicId)
        for (const partition of partitions.keys())
          if (epochs?.get(partition) === memberEpoch) epochs.delete(partition)
        if (epochs?.size === 0) this.partitionEpochs.delete(topicId)
      }
    }
  }

  /** All topics a member subscribes to, by name and by regular expression; perhaps in both ways. */
  *topicsOf({ subscribedTopicNames, subscribedTopicRegex }: ConsumerMember): Generator<string, void> {
    yield* subscribedTopicNames
    if (subscribedTopicRegex) yield* this.regexes.get(subscribedTopicRegex)?.topics ?? []
  }

  /** All topics that a member subscribes to, each perhaps more than once. */
  *subscribedTopics(): Generator<string, void> {
    yield* this.named.keys()
    for (const regex of this.expressed.keys()) yield* this.regexes.get(regex)?.topics ?? []
  }

  /** How many topics are subscribed to by their names. */
  get namedTopicCount(): number {
    return this.named.size
  }

  /** How many members subscribe by this expression. */
  subscribersOf(regex: string): number {
    return this.expressed.get(regex) ?? 0
  }

  get classicMembers(): ConsumerMember[] {
    return [...this.members.values()].filter(({ classic }) => classic !== null)
  }

  /** Tells of topics whether a member subscribes to them; good for as long as the group is as it is. */
  subscriptionTest(): (topic: string) => boolean {
    const matched = new Set(
      [...this.expressed.keys()].flatMap((regex) => this.regexes.get(regex)?.topics ?? []),
    )
    return (topic) => this.named.has(topic) || matched.has(topic)
  }
}

/** Counts one subscriber more, or one less; an empty text is no subscription. */
function count(subscribers: Map<string, number>, to: string | null | undefined, by: 1 | -1): void {
  if (!to) return
  const now = (subscribers.get(to) ?? 0) + by
  if (now > 0) subscribers.set(to, now)
  else subscribers.delete(to)
}
