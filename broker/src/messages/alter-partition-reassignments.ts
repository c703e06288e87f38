/**
 * AlterPartitionReassignments (key 45): let these partitions live on other brokers.
 *
 * From admin clients, passed on to the controller. New replicas are added and catch up; the old ones go only
 * when all the new ones are in sync. Null instead of a list calls a move off. (KIP-455)
 *
 *   1  may be told not to change how many replicas there are (KIP-860)
 */
import { array, bool, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const AlterPartitionReassignmentsRequest = request(
  45,
  'AlterPartitionReassignmentsRequest',
  { versions: '0-1', flexible: '0+' },
  {
    timeoutMs: int32({ default: 60_000 }),
    allowReplicationFactorChange: bool({ since: 1, default: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            /** Null: stop the move that is under way. */
            replicas: array(int32(), { nullable: true, default: null }),
          }),
        ),
      }),
    ),
  },
)
export type AlterPartitionReassignmentsRequest = TypeOf<typeof AlterPartitionReassignmentsRequest>

export const AlterPartitionReassignmentsResponse = response(
  45,
  'AlterPartitionReassignmentsResponse',
  { versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool({ since: 1, default: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    responses: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type AlterPartitionReassignmentsResponse = TypeOf<typeof AlterPartitionReassignmentsResponse>
