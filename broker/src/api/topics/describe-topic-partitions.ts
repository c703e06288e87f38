/**
 * DescribeTopicPartitions (key 75): the partitions of these topics, page by page (KIP-966).
 *
 *   topics in order of their names:   a-0 a-1 a-2 | b-0 b-1   limit 3
 *   the first page                    a-0 a-1 a-2             the cursor is b, 0
 *
 * An empty list means all topics; an unknown topic does not count towards the limit. The names of all topics are sorted once
 * for an image: a client that pages through 20,000 topics asks ten times.
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
import { SharedSteps } from '../../shared-steps.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { api, type Services } from '../api.ts'
import { NOT_ASKED, TOPIC_OPERATIONS } from '../authorized-operations.ts'
import { distinctInTurns, mapInTurns, sortInTurns } from '../in-turns.ts'
import { describePartition, whyNoTopic } from './partition-metadata.ts'

type Response = InputOf<typeof DescribeTopicPartitionsResponse>
type Topic = NonNullable<Response['topics']>[number]

export const DescribeTopicPartitions = api({
  request: DescribeTopicPartitionsRequest,
  response: DescribeTopicPartitionsResponse,
  *steps(services, request) {
    const limit = Math.min(
      request.responsePartitionLimit,
      services.config.get('max.request.partition.size.limit'),
    )
    const why = refusal(request)
    if (why !== undefined) return yield* refused(services, request, why)
    return yield* page(services, request, Math.max(limit, 1))
  },
})

/** Why the whole request is refused: an empty name, or a cursor at a topic that is not requested. */
function refusal({ topics, cursor }: Request): ErrorCode | undefined {
  if (topics.some(({ name }) => name === '')) return ErrorCode.UNKNOWN_SERVER_ERROR
  if (!cursor) return undefined
  const isAsked = topics.length === 0 || topics.some(({ name }) => name === cursor.topicName)
  return isAsked && cursor.partitionIndex >= 0 ? undefined : ErrorCode.INVALID_REQUEST
}

function* refused({ turns }: Services, { topics }: Request, errorCode: ErrorCode): Steps<Response> {
  const answers = yield* mapInTurns(turns, topics, ({ name }) => {
    return { errorCode, name, topicAuthorizedOperations: NOT_ASKED }
  })
  return { topics: answers }
}

/** The names of all topics of an image, sorted. */
const allNames = new WeakMap<MetadataImage['topics'], SharedSteps<string[]>>()

function* namesInOrder({ turns }: Services, image: MetadataImage, { topics }: Request): Steps<string[]> {
  if (topics.length > 0) {
    const names = yield* mapInTurns(turns, topics, ({ name }) => name)
    return yield* sortInTurns(turns, yield* distinctInTurns(turns, names))
  }
  const work = allNames.get(image.topics) ?? new SharedSteps(sortInTurns(turns, [...image.topics.keys()]))
  allNames.set(image.topics, work)
  return yield* work.join()
}

/** The index of the first of the sorted `names` that is not before `name`. */
function firstFrom(names: readonly string[], name: string): number {
  let [from, to] = [0, names.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (names[middle]! < name) from = middle + 1
    else to = middle
  }
  return from
}

function* page(services: Services, request: Request, limit: number): Steps<Response> {
  const { cursor } = request
  const image = services.metadata()
  const names = yield* namesInOrder(services, image, request)
  const topics: Topic[] = []
  let room = limit
  for (let at = cursor ? firstFrom(names, cursor.topicName) : 0; at < names.length; at++) {
    if (services.turns.isOver) yield
    const topicName = names[at]!
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
