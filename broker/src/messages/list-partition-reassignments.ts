/**
 * ListPartitionReassignments (key 46): which partitions are moving?
 *
 * From admin clients, passed on to the controller. A moving partition has replicas that are being added or
 * removed besides those it keeps. (KIP-455)
 */
import { array, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ListPartitionReassignmentsRequest = request(
  46,
  'ListPartitionReassignmentsRequest',
  { versions: '0', flexible: '0+' },
  {
    timeoutMs: int32({ default: 60_000 }),
    /** Null: all topics. */
    topics: array(struct({ name: string(), partitionIndexes: array(int32()) }), {
      nullable: true,
      default: null,
    }),
  },
)
export type ListPartitionReassignmentsRequest = TypeOf<typeof ListPartitionReassignmentsRequest>

export const ListPartitionReassignmentsResponse = response(
  46,
  'ListPartitionReassignmentsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            replicas: array(int32()),
            addingReplicas: array(int32()),
            removingReplicas: array(int32()),
          }),
        ),
      }),
    ),
  },
)
export type ListPartitionReassignmentsResponse = TypeOf<typeof ListPartitionReassignmentsResponse>
