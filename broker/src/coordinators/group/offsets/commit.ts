/**
 * OffsetCommit and TxnOffsetCommit: who may commit, which commits are refused, which records are written.
 *
 *   generation -1, no member id   a consumer that assigns partitions itself, or an admin: only if the group has no members
 *   otherwise                     a member in the generation of the group (classic) or at its own epoch (KIP-848)
 *   in a transaction              the same; a producer below KIP-447 sends no member, and is accepted
 *
 * The first commit creates the group if it does not exist.
 *
 * OFFSET-COMMIT-1  a refused request commits nothing; a refused partition does not affect the others
 * OFFSET-COMMIT-2  offsets of a transaction stay pending until its marker (offset-store.ts)
 * OFFSET-COMMIT-3  a member that has not yet received its new epoch may commit with an older epoch if each partition has
 *     been assigned to it since that epoch (KIP-1251)
 *
 * (OffsetMetadataManager: commitOffset, commitTransactionalOffset)
 */
import { ErrorCode } from '../../../wire/errors.ts'
import { type Int64, plus } from '../../../wire/int64.ts'
import { ZERO_UUID } from '../../../wire/uuid.ts'
import type { TransactionalBatch } from '../../coordinator-host.ts'
import type { ClassicGroup } from '../classic/classic-group.ts'
import { rescheduleSessionTimeout } from '../classic/membership.ts'
import type { ConsumerGroup, ConsumerMember } from '../consumer/consumer-group.ts'
import { offsetRecord } from '../group-records.ts'
import { BATCH_BYTES_MAX, type GroupShard } from '../group-shard.ts'
import type { Group } from '../group-state.ts'

/** From this version on the generation may be a member epoch, and an unknown group is GROUP_ID_NOT_FOUND. */
const HAS_MEMBER_EPOCHS = 9

/** The fixed bytes of a record: 7 before the key, 10 of the key, 24 of the value. */
const RECORD_BYTES_MIN = 41

/** The sender of a commit. */
export interface Committer {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Or the member epoch; -1 if the sender is no member. */
  readonly generationId: number
  readonly apiVersion: number
  readonly transaction?: TransactionalBatch
}

/** The commit of one partition; `errorCode` is set by commitOffsets. */
export interface Commit {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly offset: Int64
  readonly leaderEpoch: number
  readonly metadata: string | null
  /** How long the offset is kept; only from clients with OffsetCommit below v5. */
  readonly retentionMs: Int64 | undefined
  errorCode: ErrorCode
}

/** Commits the valid ones; when `done` is called each commit has its error code. Commits with an error are skipped. */
export function commitOffsets(
  shard: GroupShard,
  committer: Committer,
  commits: readonly Commit[],
  done: () => void,
): void {
  const { groupId, transaction } = committer
  const pending = commits.filter((commit) => commit.errorCode === ErrorCode.NONE)
  const refusal = validateCommit(shard, committer, pending)
  if (refusal !== ErrorCode.NONE) {
    for (const commit of pending) commit.errorCode = refusal
    return done()
  }
  for (const commit of pending) {
    const length = commit.metadata?.length ?? 0
    if (length > shard.config.offsetMetadataLengthMax) commit.errorCode = ErrorCode.OFFSET_METADATA_TOO_LARGE
  }
  const accepted = pending.filter((commit) => commit.errorCode === ErrorCode.NONE)
  if (isTooLarge(groupId, accepted)) {
    for (const commit of accepted) commit.errorCode = ErrorCode.INVALID_COMMIT_OFFSET_SIZE
    return done()
  }
  // One time for both stamps, as in OffsetMetadataManager.commitOffset.
  const commitTimestamp = shard.now()
  const records = accepted.map(({ topic, partition, retentionMs, ...commit }) => {
    const topicId = transaction ? ZERO_UUID : commit.topicId // Kafka's producers do not send it
    const metadata = commit.metadata ?? ''
    const expireTimestamp = retentionMs === undefined ? undefined : plus(commitTimestamp, retentionMs)
    const committed = { ...commit, topicId, metadata, commitTimestamp, expireTimestamp }
    return offsetRecord(groupId, topic, partition, committed)
  })
  const written = (error: ErrorCode): void => {
    for (const commit of accepted) commit.errorCode = error
    done()
  }
  shard.write(records, written, { transaction })
}

