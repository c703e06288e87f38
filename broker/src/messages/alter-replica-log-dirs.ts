/**
 * AlterReplicaLogDirs (key 34): keep these replicas in another directory of the same broker.
 *
 * From admin clients to the broker itself. It copies the replica beside the old one and swaps them when the
 * copy has caught up. (KIP-113)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const AlterReplicaLogDirsRequest = request(
  34,
  'AlterReplicaLogDirsRequest',
  { versions: '1-2', flexible: '2+' },
  {
    dirs: array(
      struct({
        path: string(),
        topics: array(struct({ name: string(), partitions: array(int32()) })),
      }),
    ),
  },
)
export type AlterReplicaLogDirsRequest = TypeOf<typeof AlterReplicaLogDirsRequest>

export const AlterReplicaLogDirsResponse = response(
  34,
  'AlterReplicaLogDirsResponse',
  { versions: '1-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    results: array(
      struct({
        topicName: string(),
        partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
      }),
    ),
  },
)
export type AlterReplicaLogDirsResponse = TypeOf<typeof AlterReplicaLogDirsResponse>
