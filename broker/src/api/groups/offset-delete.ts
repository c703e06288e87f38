/** OffsetDelete (key 47): deletes a group's offsets of topics that it no longer reads (KIP-496). */
import { OffsetDeleteRequest, OffsetDeleteResponse } from '../../messages/offset-delete.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'

export const OffsetDelete = api({
  request: OffsetDeleteRequest,
  response: OffsetDeleteResponse,
  handle({ groups, metadata, turns }, request, context, reply) {
    const image = metadata()
    const looking = mapPartitions(
      turns,
      request.topics,
      ({ partitionIndex }, { name }) => ({
        topic: name,
        partition: partitionIndex,
        errorCode: image.topic(name)?.partitions[partitionIndex]
          ? ErrorCode.NONE
          : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      }),
      ({ name }, deleted) => ({ name, deleted }),
    )
    context.inTurns(looking, (topics) => {
      const all = topics.flatMap(({ deleted }) => deleted)
      groups.deleteOffsets(request.groupId, all, (errorCode) => {
        if (errorCode !== ErrorCode.NONE) return reply({ errorCode })
        const answered = topics.map(({ name, deleted }) => ({
          name,
          partitions: deleted.map(({ partition, errorCode: code }) => ({
            partitionIndex: partition,
            errorCode: code,
          })),
        }))
        reply({ errorCode, topics: answered })
      })
    })
  },
})
