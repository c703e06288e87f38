/**
 * DescribeProducers (key 61): the producers that the leader of a partition knows (KIP-664).
 *
 * A partition that is named many times is described once.
 *
 * If a last stable offset does not move, an operator finds here which producer's open transaction is the cause.
 */

import { checkName } from '../../controller/decisions/topic-decisions.ts'
import { DescribeProducersRequest, DescribeProducersResponse } from '../../messages/describe-producers.ts'
import { partitionKey } from '../../topic-names.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'

export const DescribeProducers = api({
  request: DescribeProducersRequest,
  response: DescribeProducersResponse,
  *steps({ replicas, metadata, turns }, request) {
    const known = new Map<string, ReturnType<typeof describe>>()
    const once = (index: number, { name }: { name: string }): ReturnType<typeof describe> => {
      const key = partitionKey(name, index)
      const described = known.get(key) ?? describe({ replicas, metadata }, name, index)
      known.set(key, described)
      return described
    }
    const asked = request.topics.map(({ name, partitionIndexes }) => ({ name, partitions: partitionIndexes }))
    return {
      topics: yield* mapPartitions(turns, asked, once, ({ name }, partitions) => ({ name, partitions })),
    }
  },
})

function describe(
  { replicas, metadata }: Pick<Services, 'replicas' | 'metadata'>,
  name: string,
  partitionIndex: number,
) {
  try {
    checkName(name)
    const activeProducers = replicas.leader(name, partitionIndex).activeProducers()
    return { partitionIndex, errorCode: ErrorCode.NONE, activeProducers }
  } catch (error) {
    const errorCode = replicas.errorCodeOf(error)
    const errorMessage = metadata().topic(name) ? null : messageOf(error, errorCode)
    return { partitionIndex, errorCode, errorMessage, activeProducers: [] }
  }
}

const NOT_HERE = 'This server does not host this topic-partition.'

/** The error message for an unknown or invalid topic: Kafka's text. */
function messageOf(error: unknown, errorCode: ErrorCode): string | null {
  if (errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return NOT_HERE
  return error instanceof KafkaError ? error.message : null
}