/**
 * Whether the batch would be larger than max.message.bytes by default; Kafka detects this when it builds the batch. An
 * estimate: the lengths of the variable fields, and the smallest size of the rest of each record.
 */
function isTooLarge(groupId: string, commits: readonly Commit[]): boolean {
  let bytes = 0
  for (const { topic, metadata } of commits)
    bytes += RECORD_BYTES_MIN + groupId.length + topic.length + (metadata?.length ?? 0)
  return bytes > BATCH_BYTES_MAX
}

function validateCommit(shard: GroupShard, committer: Committer, commits: readonly Commit[]): ErrorCode {
  const group = shard.groups.get(committer.groupId)
  if (!group) return validateCommitWithoutGroup(committer)
  const refusal = validateGroupCommit(shard, group, committer, commits)
  const isAccepted = refusal === ErrorCode.NONE && group.kind === 'classic'
  // A commit restarts the session timeout, like a heartbeat.
  if (isAccepted && !committer.transaction && group.state !== 'Empty')
    rescheduleSessionTimeout(shard, group, committer.memberId)
  return refusal
}

function validateCommitWithoutGroup({ generationId, transaction, apiVersion }: Committer): ErrorCode {
  if (generationId < 0) return ErrorCode.NONE
  const hasGroupError = !transaction && apiVersion >= HAS_MEMBER_EPOCHS
  return hasGroupError ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION
}

function validateGroupCommit(
  { config }: GroupShard,
  group: Group,
  committer: Committer,
  commits: readonly Commit[],
): ErrorCode {
  if (group.kind === 'classic') return validateClassicCommit(group, committer)
  const isShort = ({ metadata }: Commit): boolean => (metadata?.length ?? 0) <= config.offsetMetadataLengthMax
  const refusal = validateConsumerCommit(group, committer, commits.filter(isShort))
  // Producers know only the error for generations.
  const isStale = refusal === ErrorCode.STALE_MEMBER_EPOCH && committer.transaction !== undefined
  return isStale ? ErrorCode.ILLEGAL_GENERATION : refusal
}

function hasNoMember({ generationId, memberId, groupInstanceId }: Committer): boolean {
  return generationId < 0 && memberId === '' && groupInstanceId === null
}

// #region who-may-commit
function validateClassicCommit(group: ClassicGroup, committer: Committer): ErrorCode {
  const { memberId, groupInstanceId, generationId, transaction } = committer
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE
  if (generationId < 0 && group.state === 'Empty') return ErrorCode.NONE
  if (hasNoMember(committer)) return transaction ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID
  const refusal = group.validateMember(memberId, groupInstanceId)
  if (refusal !== ErrorCode.NONE) return refusal
  if (generationId !== group.generation) return ErrorCode.ILLEGAL_GENERATION
  // The member has no assignment in this generation yet, so it cannot have read anything.
  if (!transaction && group.state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS
  return ErrorCode.NONE
}
// #endregion who-may-commit

function validateConsumerCommit(
  group: ConsumerGroup,
  committer: Committer,
  commits: readonly Commit[],
): ErrorCode {
  const { memberId, generationId, transaction, apiVersion } = committer
  if (generationId < 0 && group.members.size === 0) return ErrorCode.NONE
  if (transaction && hasNoMember(committer)) return ErrorCode.NONE
  const member = group.members.get(memberId)
  if (!member) return ErrorCode.UNKNOWN_MEMBER_ID
  if (!transaction && !member.classic && apiVersion < HAS_MEMBER_EPOCHS) return ErrorCode.UNSUPPORTED_VERSION
  if (generationId === member.memberEpoch) return ErrorCode.NONE
  const isAssigned = (commit: Commit): boolean => isAssignedSince(member, commit, generationId)
  if (generationId < member.memberEpoch && commits.every(isAssigned)) return ErrorCode.NONE
  return member.classic ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH
}

/** OFFSET-COMMIT-3: the partition has been assigned to the member since this epoch or before. */
function isAssignedSince(
  { assigned, pendingRevocation }: ConsumerMember,
  { topicId, partition }: Commit,
  epoch: number,
): boolean {
  const assignedEpoch =
    assigned.get(topicId)?.get(partition) ?? pendingRevocation.get(topicId)?.get(partition)
  return assignedEpoch !== undefined && epoch >= assignedEpoch
}
