/** OffsetDelete (key 47): a group's offsets of topics that it no longer reads (KIP-496). */
import { OffsetDeleteRequest, OffsetDeleteResponse } from '../messages/offset-delete.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const OffsetDelete = api({
  request: OffsetDeleteRequest,
  response: OffsetDeleteResponse,
  handle({ groups, metadata }, request, _context, reply) {
    const topics = request.topics.map(({ name, partitions }) => {
      const known = metadata().topic(name)?.partitions ?? []
      const deleted = partitions.map(({ partitionIndex }) => ({
        topic: name,
        partition: partitionIndex,
        errorCode: known[partitionIndex] ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      }))
      return { name, deleted }
    })
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
  },
})
