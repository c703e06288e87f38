/**
 * Topics as Metadata describes them: made once, and kept as long as they are true.
 *
 * Clients ask for the same topics again and again: after a restart all clients do, and a hostile one asks a thousand times
 * for all of them. A topic of an image never changes, and its description depends on nothing else but the brokers. So all
 * requests share the same objects; and those for all topics share the work (shared-steps.ts) and the bytes of the response
 * (CODEC-STEPS-6), until another topic is created. A thousand unread responses then take the memory of one.
 *
 * DESCRIBED-TOPICS-1  all topics are described once for an image, and in the next one only those that have changed
 */
import type { BrokerImage, MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import { type PlainSteps, SharedSteps } from '../../shared-steps.ts'
import { isInternalTopic } from '../../topic-names.ts'
import { type Pace, shared } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { describePartition } from './partition-metadata.ts'

export type DescribedTopic = ReturnType<typeof describe>

function describe(image: MetadataImage, { name, id, partitions }: TopicImage, operations: number) {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId: id,
    isInternal: isInternalTopic(name),
    partitions: partitions.map((partition, index) => describePartition(image, partition, index)),
    topicAuthorizedOperations: operations,
  }
}

/** What is known while the brokers are the same: an image shares what has not changed with the next one. */
interface Known {
  /** Several descriptions of a topic, if requests differ in the operations that they ask for. */
  readonly topics: WeakMap<TopicImage, DescribedTopic[]>
  /** All topics of an image, by operations. */
  readonly all: WeakMap<MetadataImage['topics'], Map<number, SharedSteps<DescribedTopic[]>>>
}

const knownWith = new WeakMap<ReadonlyMap<number, BrokerImage>, Known>()

function knownOf({ brokers }: MetadataImage): Known {
  const known = knownWith.get(brokers) ?? { topics: new WeakMap(), all: new WeakMap() }
  knownWith.set(brokers, known)
  return known
}

/** A topic of the image. `operations`: what the response says of the allowed ones (authorized-operations.ts). */
export function describedTopic(image: MetadataImage, topic: TopicImage, operations: number): DescribedTopic {
  const { topics } = knownOf(image)
  const known = topics.get(topic)
  const found = known?.find(({ topicAuthorizedOperations }) => topicAuthorizedOperations === operations)
  if (found) return found
  const described = describe(image, topic, operations)
  if (known) known.push(described)
  else topics.set(topic, [described])
  return described
}

/** All topics of the image, in turns. The result is shared, and must not be changed. */
export function* describedTopics(
  pace: Pace,
  image: MetadataImage,
  operations: number,
): PlainSteps<DescribedTopic[]> {
  const { all } = knownOf(image)
  const byOperations = all.get(image.topics) ?? new Map<number, SharedSteps<DescribedTopic[]>>()
  all.set(image.topics, byOperations)
  const work = byOperations.get(operations) ?? new SharedSteps(describeAll(pace, image, operations))
  byOperations.set(operations, work)
  return yield* work.join()
}

function* describeAll(pace: Pace, image: MetadataImage, operations: number): PlainSteps<DescribedTopic[]> {
  const described: DescribedTopic[] = []
  for (const topic of image.topics.values()) {
    if (pace.isOver) yield
    described.push(describedTopic(image, topic, operations))
  }
  return shared(described)
}
