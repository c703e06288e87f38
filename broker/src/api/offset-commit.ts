/**
 * OffsetCommit (key 8): offsets into `__consumer_offsets`.
 *
 * Topics and partitions that are not there are refused here, each by itself; the rest goes to the coordinator at once.
 */

import type { MetadataImage, TopicImage } from '../controller/metadata-image.ts'
import type { Commit } from '../coordinators/group/offset-commit.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../messages/offset-commit.ts'
import { ErrorCode } from '../wire/errors.ts'
import { type Int64, plus } from '../wire/int64.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import { api } from './api.ts'

/** From this version on topics come by id. */
const BY_ID = 10

export const OffsetCommit = api({
  request: OffsetCommitRequest,
  response: OffsetCommitResponse,
  handle({ core, groups, metadata }, request, { apiVersion }, reply) {
    const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch, retentionTimeMs } = request
    const expireTimestamp = retentionTimeMs === -1 ? undefined : plus(core.clock.now(), retentionTimeMs)
    const commits = request.topics.map((asked) => {
      const byId = apiVersion >= BY_ID
      const topic = byId ? metadata().topicById(asked.topicId) : metadata().topic(asked.name)
      const unknown = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      return asked.partitions.map((each) => commitOf(asked.name, topic, unknown, each, expireTimestamp))
    })
    const committer = {
      groupId,
      memberId,
      groupInstanceId,
      generationId: generationIdOrMemberEpoch,
      apiVersion,
    }
    const answer = (): void => {
      const topics = request.topics.map(({ name, topicId }, at) => ({
        name,
        topicId,
        partitions: answerOf(commits[at]!),
      }))
      reply({ topics: topics.filter(({ partitions }) => partitions.length > 0) })
    }
    const all = commits.flat()
    // With nothing to commit the coordinator is not asked, so a wrong one does not say so.
    if (all.every(({ errorCode }) => errorCode !== ErrorCode.NONE)) answer()
    else groups.commitOffsets(committer, all, answer)
  },
})

interface AskedPartition {
  readonly partitionIndex: number
  readonly committedOffset: Int64
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

/** What to commit for a partition; `unknown` is its error when there is no such topic. */
export function commitOf(
  name: string,
  topic: TopicImage | undefined,
  unknown: ErrorCode,
  asked: AskedPartition,
  expireTimestamp?: Int64,
): Commit {
  const isThere = topic?.partitions[asked.partitionIndex] !== undefined
  const missing = topic ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : unknown
  return {
    topic: topic?.name ?? name,
    topicId: topic?.id ?? ZERO_UUID,
    partition: asked.partitionIndex,
    offset: asked.committedOffset,
    leaderEpoch: asked.committedLeaderEpoch,
    metadata: asked.committedMetadata,
    expireTimestamp,
    errorCode: isThere ? ErrorCode.NONE : missing,
  }
}

/** The commits of a request that names its topics (TxnOffsetCommit too), topic by topic. */
export function commitsByName(
  metadata: MetadataImage,
  topics: readonly { readonly name: string; readonly partitions: readonly AskedPartition[] }[],
): Commit[][] {
  return topics.map(({ name, partitions }) =>
    partitions.map((each) =>
      commitOf(name, metadata.topic(name), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, each),
    ),
  )
}

/** What a response says of a topic's commits. */
export function answerOf(commits: readonly Commit[]): { partitionIndex: number; errorCode: ErrorCode }[] {
  return commits.map(({ partition, errorCode }) => ({ partitionIndex: partition, errorCode }))
}
