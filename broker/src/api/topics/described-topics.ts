/**
 * Topics as Metadata describes them: made once for each image of the metadata.
 *
 * Clients ask for the same topics again and again: after a restart all clients do, and a hostile one asks a thousand times
 * for all of them. An image never changes, so all of these requests share the same objects: while one of them is cut into
 * turns, it holds references only.
 */
import type { MetadataImage, TopicImage } from '../../controller/metadata/metadata-image.ts'
import { isInternalTopic } from '../../topic-names.ts'
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

/** By image and topic; several, if requests differ in the operations that they ask for. */
const made = new WeakMap<MetadataImage, Map<TopicImage, DescribedTopic[]>>()

/** A topic of the image. `operations`: what the response says of the allowed ones (authorized-operations.ts). */
export function describedTopic(image: MetadataImage, topic: TopicImage, operations: number): DescribedTopic {
  let byTopic = made.get(image)
  if (!byTopic) {
    byTopic = new Map()
    made.set(image, byTopic)
  }
  const known = byTopic.get(topic)
  const found = known?.find(({ topicAuthorizedOperations }) => topicAuthorizedOperations === operations)
  if (found) return found
  const described = describe(image, topic, operations)
  if (known) known.push(described)
  else byTopic.set(topic, [described])
  return described
}
