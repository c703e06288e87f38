/**
 * OffsetFetch and OffsetDelete.
 *
 * A partition without a committed offset is not an error: its offset is -1. A KIP-848 member sends its id and epoch, so
 * a fenced member gets an error before it continues from offsets of partitions that are no longer its own.
 *
 * - an epoch without a member id fails with UNKNOWN_SERVER_ERROR: Kafka looks up a member named null and throws
 *
 * OFFSET-FETCH-1  with `requireStable`, a partition for which an open transaction has an offset gets UNSTABLE_OFFSET_COMMIT
 *     (KIP-447)
 */
import { ErrorCode } from '../../../wire/errors.ts'
import type { Int64 } from '../../../wire/int64.ts'
import { offsetRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'

export interface TopicToFetch {
  readonly name: string
  readonly partitionIndexes: readonly number[]
}

export interface OffsetsToFetch {
  readonly groupId: string
  /** The id and epoch of a KIP-848 member; null and -1 otherwise. */
  readonly memberId: string | null
  readonly memberEpoch: number
  /** null: all offsets of the group. */
  readonly topics: readonly TopicToFetch[] | null
  readonly requireStable: boolean
}

export interface FetchedPartition {
  readonly partitionIndex: number
  readonly committedOffset: Int64
  readonly committedLeaderEpoch: number
  readonly metadata: string
  readonly errorCode: ErrorCode
}

export interface FetchedOffsets {
  readonly errorCode: ErrorCode
  readonly topics: readonly { readonly name: string; readonly partitions: readonly FetchedPartition[] }[]
}

/** Shared by answers: a request may name a million groups without offsets. */
const NO_TOPICS: FetchedOffsets['topics'] = []

/** The answer to a request that is refused as a whole. */
export function refusedFetch(errorCode: ErrorCode): FetchedOffsets {
  return { errorCode, topics: NO_TOPICS }
}

/** OffsetFetch: the committed offsets of the requested partitions, or an error of the whole request. */
export function fetchOffsets(shard: GroupShard, request: OffsetsToFetch): FetchedOffsets {
  const errorCode = validateOffsetFetch(shard, request)
  if (errorCode !== ErrorCode.NONE) return refusedFetch(errorCode)
  const wanted = request.topics ?? allOf(shard, request.groupId)
  const topics = wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partition) => fetchOne(shard, request, name, partition)),
  }))
  return { errorCode, topics }
}

function validateOffsetFetch(
  shard: GroupShard,
  { groupId, memberId, memberEpoch }: OffsetsToFetch,
): ErrorCode {
  const group = shard.groups.get(groupId)
  if (group?.kind !== 'consumer' || (memberId === null && memberEpoch < 0)) return ErrorCode.NONE
  if (memberId === null) return ErrorCode.UNKNOWN_SERVER_ERROR
  const member = group.members.get(memberId)
  if (!member) return ErrorCode.UNKNOWN_MEMBER_ID
  if (member.memberEpoch === memberEpoch) return ErrorCode.NONE
  return member.classic ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH
}

function allOf(shard: GroupShard, groupId: string): TopicToFetch[] {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of shard.offsets.all(groupId)) {
    const partitions = topics.get(topic)
    if (partitions) partitions.push(partition)
    else topics.set(topic, [partition])
  }
  return [...topics].map(([name, partitionIndexes]) => ({ name, partitionIndexes }))
}

function fetchOne(
  shard: GroupShard,
  { groupId, requireStable }: OffsetsToFetch,
  topic: string,
  partitionIndex: number,
): FetchedPartition {
  const isUnstable = requireStable && shard.offsets.isPending(groupId, topic, partitionIndex) // OFFSET-FETCH-1
  const committed = isUnstable ? undefined : shard.offsets.get(groupId, topic, partitionIndex)
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: isUnstable ? ErrorCode.UNSTABLE_OFFSET_COMMIT : ErrorCode.NONE,
  }
}

export interface OffsetToDelete {
  readonly topic: string
  readonly partition: number
  errorCode: ErrorCode
}

/** OffsetDelete (KIP-496): only for topics that no member subscribes to. `done` gets the error of the whole request. */
export function deleteOffsets(
  shard: GroupShard,
  groupId: string,
  partitions: readonly OffsetToDelete[],
  done: (error: ErrorCode) => void,
): void {
  const group = shard.groups.get(groupId)
  if (!group || group.state === 'Dead') return done(ErrorCode.GROUP_ID_NOT_FOUND)
  const hasReaders = group.kind === 'classic' && group.state !== 'Empty' && group.protocolType !== 'consumer'
  if (hasReaders) return done(ErrorCode.NON_EMPTY_GROUP)
  const isSubscribedTo = group.subscriptionTest()
  for (const each of partitions) {
    if (each.errorCode === ErrorCode.NONE && isSubscribedTo(each.topic))
      each.errorCode = ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC
  }
  const records = partitions
    .filter(
      ({ topic, partition, errorCode }) =>
        errorCode === ErrorCode.NONE &&
        (shard.offsets.get(groupId, topic, partition) || shard.offsets.isPending(groupId, topic, partition)),
    )
    .map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
  shard.write(records, done)
}
