/**
 * ListOffsets (key 2): the offset at an end of a partition, or for a timestamp.
 *
 *   v1 one offset per partition; v2 isolation level; v4 leader epochs (KIP-320); v6 flexible; v7 max timestamp (KIP-734);
 *   v8 earliest local (KIP-405); v9 latest tiered; v10 a time limit; v11 earliest pending upload (KIP-1023)
 *
 * For a timestamp, the result is the first record that is not older. Some negative values have a special meaning:
 *
 *   -1 latest    the end for consumers: high watermark, or last stable offset for read_committed
 *   -2 earliest  the log start          -4 earliest local: the same, as there is no tiered storage here
 *   -3 max timestamp  the record with the largest timestamp
 *   -5 latest tiered, -6 earliest pending upload: no tiered storage here, so there is none
 *
 * "None" is not an error: offset -1, timestamp -1.
 */

import type { TimestampAndOffset } from '../../log/log.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../../messages/list-offsets.ts'
import { NO_OFFSET } from '../../replica/listed-offset.ts'
import type { Partition } from '../../replica/partition.ts'
import { partitionKey } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { api, type Services } from '../api.ts'
import { forEachPartition, mapInTurns } from '../in-turns.ts'

const OLDEST_VERSION_OF = new Map<Int64, number>([
  [-3, 7],
  [-4, 8],
  [-5, 9],
  [-6, 11],
])
const REPLICA_OF_A_CONSUMER = -1

export const ListOffsets = api({
  request: ListOffsetsRequest,
  response: ListOffsetsResponse,
  *steps(services, request, { apiVersion }) {
    const { turns } = services
    const seen = new Set<string>()
    const twice = new Set<string>()
    yield* forEachPartition(turns, request.topics, ({ partitionIndex }, { name }) => {
      const key = partitionKey(name, partitionIndex)
      if (seen.has(key)) twice.add(key)
      seen.add(key)
    })
    const topics: { name: string; partitions: Answer[] }[] = []
    for (const { name, partitions } of request.topics) {
      if (turns.isOver) yield
      const answers: Answer[] = []
      for (const asked of partitions) {
        if (turns.isOver) yield
        const isDoubled = twice.has(partitionKey(name, asked.partitionIndex))
        answers.push(yield* findOne(services, request, apiVersion, { ...asked, name, isDoubled }))
      }
      topics.push({ name, partitions: answers })
    }
    return { topics: yield* onceEach(turns, topics) }
  },
})

interface Asked {
  readonly name: string
  readonly partitionIndex: number
  readonly currentLeaderEpoch: number
  readonly timestamp: Int64
  readonly isDoubled: boolean
}

/** The result for one partition. Batches are decompressed for it, in turns. */
function* findOne(
  services: Services,
  request: ListOffsetsRequest,
  apiVersion: number,
  { name, partitionIndex, currentLeaderEpoch, timestamp, isDoubled }: Asked,
): Steps<Answer> {
  const isolation = request.isolationLevel === 1 ? 'read_committed' : 'read_uncommitted'
  try {
    if (request.isolationLevel !== 0 && request.isolationLevel !== 1)
      throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, 'no such isolation level')
    if (isDoubled) throw new KafkaError(ErrorCode.INVALID_REQUEST)
    if (apiVersion < (OLDEST_VERSION_OF.get(timestamp) ?? 0) || timestamp < -6)
      throw new KafkaError(ErrorCode.UNSUPPORTED_VERSION)
    const partition = leaderOf(services, name, partitionIndex, currentLeaderEpoch)
    const toTheEnd = request.replicaId !== REPLICA_OF_A_CONSUMER
    const end = toTheEnd ? partition.logEndOffset : partition.visibleEnd(isolation)
    const found = yield* partition.fetchOffsetForTimestamp(timestamp, end)
    return { partitionIndex, errorCode: ErrorCode.NONE, ...found }
  } catch (error) {
    return { partitionIndex, errorCode: services.replicas.errorCodeOf(error), ...NO_OFFSET }
  }
}

interface Answer extends TimestampAndOffset {
  readonly partitionIndex: number
  readonly errorCode: ErrorCode
}

/** Topics and partitions that are named twice are returned once; topics without partitions are left out. */
function* onceEach<T extends Answer>(
  pace: Pace,
  topics: readonly { name: string; partitions: readonly T[] }[],
): Steps<{ name: string; partitions: T[] }[]> {
  const byName = new Map<string, Map<number, T>>()
  yield* forEachPartition(pace, topics, (answer, { name }) => {
    const answers = byName.get(name) ?? new Map<number, T>()
    byName.set(name, answers.set(answer.partitionIndex, answer))
  })
  return yield* mapInTurns(pace, byName, ([name, answers]) => ({ name, partitions: [...answers.values()] }))
}

function leaderOf(services: Services, topic: string, index: number, clientEpoch: number): Partition {
  const partition = services.replicas.leader(topic, index)
  partition.checkLeaderEpoch(clientEpoch)
  return partition
}
