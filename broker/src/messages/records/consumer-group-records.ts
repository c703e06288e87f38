/**
 * What the group coordinator writes down in __consumer_offsets for KIP-848 groups.
 *
 * There the coordinator owns the assignment, so it keeps more than for a classic group, in small records:
 * a heartbeat that changes one member rewrites that member, not the group. A tombstone removes each of them.
 *
 *   type 3   group                     epoch: it rises when members, subscriptions or topics change
 *   type 4   group                     its topics' partitions; since 4.1 a hash in type 3 instead (KIP-1101)
 *   type 5   group, member             who it is and what it subscribes to
 *   type 6   group                     the epoch for which the target assignment was computed
 *   type 7   group, member             the target: what the member shall own in the end
 *   type 8   group, member             the current: what it owns, what it must give up, and its own epoch
 *   type 16  group, regular expression the topics that it matched (KIP-848's server-side subscription)
 *
 * The three epochs meet when the group is stable: group = assignment = every member's.
 *
 * CONSUMER-GROUP-RECORDS-2  a member leaves by the tombstones of types 8, 7, 5, in this order; a group by those of 6,
 *     4, 3
 */
import {
  array,
  bytes,
  int8,
  int32,
  int64,
  record,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../../wire/schema.ts'

export const ConsumerGroupMetadataKey = record(
  3,
  'ConsumerGroupMetadataKey',
  { versions: '0', flexible: 'none' },
  { groupId: string() },
)
export type ConsumerGroupMetadataKey = TypeOf<typeof ConsumerGroupMetadataKey>

export const ConsumerGroupMetadataValue = record(
  3,
  'ConsumerGroupMetadataValue',
  { versions: '0', flexible: '0+' },
  {
    epoch: int32(),
    metadataHash: int64({ tag: 0 }),
  },
)
export type ConsumerGroupMetadataValue = TypeOf<typeof ConsumerGroupMetadataValue>

export const ConsumerGroupPartitionMetadataKey = record(
  4,
  'ConsumerGroupPartitionMetadataKey',
  { versions: '0', flexible: 'none' },
  { groupId: string() },
)
export type ConsumerGroupPartitionMetadataKey = TypeOf<typeof ConsumerGroupPartitionMetadataKey>

export const ConsumerGroupPartitionMetadataValue = record(
  4,
  'ConsumerGroupPartitionMetadataValue',
  { versions: '0', flexible: '0+' },
  {
    topics: array(
      struct({
        topicId: uuid(),
        topicName: string(),
        numPartitions: int32(),
        partitionMetadata: array(struct({ partition: int32(), racks: array(string()) })),
      }),
    ),
  },
)
export type ConsumerGroupPartitionMetadataValue = TypeOf<typeof ConsumerGroupPartitionMetadataValue>

export const ConsumerGroupMemberMetadataKey = record(
  5,
  'ConsumerGroupMemberMetadataKey',
  { versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)
export type ConsumerGroupMemberMetadataKey = TypeOf<typeof ConsumerGroupMemberMetadataKey>

export const ConsumerGroupMemberMetadataValue = record(
  5,
  'ConsumerGroupMemberMetadataValue',
  { versions: '0', flexible: '0+' },
  {
    instanceId: string({ nullable: true }),
    rackId: string({ nullable: true }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array(string()),
    subscribedTopicRegex: string({ nullable: true }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    serverAssignor: string({ nullable: true }),
    /** For a member that speaks the classic protocol; for others null, which must be said. */
    classicMemberMetadata: struct(
      {
        sessionTimeoutMs: int32(),
        supportedProtocols: array(struct({ name: string(), metadata: bytes() })),
      },
      { nullable: true, tag: 0 },
    ),
  },
)
export type ConsumerGroupMemberMetadataValue = TypeOf<typeof ConsumerGroupMemberMetadataValue>

export const ConsumerGroupTargetAssignmentMetadataKey = record(
  6,
  'ConsumerGroupTargetAssignmentMetadataKey',
  { versions: '0', flexible: 'none' },
  { groupId: string() },
)
export type ConsumerGroupTargetAssignmentMetadataKey = TypeOf<typeof ConsumerGroupTargetAssignmentMetadataKey>

export const ConsumerGroupTargetAssignmentMetadataValue = record(
  6,
  'ConsumerGroupTargetAssignmentMetadataValue',
  { versions: '0', flexible: '0+' },
  { assignmentEpoch: int32(), assignmentTimestamp: int64({ tag: 0 }) },
)
export type ConsumerGroupTargetAssignmentMetadataValue = TypeOf<
  typeof ConsumerGroupTargetAssignmentMetadataValue
>

export const ConsumerGroupTargetAssignmentMemberKey = record(
  7,
  'ConsumerGroupTargetAssignmentMemberKey',
  { versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)
export type ConsumerGroupTargetAssignmentMemberKey = TypeOf<typeof ConsumerGroupTargetAssignmentMemberKey>

export const ConsumerGroupTargetAssignmentMemberValue = record(
  7,
  'ConsumerGroupTargetAssignmentMemberValue',
  { versions: '0', flexible: '0+' },
  {
    topicPartitions: array(struct({ topicId: uuid(), partitions: array(int32()) })),
  },
)
export type ConsumerGroupTargetAssignmentMemberValue = TypeOf<typeof ConsumerGroupTargetAssignmentMemberValue>

export const ConsumerGroupCurrentMemberAssignmentKey = record(
  8,
  'ConsumerGroupCurrentMemberAssignmentKey',
  { versions: '0', flexible: 'none' },
  { groupId: string(), memberId: string() },
)
export type ConsumerGroupCurrentMemberAssignmentKey = TypeOf<typeof ConsumerGroupCurrentMemberAssignmentKey>

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
  /** Since which epoch it owns each partition; commits of earlier owners are refused. */
  assignmentEpochs: array(int32(), { nullable: true, tag: 0 }),
}

export const ConsumerGroupCurrentMemberAssignmentValue = record(
  8,
  'ConsumerGroupCurrentMemberAssignmentValue',
  { versions: '0', flexible: '0+' },
  {
    memberEpoch: int32(),
    /** A member that did not hear of its new epoch may still come with this one. */
    previousMemberEpoch: int32(),
    /** 0 stable, 1 gives up partitions, 2 waits for partitions of others, 127 unknown. */
    state: int8(),
    assignedPartitions: array(struct(topicPartitions)),
    partitionsPendingRevocation: array(struct(topicPartitions)),
  },
)
export type ConsumerGroupCurrentMemberAssignmentValue = TypeOf<
  typeof ConsumerGroupCurrentMemberAssignmentValue
>

export const ConsumerGroupRegularExpressionKey = record(
  16,
  'ConsumerGroupRegularExpressionKey',
  { versions: '0', flexible: 'none' },
  { groupId: string(), regularExpression: string() },
)
export type ConsumerGroupRegularExpressionKey = TypeOf<typeof ConsumerGroupRegularExpressionKey>

export const ConsumerGroupRegularExpressionValue = record(
  16,
  'ConsumerGroupRegularExpressionValue',
  { versions: '0', flexible: '0+' },
  { topics: array(string()), version: int64(), timestamp: int64() },
)
export type ConsumerGroupRegularExpressionValue = TypeOf<typeof ConsumerGroupRegularExpressionValue>
