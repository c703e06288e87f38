/**
 * DescribeProducers (key 61): who writes to a partition, as its leader remembers it (KIP-664).
 *
 * An operator who sees a last stable offset that does not move finds here which producer's transaction holds it back.
 */
import { DescribeProducersRequest, DescribeProducersResponse } from '../messages/describe-producers.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const DescribeProducers = api({
  request: DescribeProducersRequest,
  response: DescribeProducersResponse,
  handle: ({ replicas }, request, _context, reply) => {
    const topics = request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        try {
          const activeProducers = replicas.leader(name, partitionIndex).log.activeProducers()
          return { partitionIndex, errorCode: ErrorCode.NONE, activeProducers }
        } catch (error) {
          return { partitionIndex, errorCode: replicas.errorCodeOf(error), activeProducers: [] }
        }
      }),
    }))
    reply({ topics })
  },
})
