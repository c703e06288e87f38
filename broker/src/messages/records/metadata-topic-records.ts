/**
 * Records of __cluster_metadata about topics and partitions.
 *
 * A topic is an id with a name (KIP-516): a topic deleted and made again is another one. Its partitions are
 * one record each, then a change record for whatever happens to them. Null in a change means "as before";
 * for the leader -2 does, because -1 is "none".
 *
 *   Partition, PartitionChange   1 the log directory of each replica (KIP-858)
 *                                2 replicas that may lead although they left the ISR (KIP-966, ELR)
 *
 * TOPIC-RECORDS-1  leader epoch rises with each change of leader, partition epoch with each change of anything; neither
 *     stands in the change record: who replays it adds one (PartitionRegistration.merge)
 */
import { array, int8, int32, record, string, type TypeOf, uuid } from '../../wire/schema.ts'

export const TopicRecord = record(
  2,
  'TopicRecord',
  { versions: '0', flexible: '0+' },
  { name: string(), topicId: uuid() },
)
export type TopicRecord = TypeOf<typeof TopicRecord>

export const PartitionRecord = record(
  3,
  'PartitionRecord',
  { versions: '0-2', flexible: '0+' },
  {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    replicas: array(int32()),
    isr: array(int32()),
    removingReplicas: array(int32()),
    addingReplicas: array(int32()),
    leader: int32({ default: -1 }),
    /** 1 while it recovers from an unclean election (KIP-704). */
    leaderRecoveryState: int8({ tag: 0 }),
    leaderEpoch: int32({ default: -1 }),
    partitionEpoch: int32({ default: -1 }),
    directories: array(uuid(), { since: 1 }),
    eligibleLeaderReplicas: array(int32(), { since: 2, nullable: true, default: null, tag: 1 }),
    lastKnownElr: array(int32(), { since: 2, nullable: true, default: null, tag: 2 }),
  },
)
export type PartitionRecord = TypeOf<typeof PartitionRecord>

export const PartitionChangeRecord = record(
  5,
  'PartitionChangeRecord',
  { versions: '0-2', flexible: '0+' },
  {
    partitionId: int32({ default: -1 }),
    topicId: uuid(),
    isr: array(int32(), { nullable: true, default: null, tag: 0 }),
    leader: int32({ default: -2, tag: 1 }),
    replicas: array(int32(), { nullable: true, default: null, tag: 2 }),
    removingReplicas: array(int32(), { nullable: true, default: null, tag: 3 }),
    addingReplicas: array(int32(), { nullable: true, default: null, tag: 4 }),
    /** -1 as before, 0 recovered, 1 recovering. */
    leaderRecoveryState: int8({ default: -1, tag: 5 }),
    directories: array(uuid(), { since: 1, nullable: true, default: null, tag: 8 }),
    eligibleLeaderReplicas: array(int32(), { since: 2, nullable: true, default: null, tag: 6 }),
    lastKnownElr: array(int32(), { since: 2, nullable: true, default: null, tag: 7 }),
  },
)
export type PartitionChangeRecord = TypeOf<typeof PartitionChangeRecord>

export const RemoveTopicRecord = record(
  9,
  'RemoveTopicRecord',
  { versions: '0', flexible: '0+' },
  { topicId: uuid() },
)
export type RemoveTopicRecord = TypeOf<typeof RemoveTopicRecord>

export const ClearElrRecord = record(
  28,
  'ClearElrRecord',
  { versions: '0', flexible: '0+' },
  {
    /** Empty: of all topics. */
    topicName: string(),
  },
)
export type ClearElrRecord = TypeOf<typeof ClearElrRecord>
