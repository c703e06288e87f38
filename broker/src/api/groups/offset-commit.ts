/**
 * OffsetCommit (key 8): writes committed offsets to `__consumer_offsets`.
 *
 * Unknown topics and partitions are refused here one by one; the coordinator gets the rest in one call.
 */

import type { MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import type { Commit } from '../../coordinators/group/offsets/commit.ts'
import { OffsetCommitRequest, OffsetCommitResponse } from '../../messages/offset-commit.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import { api } from '../api.ts'
import { mapInTurns, mapPartitions } from '../in-turns.ts'

/** Since this version topics are identified by id. */
const BY_ID = 10

export const OffsetCommit = api({
  request: OffsetCommitRequest,
  response: OffsetCommitResponse,
  handle({ groups, metadata, turns }, request, context, reply) {
    const { apiVersion } = context
    const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch, retentionTimeMs } = request
    const retentionMs = retentionTimeMs === -1 ? undefined : retentionTimeMs
    const image = metadata()
    const byId = apiVersion >= BY_ID
    const unknown = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    const looking = mapPartitions(
      turns,
      request.topics,
      (each, { name, topicId }) => {
        const topic = byId ? image.topicById(topicId) : image.topic(name)
        return commitOf(name, topic, unknown, each, retentionMs)
      },
      (_, ofTopic) => ofTopic,
    )
    const committer = {
      groupId,
      memberId,
      groupInstanceId,
      generationId: generationIdOrMemberEpoch,
      apiVersion,
    }
    context.inTurns(looking, (commits) => {
      const answer = (): void => {
        const topics = mapInTurns(turns, request.topics, ({ name, topicId }, at) => ({
          name,
          topicId,
          partitions: answerOf(commits[at]!),
        }))
        context.inTurns(topics, (all) =>
          reply({ topics: all.filter(({ partitions }) => partitions.length > 0) }),
        )
      }
      const all = commits.flat()
      // With nothing to commit the coordinator is not called, so its errors are not returned either.
      if (all.every(({ errorCode }) => errorCode !== ErrorCode.NONE)) answer()
      else groups.commitOffsets(committer, all, answer)
    })
  },
})

interface AskedPartition {
  readonly partitionIndex: number
  readonly committedOffset: Int64
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

/** The commit of a partition; `unknown` is its error if the topic does not exist. */
export function commitOf(
  name: string,
  topic: TopicImage | undefined,
  unknown: ErrorCode,
  asked: AskedPartition,
  retentionMs?: Int64,
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
    retentionMs,
    errorCode: isThere ? ErrorCode.NONE : missing,
  }
}

/** The commits of a request with topic names (also TxnOffsetCommit), topic by topic. */
export function commitsByName(
  pace: Pace,
  metadata: MetadataImage,
  topics: readonly { readonly name: string; readonly partitions: readonly AskedPartition[] }[],
): Steps<Commit[][]> {
  return mapPartitions(
    pace,
    topics,
    (each, { name }) => commitOf(name, metadata.topic(name), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, each),
    (_, ofTopic) => ofTopic,
  )
}

/** The response's entry for a topic's commits. */
export function answerOf(commits: readonly Commit[]): { partitionIndex: number; errorCode: ErrorCode }[] {
  return commits.map(({ partition, errorCode }) => ({ partitionIndex: partition, errorCode }))
}
