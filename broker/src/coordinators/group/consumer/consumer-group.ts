/**
 * A group of the KIP-848 protocol: the coordinator computes the assignment, and the heartbeats of each member reconcile
 * the member with it.
 *
 *   group epoch        bumped when a member joins, leaves or changes its subscription, or a topic changes
 *   assignment epoch   the group epoch for which the target assignment was computed; it may be lower than the group
 *                      epoch, as heartbeats compute the target, and not more often than the assignment interval allows
 *   member epoch       the assignment epoch that the member has reached
 *
 * A member stays behind while it has to revoke partitions, or while partitions of its target belong to other members.
 *
 *   group state    condition
 *   Empty          no members
 *   Assigning      group epoch > assignment epoch
 *   Reconciling    a member has not reached the assignment epoch, or waits for partitions
 *   Stable         every member has its target
 *
 *   member state             leaves it when
 *   stable                   there is a newer target
 *   unrevoked partitions     the member no longer reports the partitions that it had to revoke
 *   unreleased partitions    the other members have revoked the partitions of its target
 *
 * Only records change a group in memory (consumer/records.ts): a heartbeat writes records, then they are applied.
 *
 * CONSUMER-GROUP-1  a partition has at most one owner: `partitionEpochs` has an entry while a member has the partition
 *     assigned or still has to revoke it
 *
 * (org.apache.kafka.coordinator.group.modern.consumer.ConsumerGroup)
 */
import type { Int64 } from '../../../wire/int64.ts'
import type { Assignment, AssignmentWithEpochs } from '../assignor/assignment.ts'
import { EMPTY_ASSIGNMENT } from '../assignor/assignment.ts'
import { NO_TOPICS } from './metadata-hash.ts'

export type MemberState = 'stable' | 'unrevoked partitions' | 'unreleased partitions'
export type ConsumerGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable'

/** The epoch with which a static member leaves temporarily; it is stored as its member epoch. */
export const LEAVE_GROUP_STATIC_MEMBER_EPOCH = -2
/** The epoch with which a member leaves permanently. */
export const LEAVE_GROUP_MEMBER_EPOCH = -1

/** Of a member that uses the classic protocol in a KIP-848 group, during an online upgrade. */
export interface ClassicMemberMetadata {
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
  /** Empty if the member has none; null in records of older brokers. */
  readonly subscribedTopicRegex: string | null
  readonly rebalanceTimeoutMs: number
  readonly serverAssignor: string | null
  readonly classic: ClassicMemberMetadata | null
  readonly memberEpoch: number
  readonly previousMemberEpoch: number
  readonly state: MemberState
  readonly assigned: AssignmentWithEpochs
  readonly pendingRevocation: AssignmentWithEpochs
}

/** A new member: only its id is known. */
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
    assigned: EMPTY_ASSIGNMENT,
    pendingRevocation: EMPTY_ASSIGNMENT,
  }
}

/** The topics that a regular expression matched: the offset of that metadata image, and when (ms). */
export interface ResolvedRegex {
  readonly topics: readonly string[]
  readonly version: number
  readonly timestamp: number
}

export class ConsumerGroup {
  readonly kind = 'consumer'
  readonly groupId: string
  /** Starts at 1. The first member that names topics bumps it to 2; one that waits for its expression stays at 1. */
  epoch = 1
  /** Of the subscribed topics (metadata-hash.ts): a new hash bumps the epoch. */
  metadataHash: Int64 = NO_TOPICS
  /** The offset of the metadata image for which the hash was last computed; in memory only. */
  hashedAt = -1
  assignmentEpoch = 1
  /** When the target was computed (ms); 0 if never, or if it was taken over from a classic group (migration/upgrade.ts). */
  assignmentTimestamp = 0
  readonly members = new Map<string, ConsumerMember>()
  /** Member id by instance id. */
  readonly staticMembers = new Map<string, string>()
  /** The target assignment, by member id. */
  readonly target = new Map<string, Assignment>()
  readonly regexes = new Map<string, ResolvedRegex>()
  private readonly partitionEpochs = new Map<string, Map<number, number>>()
  /** The number of members that subscribe to a topic by its name, and to a regular expression. */
  private subscribersByTopic = new Map<string, number>()
  /** Whether a copy of the group has the same map: it may be large, and seldom changes. */
  private isTopicsShared = false
  private readonly subscribersByRegex = new Map<string, number>()
  /** The names of the last member that was added. Most members have the same ones (named-topics.ts). */
  private lastNames: readonly string[] = []

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get state(): ConsumerGroupState {
    if (this.members.size === 0) return 'Empty'
    if (this.epoch > this.assignmentEpoch) return 'Assigning'
    const hasTarget = (member: ConsumerMember): boolean =>
      member.state === 'stable' && member.memberEpoch === this.assignmentEpoch
    return [...this.members.values()].every(hasTarget) ? 'Stable' : 'Reconciling'
  }

  /** The epoch of the member that owns the partition; undefined if it is free (CONSUMER-GROUP-1). */
  ownerEpoch(topicId: string, partition: number): number | undefined {
    return this.partitionEpochs.get(topicId)?.get(partition)
  }

