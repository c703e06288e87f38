/**
 * DescribeTopicPartitions (key 75): the partitions of these topics, page by page (KIP-966).
 *
 *   topics in order of their names:   a-0 a-1 a-2 | b-0 b-1   limit 3
 *   the first page                    a-0 a-1 a-2             the cursor is b, 0
 *
 * An empty list means all topics; an unknown topic does not count towards the limit.
 * (DescribeTopicPartitionsRequestHandler)
 *
 * TOPIC-PAGES-1  all pages together contain each partition exactly once
 * TOPIC-PAGES-2  a page has at most `responsePartitionLimit` partitions, and at least one if any are left
 */
import type { MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsRequest as Request,
} from '../../messages/describe-topic-partitions.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { api, type Services } from '../api.ts'
import { NOT_ASKED, TOPIC_OPERATIONS } from '../authorized-operations.ts'
import { describePartition, whyNoTopic } from './partition-metadata.ts'

type Response = InputOf<typeof DescribeTopicPartitionsResponse>
type Topic = NonNullable<Response['topics']>[number]

export const DescribeTopicPartitions = api({
  request: DescribeTopicPartitionsRequest,
  response: DescribeTopicPartitionsResponse,
  inTurns: true,
  handle: (services, request, _context, reply) => {
    const limit = Math.min(
      request.responsePartitionLimit,
      services.config.get('max.request.partition.size.limit'),
    )
    const why = refusal(request)
    reply(why === undefined ? page(services, request, Math.max(limit, 1)) : refused(request, why))
  },
})

/** Why the whole request is refused: an empty name, or a cursor at a topic that is not requested. */
function refusal({ topics, cursor }: Request): ErrorCode | undefined {
  if (topics.some(({ name }) => name === '')) return ErrorCode.UNKNOWN_SERVER_ERROR
  if (!cursor) return undefined
  const isAsked = topics.length === 0 || topics.some(({ name }) => name === cursor.topicName)
  return isAsked && cursor.partitionIndex >= 0 ? undefined : ErrorCode.INVALID_REQUEST
}

function refused({ topics }: Request, errorCode: ErrorCode): Response {
  return { topics: topics.map(({ name }) => ({ errorCode, name, topicAuthorizedOperations: NOT_ASKED })) }
}

function page(services: Services, { topics: asked, cursor }: Request, limit: number): Response {
  const image = services.metadata()
  const names = asked.length > 0 ? new Set(asked.map(({ name }) => name)) : image.topics.keys()
  const left = [...names].sort().filter((name) => !cursor || name >= cursor.topicName)
  const topics: Topic[] = []
  let room = limit
  for (const topicName of left) {
    if (room === 0) return { topics, nextCursor: { topicName, partitionIndex: 0 } }
    const from = cursor?.topicName === topicName ? Math.max(0, cursor.partitionIndex) : 0
    const topic = image.topic(topicName)
    if (!topic) {
      topics.push(unknown(services, topicName))
      continue
    }
    const to = Math.min(topic.partitions.length, from + room)
    topics.push(describeTopic(services, image, topic, from, to))
    if (to < topic.partitions.length) return { topics, nextCursor: { topicName, partitionIndex: to } }
    room -= Math.max(0, to - from)
  }
  return { topics, nextCursor: null }
}

function describeTopic(
  { replicas }: Services,
  image: MetadataImage,
  topic: TopicImage,
  from: number,
  to: number,
): Topic {
  const partitions = topic.partitions.slice(from, to).map((partition, at) => ({
    ...describePartition(image, partition, from + at),
    eligibleLeaderReplicas: partition.elr,
    lastKnownElr: partition.lastKnownElr,
  }))
  const isInternal = replicas.isInternal(topic.name)
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal,
    partitions,
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  }
}

function unknown({ replicas }: Services, name: string): Topic {
  return {
    errorCode: whyNoTopic(name),
    name,
    isInternal: replicas.isInternal(name),
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  }
}
