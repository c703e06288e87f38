/**
 * AlterReplicaLogDirs (API key 34).
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
