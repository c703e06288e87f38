/**
 * OffsetForLeaderEpoch (key 23): the end offset of a leader epoch.
 *
 * After a change of leader, a consumer checks whether the records that it has read are still in the log (KIP-320).
 * The response has the largest epoch that is not above the requested one, and its end offset. If that is below the
 * consumer's position, the records in between were lost by an unclean election.
 *
 *   v2 current leader epoch; v3 replica id; v4 flexible
 */
import {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderEpochResponse,
} from '../../messages/offset-for-leader-epoch.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'

const UNKNOWN = { leaderEpoch: -1, endOffset: -1 }

export const OffsetForLeaderEpoch = api({
  request: OffsetForLeaderEpochRequest,
  response: OffsetForLeaderEpochResponse,
  *steps({ replicas, turns }, request) {
    const topics = yield* mapPartitions(
      turns,
      request.topics,
      ({ partition: index, currentLeaderEpoch, leaderEpoch }, { topic }) => {
        try {
          const partition = replicas.leader(topic, index)
          partition.checkLeaderEpoch(currentLeaderEpoch)
          const found = partition.endOffsetForEpoch(leaderEpoch)
          const answer = found ? { leaderEpoch: found.epoch, endOffset: found.endOffset } : UNKNOWN
          return { partition: index, errorCode: ErrorCode.NONE, ...answer }
        } catch (error) {
          return { partition: index, errorCode: replicas.errorCodeOf(error), ...UNKNOWN }
        }
      },
      ({ topic }, partitions) => ({ topic, partitions }),
    )
    return { topics }
  },
})