  /** Adds a member, or replaces the member with its id. */
  put(given: ConsumerMember): void {
    const old = this.members.get(given.memberId)
    const known = [old?.subscribedTopicNames, this.lastNames].find((names) =>
      isSameList(names, given.subscribedTopicNames),
    )
    const isLikeGiven = known === undefined || known === given.subscribedTopicNames
    const member = isLikeGiven ? given : { ...given, subscribedTopicNames: known }
    this.lastNames = member.subscribedTopicNames
    if (old) this.removePartitionEpochs(old)
    this.members.set(member.memberId, member)
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.memberId)
    this.addPartitionEpochs(member)
    if (old?.subscribedTopicNames !== member.subscribedTopicNames) {
      const subscribers = this.ownSubscribers()
      for (const name of old?.subscribedTopicNames ?? []) countSubscriber(subscribers, name, -1)
      for (const name of member.subscribedTopicNames) countSubscriber(subscribers, name, 1)
    }
    countSubscriber(this.subscribersByRegex, old?.subscribedTopicRegex, -1)
    countSubscriber(this.subscribersByRegex, member.subscribedTopicRegex, 1)
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId)
    if (!member) return
    this.removePartitionEpochs(member)
    this.members.delete(memberId)
    const subscribers = this.ownSubscribers()
    for (const name of member.subscribedTopicNames) countSubscriber(subscribers, name, -1)
    countSubscriber(this.subscribersByRegex, member.subscribedTopicRegex, -1)
    const { instanceId } = member
    if (instanceId !== null && this.staticMembers.get(instanceId) === memberId)
      this.staticMembers.delete(instanceId)
  }

  /** A copy with the same contents. The members are immutable and shared. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.groupId)
    copy.epoch = this.epoch
    copy.metadataHash = this.metadataHash
    copy.hashedAt = this.hashedAt
    copy.assignmentEpoch = this.assignmentEpoch
    copy.assignmentTimestamp = this.assignmentTimestamp
    for (const member of this.members.values()) {
      copy.members.set(member.memberId, member)
      copy.addPartitionEpochs(member)
    }
    for (const [instanceId, memberId] of this.staticMembers) copy.staticMembers.set(instanceId, memberId)
    copy.subscribersByTopic = this.subscribersByTopic
    copy.lastNames = this.lastNames
    copy.isTopicsShared = true
    this.isTopicsShared = true
    for (const [regex, subscribers] of this.subscribersByRegex)
      copy.subscribersByRegex.set(regex, subscribers)
    for (const [memberId, target] of this.target) copy.target.set(memberId, target)
    for (const [regex, resolved] of this.regexes) copy.regexes.set(regex, resolved)
    return copy
  }

  /** The map of subscribers by topic, which may be changed. */
  private ownSubscribers(): Map<string, number> {
    if (this.isTopicsShared) this.subscribersByTopic = new Map(this.subscribersByTopic)
    this.isTopicsShared = false
    return this.subscribersByTopic
  }

  private addPartitionEpochs({ assigned, pendingRevocation, memberEpoch }: ConsumerMember): void {
    for (const part of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of part) {
        const epochs = this.partitionEpochs.get(topicId) ?? new Map<number, number>()
        this.partitionEpochs.set(topicId, epochs)
        for (const partition of partitions.keys()) epochs.set(partition, memberEpoch)
      }
    }
  }

  private removePartitionEpochs({ assigned, pendingRevocation, memberEpoch }: ConsumerMember): void {
    for (const part of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of part) {
        const epochs = this.partitionEpochs.get(topicId)
        for (const partition of partitions.keys())
          if (epochs?.get(partition) === memberEpoch) epochs.delete(partition)
        if (epochs?.size === 0) this.partitionEpochs.delete(topicId)
      }
    }
  }

  /** The topics that any member subscribes to; may contain duplicates. */
  *subscribedTopics(): Generator<string, void> {
    yield* this.subscribersByTopic.keys()
    for (const regex of this.subscribersByRegex.keys()) yield* this.regexes.get(regex)?.topics ?? []
  }

  /** The number of topics that are subscribed to by name. */
  get namedTopicCount(): number {
    return this.subscribersByTopic.size
  }

  /** The number of members that subscribe to this expression. */
  subscribersOf(regex: string): number {
    return this.subscribersByRegex.get(regex) ?? 0
  }

  get classicMembers(): ConsumerMember[] {
    return [...this.members.values()].filter(({ classic }) => classic !== null)
  }

  /** Returns a test: does a member subscribe to this topic? Valid until the group changes. */
  subscriptionTest(): (topic: string) => boolean {
    const matched = new Set(
      [...this.subscribersByRegex.keys()].flatMap((regex) => this.regexes.get(regex)?.topics ?? []),
    )
    return (topic) => this.subscribersByTopic.has(topic) || matched.has(topic)
  }
}

/** Whether two lists have the same texts in the same order. */
export function isSameList(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a === b || (a?.length === b.length && b.every((text, at) => text === a[at]))
}

/** Adds or removes one subscriber; an empty text is no subscription. */
function countSubscriber(subscribers: Map<string, number>, to: string | null | undefined, by: 1 | -1): void {
  if (!to) return
  const now = (subscribers.get(to) ?? 0) + by
  if (now > 0) subscribers.set(to, now)
  else subscribers.delete(to)
}
