/**
 * DescribeTopicPartitions (key 75): the partitions of these topics, page by page (KIP-966).
 *
 *   topics in order of their names:   a-0 a-1 a-2 | b-0 b-1   limit 3
 *   the first page                    a-0 a-1 a-2             the cursor is b, 0
 *
 * An empty list means all topics; an unknown topic does not count towards the limit. Clients that page through all topics
 * ask for the same pages: the names are sorted once for an image, and a page is made and encoded once (shared-steps.ts).
 * (DescribeTopicPartitionsRequestHandler)
 *
 * TOPIC-PAGES-1  all pages together contain each partition exactly once
 * TOPIC-PAGES-2  a page has at most `responsePartitionLimit` partitions, and at least one if any are left
 * TOPIC-PAGES-3  a page of all topics is made once while topics and brokers do not change, for the last PAGES_MAX pages
 */
import type { MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
  type DescribeTopicPartitionsRequest as Request,
} from '../../messages/describe-topic-partitions.ts'
import { type PlainSteps, SharedSteps } from '../../shared-steps.ts'
import type { Steps } from '../../turns.ts'
import { shared } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { InputOf } from '../../wire/schema.ts'
import { api, FEW, type Services } from '../api.ts'
import { NOT_ASKED, TOPIC_OPERATIONS } from '../authorized-operations.ts'
import { mapInTurns, sortInTurns } from '../in-turns.ts'
import { describePartition, whyNoTopic } from './partition-metadata.ts'

type Response = InputOf<typeof DescribeTopicPartitionsResponse>
type Topic = NonNullable<Response['topics']>[number]

export const DescribeTopicPartitions = api({
  request: DescribeTopicPartitionsRequest,
  response: DescribeTopicPartitionsResponse,
  isLarge: ({ metadata }, { topics }) => topics.length === 0 && metadata().topics.size > FEW,
  *steps(services, request) {
    const limit = Math.min(
      request.responsePartitionLimit,
      services.config.get('max.request.partition.size.limit'),
    )
    const why = refusal(request)
    if (why !== undefined) return yield* refused(services, request, why)
    const image = services.metadata()
    if (request.topics.length > 0) return yield* page(services, image, request, Math.max(limit, 1))
    return yield* pageOfAll(services, image, request, Math.max(limit, 1)).join()
  },
})

/** How many pages of all topics are kept: a client may choose any limit and any cursor. */
const PAGES_MAX = 32

type Pages = Map<string, SharedSteps<Response>>
const allPages = new WeakMap<MetadataImage['brokers'], WeakMap<MetadataImage['topics'], Pages>>()

/** TOPIC-PAGES-3. */
function pageOfAll(
  services: Services,
  image: MetadataImage,
  request: Request,
  limit: number,
): SharedSteps<Response> {
  const byTopics = allPages.get(image.brokers) ?? new WeakMap<MetadataImage['topics'], Pages>()
  allPages.set(image.brokers, byTopics)
  const pages: Pages = byTopics.get(image.topics) ?? new Map()
  byTopics.set(image.topics, pages)
  const key = JSON.stringify([limit, request.cursor])
  const work = pages.get(key) ?? new SharedSteps(sharedPage(services, image, request, limit))
  pages.delete(key)
  pages.set(key, work)
  const [oldest] = pages.keys()
  if (pages.size > PAGES_MAX) pages.delete(oldest!)
  return work
}

function* sharedPage(
  services: Services,
  image: MetadataImage,
  request: Request,
  limit: number,
): PlainSteps<Response> {
  const { topics, nextCursor } = yield* page(services, image, request, limit)
  return { topics: shared(topics), nextCursor }
}

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

/** The names of all topics of an image, sorted; those of a request may occur twice. */
const allNames = new WeakMap<MetadataImage['topics'], SharedSteps<string[]>>()

function* namesInOrder({ turns }: Services, image: MetadataImage, { topics }: Request): PlainSteps<string[]> {
  if (topics.length > 0)
    return yield* sortInTurns(turns, yield* mapInTurns(turns, topics, ({ name }) => name))
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

interface Page {
  readonly topics: Topic[]
  readonly nextCursor: NonNullable<Response['nextCursor']> | null
}

function* page(services: Services, image: MetadataImage, request: Request, limit: number): PlainSteps<Page> {
  const { cursor } = request
  const names = yield* namesInOrder(services, image, request)
  const topics: Topic[] = []
  let room = limit
  for (let at = cursor ? firstFrom(names, cursor.topicName) : 0; at < names.length; at++) {
    if (services.turns.isOver) yield
    const topicName = names[at]!
    // A request may name a topic twice.
    if (topicName === names[at - 1]) continue
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
