/**
 * Committing offsets: who may, what is refused, what is written.
 *
 *   generation -1, no member id   a consumer that assigns by itself, or an admin: only while the group has no members
 *   otherwise                     the member, in the group's generation (classic) or at its own epoch (KIP-848)
 *   in a transaction              the same, but a producer below KIP-447 says nothing about its member, and may
 *
 * A group is made by the first commit, if need be.
 *
 * OFFSET-COMMIT-1  who is refused commits nothing; a partition that is refused does not spoil the others
 * OFFSET-COMMIT-2  offsets of a transaction stay pending until its marker (offset-store.ts)
 * OFFSET-COMMIT-3  a member that has not yet heard of its new epoch may commit at an older one, as long as each
 *     partition was its own in that epoch and is so still (KIP-1251)
 */
import { ErrorCode } from '../../../wire/errors.ts'
import type { Int64 } from '../../../wire/int64.ts'
import { ZERO_UUID } from '../../../wire/uuid.ts'
import type { TransactionalBatch } from '../../coordinator-host.ts'
import type { ClassicGroup } from '../classic/classic-group.ts'
import { rescheduleSessionTimeout } from '../classic/membership.ts'
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts'
import { offsetRecord } from '../group-records.ts'
import { BATCH_BYTES_MAX, type GroupShard } from '../group-shard.ts'
import type { Group } from '../group-state.ts'

/** From this version on a generation may be a member epoch, and an unknown group has an error of its own. */
const KNOWS_MEMBER_EPOCHS = 9

/** Of a record: 7 before the key, 10 of the key, 24 of the value. */
const RECORD_BYTES_MIN = 41

/** Who commits. */
export interface Committer {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Or the member's epoch; -1 from outside. */
  readonly generationId: number
  readonly apiVersion: number
  readonly transaction?: TransactionalBatch
}

/** One partition's commit; `errorCode` is filled in. */
export interface Commit {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly offset: Int64
  readonly leaderEpoch: number
  readonly metadata: string | null
  readonly expireTimestamp: Int64 | undefined
  errorCode: ErrorCode
}

/** Commits what can be; each commit has its error code when `done` is called. Those with an error are left alone. */
export function commitOffsets(
  shard: GroupShard,
  committer: Committer,
  commits: readonly Commit[],
  done: () => void,
): void {
  const { groupId, transaction } = committer
  const open = commits.filter((commit) => commit.errorCode === ErrorCode.NONE)
  const refusal = whyNoCommit(shard, committer, open)
  if (refusal !== ErrorCode.NONE) {
    for (const commit of open) commit.errorCode = refusal
    return done()
  }
  for (const commit of open) {
    const length = commit.metadata?.length ?? 0
    if (length > shard.config.offsetMetadataLengthMax) commit.errorCode = ErrorCode.OFFSET_METADATA_TOO_LARGE
  }
  const accepted = open.filter((commit) => commit.errorCode === ErrorCode.NONE)
  if (isTooLarge(groupId, accepted)) {
    for (const commit of accepted) commit.errorCode = ErrorCode.INVALID_COMMIT_OFFSET_SIZE
    return done()
  }
  const commitTimestamp = shard.now()
  const records = accepted.map(({ topic, partition, ...commit }) => {
    const topicId = transaction ? ZERO_UUID : commit.topicId // Kafka's producers don't say it
    const metadata = commit.metadata ?? ''
    return offsetRecord(groupId, topic, partition, { ...commit, topicId, metadata, commitTimestamp })
  })
  const written = (error: ErrorCode): void => {
    for (const commit of accepted) commit.errorCode = error
    done()
  }
  shard.write(groupId, records, written, transaction)
}

/**
 * Whether the batch would be larger than a broker takes (max.message.bytes, by default), which Kafka finds out when the
 * batch is made. Counted are the lengths of what varies, and the least that the rest of a record takes.
 */
function isTooLarge(groupId: string, commits: readonly Commit[]): boolean {
  let bytes = 0
  for (const { topic, metadata } of commits)
    bytes += RECORD_BYTES_MIN + groupId.length + topic.length + (metadata?.length ?? 0)
  return bytes > BATCH_BYTES_MAX
}

function whyNoCommit(shard: GroupShard, committer: Committer, commits: readonly Commit[]): ErrorCode {
  const group = shard.groups.get(committer.groupId)
  if (!group) return whyNoCommitToNobody(committer)
  const refusal = whyNoCommitTo(shard, group, committer, commits)
  const isKnown = refusal === ErrorCode.NONE && group.kind === 'classic'
  // A commit shows that the member lives, as a heartbeat does.
  if (isKnown && !committer.transaction && group.state !== 'Empty')
    rescheduleSessionTimeout(shard, group, committer.memberId)
  return refusal
}

function whyNoCommitToNobody({ generationId, transaction, apiVersion }: Committer): ErrorCode {
  if (generationId < 0) return ErrorCode.NONE
  const isModern = !transaction && apiVersion >= KNOWS_MEMBER_EPOCHS
  return isModern ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION
}

function whyNoCommitTo(
  { config }: GroupShard,
  group: Group,
  committer: Committer,
  commits: readonly Commit[],
): ErrorCode {
  if (group.kind === 'classic') return whyNoClassicCommit(group, committer)
  const isShort = ({ metadata }: Commit): boolean => (metadata?.length ?? 0) <= config.offsetMetadataLengthMax
  const refusal = whyNoConsumerCommit(group, committer, commits.filter(isShort))
  // A producer knows of generations only.
  const isStale = refusal === ErrorCode.STALE_MEMBER_EPOCH && committer.transaction !== undefined
  return isStale ? ErrorCode.ILLEGAL_GENERATION : refusal
}

function saysNoMember({ generationId, memberId, groupInstanceId }: Committer): boolean {
  return generationId < 0 && memberId === '' && groupInstanceId === null
}

function whyNoClassicCommit(group: ClassicGroup, committer: Committer): ErrorCode {
  const { memberId, groupInstanceId, generationId, transaction } = committer
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE
  if (generationId < 0 && group.state === 'Empty') return ErrorCode.NONE
  if (saysNoMember(committer)) return transaction ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID
  const refusal = group.validateMember(memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  // The member knows the generation but not its part of it: it can't have read anything yet.
  if (!transaction && group.state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS
  return ErrorCode.NONE
}

function whyNoConsumerCommit(
  group: ConsumerGroup,
  committer: Committer,
  commits: readonly Commit[],
): ErrorCode {
  const { memberId, generationId, transaction, apiVersion } = committer
  if (generationId < 0 && group.members.size === 0) return ErrorCode.NONE
  if (transaction && saysNoMember(committer)) return ErrorCode.NONE
  const member = group.members.get(memberId)
  if (!member) return ErrorCode.UNKNOWN_MEMBER_ID
  if (!transaction && !member.classic && apiVersion < KNOWS_MEMBER_EPOCHS)
    return ErrorCode.UNSUPPORTED_VERSION
  if (generationId === member.memberEpoch) return ErrorCode.NONE
  const isOwn = (commit: Commit): boolean => wasGivenBy(member, commit, generationId)
  if (generationId < member.memberEpoch && commits.every(isOwn)) return ErrorCode.NONE
  return member.classic ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH
}

/** OFFSET-COMMIT-3: the member had the partition in that epoch already, and has had it since. */
function wasGivenBy(
  { assigned, pendingRevocation }: ConsumerMember,
  { topicId, partition }: Commit,
  epoch: number,
): boolean {
  const given = assigned.get(topicId)?.get(partition) ?? pendingRevocation.get(topicId)?.get(partition)
  return given !== undefined && epoch >= given
}
