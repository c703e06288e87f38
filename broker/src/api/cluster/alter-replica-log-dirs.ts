/**
 * AlterReplicaLogDirs (key 34): moves replicas to another log directory of this node (KIP-113).
 *
 *   v2 flexible
 *
 * A node has one directory here: a move to it changes nothing, and any other directory is unknown.
 * (ReplicaManager.alterReplicaLogDirs)
 */
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from '../../messages/alter-replica-log-dirs.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { forEachPartition, mapPartitions } from '../in-turns.ts'
import { logDirOf } from './describe-log-dirs.ts'

export const AlterReplicaLogDirs = api({
  request: AlterReplicaLogDirsRequest,
  response: AlterReplicaLogDirsResponse,
  *steps(services, { dirs }) {
    const { turns } = services
    // If a partition is named for several directories, the last one counts.
    const wanted = new Map<string, Map<number, string>>()
    for (const { path, topics } of dirs) {
      if (turns.isOver) yield
      yield* forEachPartition(turns, topics, (index, { name }) =>
        wanted.set(name, (wanted.get(name) ?? new Map<number, string>()).set(index, path)),
      )
    }
    const results = yield* mapPartitions(
      turns,
      Array.from(wanted, ([topicName, paths]) => ({ topicName, partitions: [...paths] })),
      ([partitionIndex, path], { topicName }) => ({
        partitionIndex,
        errorCode: move(services, topicName, partitionIndex, path),
      }),
      ({ topicName }, partitions) => ({ topicName, partitions }),
    )
    return { results }
  },
})

function move({ replicas, config }: Services, topic: string, index: number, path: string): ErrorCode {
  if (path !== logDirOf(config)) return ErrorCode.LOG_DIR_NOT_FOUND
  try {
    replicas.leader(topic, index)
    return ErrorCode.NONE
  } catch (error) {
    return replicas.errorCodeOf(error)
  }
}
