/**
 * DeleteRecords (key 21): deletes all records below an offset; -1 means the high watermark (KIP-107).
 *
 * The log start offset moves at once; segments that lie completely below it are deleted later. A stream processor uses it
 * to free the space of processed records without waiting for retention.
 *
 * The leader answers when all replicas that are alive have moved their log starts, which they learn with their next Fetch, or
 * after the timeout of the request. With one replica that is at once.
 *
 *   v2 flexible
 */
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../../messages/delete-records.ts'
import { awaitReplicas } from '../../replica/delayed-produce.ts'
import type { Awaited } from '../../replica/partition.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'

export const DeleteRecords = api({
  request: DeleteRecordsRequest,
  response: DeleteRecordsResponse,
  inTurns: true,
  handle: (services, request, context, reply) => {
    context.inTurns(deleteAll(services, request), ({ topics, awaited }) => {
      if (awaited.length === 0) return reply({ topics })
      const waits = awaited.map(({ wait }) => wait)
      const cancel = awaitReplicas(services.replicas, waits, request.timeoutMs, (results) => {
        for (const [i, errorCode] of results.entries()) {
          const { answer, wait } = awaited[i]!
          answer.errorCode = errorCode
          if (wait.partition.role === 'leader') answer.lowWatermark = wait.partition.lowWatermark
        }
        reply({ topics })
      })
      context.onDisconnect(cancel)
    })
  },
})

interface Answer {
  readonly partitionIndex: number
  lowWatermark: number
  errorCode: number
}

interface Deleted {
  readonly topics: { readonly name: string; readonly partitions: Answer[] }[]
  /** Answers that are not known before other replicas have deleted the records. */
  readonly awaited: { readonly answer: Answer; readonly wait: Awaited }[]
}

/** Moves the log starts, in turns. */
function* deleteAll({ replicas, turns }: Services, request: DeleteRecordsRequest): Steps<Deleted> {
  const awaited: Deleted['awaited'] = []
  const topics = yield* mapPartitions(
    turns,
    request.topics,
    ({ partitionIndex, offset }, { name }): Answer => {
      try {
        const partition = replicas.leader(name, partitionIndex)
        if (replicas.isInternal(name)) throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION)
        const lowWatermark = partition.deleteRecordsBefore(offset)
        const answer = { partitionIndex, lowWatermark, errorCode: ErrorCode.NONE }
        const deleted = offset === -1 ? partition.logStartOffset : Number(offset)
        const wait = partition.awaited('deletion', deleted)
        if (wait) awaited.push({ answer, wait })
        replicas.moved(partition)
        return answer
      } catch (error) {
        return { partitionIndex, lowWatermark: -1, errorCode: replicas.errorCodeOf(error) }
      }
    },
    ({ name }, partitions) => ({ name, partitions }),
  )
  return { topics, awaited }
}
