/**
 * What the group coordinator writes down in __consumer_offsets, for groups of the classic protocol.
 *
 * The topic is compacted and the coordinator is the leader of one of its partitions: to become coordinator is
 * to read that partition from its start. A key's newest value counts, a null value (tombstone) removes it.
 *
 *   key    int16 type | body          type 1: group, topic, partition     type 2: group
 *   value  int16 version | body       the offset committed there          the group and its members
 *
 * Only these two survive a restart: assignment and membership are read back from the group's value, commits
 * from theirs. Types 3 to 8 and 16 belong to KIP-848 groups: see consumer-group-records.ts.
 *
 *   OffsetCommitValue   1 expiry of its own (left again in 2), 3 leader epoch (KIP-320), 4 flexible, topic id
 *   GroupMetadataValue  1 rebalance timeout, 2 time of the last state change (KIP-211), 3 static members
 *                       (KIP-345), 4 flexible
 *
 * A version that an older broker cannot read would end every downgrade. Since KIP-915 both are flexible and
 * grow by tagged fields only. Kafka 4.3 writes commits in version 4, groups in version 3.
 */
import { array, bytes, int32, int64, record, string, struct, type TypeOf, uuid } from '../../wire/schema.ts'

export const OffsetCommitKey = record(
  1,
  'OffsetCommitKey',
  { versions: '0', flexible: 'none' },
  { group: string(), topic: string(), partition: int32() },
)
export type OffsetCommitKey = TypeOf<typeof OffsetCommitKey>

export const OffsetCommitValue = record(
  1,
  'OffsetCommitValue',
  { versions: '0-4', flexible: '4+' },
  {
    offset: int64(),
    leaderEpoch: int32({ since: 3, default: -1 }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64({ since: 1, until: 1, default: -1 }),
    topicId: uuid({ since: 4, tag: 0 }),
  },
)
export type OffsetCommitValue = TypeOf<typeof OffsetCommitValue>

export const GroupMetadataKey = record(
  2,
  'GroupMetadataKey',
  { versions: '0', flexible: 'none' },
  { group: string() },
)
export type GroupMetadataKey = TypeOf<typeof GroupMetadataKey>

const memberMetadata = {
  memberId: string(),
  groupInstanceId: string({ since: 3, nullable: true, default: null }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32({ since: 1, default: -1 }),
  sessionTimeout: int32(),
  /** What the member joined with, for the protocol that was chosen: bytes of consumer-protocol.ts. */
  subscription: bytes(),
  assignment: bytes(),
}

export const GroupMetadataValue = record(
  2,
  'GroupMetadataValue',
  { versions: '0-4', flexible: '4+' },
  {
    protocolType: string(),
    generation: int32(),
    /** The assignor's name that the members agreed on; null when the group is empty. */
    protocol: string({ nullable: true }),
    leader: string({ nullable: true }),
    currentStateTimestamp: int64({ since: 2, default: -1 }),
    members: array(struct(memberMetadata)),
  },
)
export type GroupMetadataValue = TypeOf<typeof GroupMetadataValue>

/** Type 0: what the first brokers wrote. Nobody does any more, but a tool that reads old logs meets it. */
export const LegacyOffsetCommitKey = record(
  0,
  'LegacyOffsetCommitKey',
  { versions: '0', flexible: 'none' },
  { group: string(), topic: string(), partition: int32() },
)
export type LegacyOffsetCommitKey = TypeOf<typeof LegacyOffsetCommitKey>

export const LegacyOffsetCommitValue = record(
  0,
  'LegacyOffsetCommitValue',
  { versions: '0', flexible: 'none' },
  { offset: int64(), metadata: string(), commitTimestamp: int64() },
)
export type LegacyOffsetCommitValue = TypeOf<typeof LegacyOffsetCommitValue>
