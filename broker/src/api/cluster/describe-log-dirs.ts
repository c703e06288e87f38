/**
 * DescribeLogDirs (key 35): how many bytes each partition takes on this node's disk.
 *
 *   v2 flexible; v3 top-level error; v4 size of the volume (KIP-827); v5 cordoned directories (KIP-1066)
 *
 * A node has one log directory here. The storage knows the size of its volume; in memory the size is unknown, and -1.
 */

import type { BrokerConfig } from '../../config/broker-config.ts'
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../../messages/describe-log-dirs.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { groupBy } from '../../wire/group-by.ts'
import { api, FEW } from '../api.ts'
import { filterInTurns, forEachInTurns, forEachPartition, mapPartitions } from '../in-turns.ts'

export const DescribeLogDirs = api({
  request: DescribeLogDirsRequest,
  response: DescribeLogDirsResponse,
  isLarge: ({ replicas }) => replicas.partitionCount > FEW,
  *steps({ core, replicas, config, turns }, request) {
    const wanted = request.topics && (yield* wantedPartitions(turns, request.topics))
    const partitions = [...replicas.online()]
    const asked = yield* filterInTurns(
      turns,
      partitions,
      ({ topic, index }) => wanted?.get(topic)?.has(index) ?? wanted === null,
    )
    const topics = yield* mapPartitions(
      turns,
      Array.from(
        groupBy(asked, ({ topic }) => topic),
        ([name, its]) => ({ name, partitions: its }),
      ),
      ({ index, log }) => ({
        partitionIndex: index,
        partitionSize: log.sizeBytes,
        offsetLag: Math.max(0, log.highWatermark - log.logEndOffset),
        isFutureKey: false,
      }),
      ({ name }, described) => ({ name, partitions: described }),
    )
    const result = { errorCode: ErrorCode.NONE, logDir: logDirOf(config), topics, ...core.storage.capacity() }
    return { errorCode: ErrorCode.NONE, results: [result] }
  },
})

/** The requested partitions of each topic; if a topic is named twice, the last one counts. */
function* wantedPartitions(
  pace: Pace,
  topics: NonNullable<DescribeLogDirsRequest['topics']>,
): Steps<Map<string, Set<number>>> {
  const wanted = new Map<string, Set<number>>()
  yield* forEachInTurns(pace, topics, ({ topic }) => wanted.set(topic, new Set()))
  yield* forEachPartition(
    pace,
    new Map(topics.map((each) => [each.topic, each])).values(),
    (index, { topic }) => wanted.get(topic)!.add(index),
  )
  return wanted
}

/** The node's log directory, as configured. */
export function logDirOf(config: BrokerConfig): string {
  return config.get('log.dirs')[0] ?? config.get('log.dir')[0] ?? ''
}
