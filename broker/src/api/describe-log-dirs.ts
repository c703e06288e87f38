/**
 * DescribeLogDirs (key 35): how many bytes each partition takes up on this node's disk.
 *
 *   v2 flexible; v3 an error for the whole; v4 size of the volume (KIP-827); v5 cordoned directories (KIP-1066)
 *
 * A node has one log directory here. How big its volume is the storage says; in memory nobody knows, and it is -1.
 */

import type { BrokerConfig } from '../config/broker-config.ts'
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from '../messages/describe-log-dirs.ts'
import type { Partition } from '../partition/partition.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const DescribeLogDirs = api({
  request: DescribeLogDirsRequest,
  response: DescribeLogDirsResponse,
  handle: ({ core, replicas, config }, request, _context, reply) => {
    const wanted =
      request.topics && new Map(request.topics.map(({ topic, partitions }) => [topic, partitions]))
    const byTopic = new Map<string, Partition[]>()
    for (const partition of replicas.partitions()) {
      if (wanted && !wanted.get(partition.topic)?.includes(partition.index)) continue
      byTopic.set(partition.topic, [...(byTopic.get(partition.topic) ?? []), partition])
    }
    const topics = [...byTopic].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ index, log }) => ({
        partitionIndex: index,
        partitionSize: log.sizeBytes,
        offsetLag: Math.max(0, log.highWatermark - log.logEndOffset),
        isFutureKey: false,
      })),
    }))
    const result = { errorCode: ErrorCode.NONE, logDir: logDirOf(config), topics, ...core.storage.capacity() }
    reply({ errorCode: ErrorCode.NONE, results: [result] })
  },
})

/** The node's directory, as it was set. */
export function logDirOf(config: BrokerConfig): string {
  return config.get('log.dirs')[0] ?? config.get('log.dir')[0] ?? ''
}
