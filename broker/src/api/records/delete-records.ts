/**
 * DeleteRecords (key 21): deletes all records below an offset; -1 means the high watermark (KIP-107).
 *
 * The log start offset moves at once; segments that lie completely below it are deleted later. A stream processor uses it
 * to free the space of processed records without waiting for retention.
 *
 *   v2 flexible
 */
import { DeleteRecordsRequest, DeleteRecordsResponse } from '../../messages/delete-records.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'

export const DeleteRecords = api({
  request: DeleteRecordsRequest,
  response: DeleteRecordsResponse,
  *steps({ replicas, turns }, request) {
    const topics = yield* mapPartitions(
      turns,
      request.topics,
      ({ partitionIndex, offset }, { name }) => {
        try {
          const partition = replicas.leader(name, partitionIndex)
          if (replicas.isInternal(name)) throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION)
          const lowWatermark = partition.deleteRecordsBefore(offset)
          replicas.moved(partition)
          return { partitionIndex, lowWatermark, errorCode: ErrorCode.NONE }
        } catch (error) {
          return { partitionIndex, lowWatermark: -1, errorCode: replicas.errorCodeOf(error) }
        }
      },
      ({ name }, partitions) => ({ name, partitions }),
    )
    return { topics }
  },
})
