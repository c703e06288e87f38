/**
 * AssignReplicasToDirs (key 73): I keep these replicas in that directory.
 *
 * From brokers to the controller, so that the metadata knows which replicas are lost when one disk of several
 * fails. (KIP-858)
 */
import { array, int16, int32, int64, request, response, struct, type TypeOf, uuid } from '../wire/schema.ts'

export const AssignReplicasToDirsRequest = request(
  73,
  'AssignReplicasToDirsRequest',
  { versions: '0', flexible: '0+' },
  {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(struct({ partitionIndex: int32() })),
          }),
        ),
      }),
    ),
  },
)
export type AssignReplicasToDirsRequest = TypeOf<typeof AssignReplicasToDirsRequest>

export const AssignReplicasToDirsResponse = response(
  73,
  'AssignReplicasToDirsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array(
      struct({
        id: uuid(),
        topics: array(
          struct({
            topicId: uuid(),
            partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
          }),
        ),
      }),
    ),
  },
)
export type AssignReplicasToDirsResponse = TypeOf<typeof AssignReplicasToDirsResponse>
