/**
 * What a consumer group looks like from outside: what it has committed, who is in it, how far it is behind; and the two
 * things that an operator may do to it: set its offsets, remove its members.
 */
import {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
} from 'offset-zero-broker/src/messages/describe-groups.ts'
import { LeaveGroupRequest, LeaveGroupResponse } from 'offset-zero-broker/src/messages/leave-group.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from 'offset-zero-broker/src/messages/offset-commit.ts'
import { OffsetFetchRequest, OffsetFetchResponse } from 'offset-zero-broker/src/messages/offset-fetch.ts'
import { decodeAssignment } from 'offset-zero-broker/src/messages/records/consumer-protocol.ts'
import { accepted, type RawCluster } from './raw.ts'

/** A committed offset; undefined when the group has none for the partition. */
export interface Committed {
  readonly partition: number
  readonly offset: number | undefined
  readonly metadata: string | null
}

export interface GroupMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  /** As the coordinator tells it: `/127.0.0.1`. */
  readonly host: string
  /** What it is to read, when the group is stable. */
  readonly assigned: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export interface GroupSeen {
  /** Kafka's word: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead. */
  readonly state: string
  /** The assignor's name; empty unless the group is stable. */
  readonly protocol: string
  readonly members: readonly GroupMember[]
}

/** What a group has committed for a topic, by partition. */
export function committedOf(
  cluster: RawCluster,
  group: string,
  topic: string,
  partitions: readonly number[],
): Promise<Committed[]> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(group, 'group')
    const { errorCode, topics } = await broker.ask(OffsetFetchRequest, OffsetFetchResponse, 5, {
      groupId: group,
      topics: [{ name: topic, partitionIndexes: partitions }],
    })
    accepted(`the offsets of ${group}`, errorCode)
    return (topics[0]?.partitions ?? [])
      .map((one) => {
        accepted(`the offsets of ${group}`, one.errorCode)
        const offset = Number(one.committedOffset)
        return {
          partition: one.partitionIndex,
          offset: offset < 0 ? undefined : offset,
          metadata: one.metadata,
        }
      })
      .sort((a, b) => a.partition - b.partition)
  })
}

/** Sets what a group has committed; nobody may be in it. */
export function setCommitted(
  cluster: RawCluster,
  group: string,
  topic: string,
  offsets: Readonly<Record<number, number>>,
): Promise<void> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(group, 'group')
    const partitions = Object.entries(offsets).map(([partition, offset]) => ({
      partitionIndex: Number(partition),
      committedOffset: offset,
      committedMetadata: '',
    }))
    const { topics } = await broker.ask(OffsetCommitRequest, OffsetCommitResponse, 7, {
      groupId: group,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: topic, partitions }],
    })
    for (const one of topics[0]?.partitions ?? []) accepted(`the offsets of ${group}`, one.errorCode)
  })
}

export function groupOf(cluster: RawCluster, group: string): Promise<GroupSeen> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(group, 'group')
    const { groups } = await broker.ask(DescribeGroupsRequest, DescribeGroupsResponse, 4, { groups: [group] })
    const [found] = groups
    if (found === undefined) return { state: 'Dead', protocol: '', members: [] }
    accepted(group, found.errorCode)
    return {
      state: found.groupState,
      protocol: found.protocolData,
      members: found.members.map((member) => ({
        memberId: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        host: member.clientHost,
        assigned:
          member.memberAssignment.length === 0
            ? []
            : decodeAssignment(member.memberAssignment).assignedPartitions.map((one) => ({
                topic: one.topic,
                partitions: [...one.partitions].sort((a, b) => a - b),
              })),
      })),
    }
  })
}

/** Removes members from their group, as they would themselves if they could: nobody waits for the end of their session. */
export function removeMembers(
  cluster: RawCluster,
  group: string,
  members: readonly { readonly memberId: string; readonly instanceId?: string | null | undefined }[],
): Promise<void> {
  return cluster.patiently(async () => {
    const broker = await cluster.coordinatorOf(group, 'group')
    const { errorCode } = await broker.ask(LeaveGroupRequest, LeaveGroupResponse, 3, {
      groupId: group,
      members: members.map(({ memberId, instanceId = null }) => ({ memberId, groupInstanceId: instanceId })),
    })
    // A member that the group does not know any more is what was wanted.
    accepted(`leaving ${group}`, errorCode)
  })
}
