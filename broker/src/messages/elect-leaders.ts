/**
 * ElectLeaders (key 43): choose the leaders of these partitions anew.
 *
 * From admin clients, passed on to the controller. Preferred: the first replica of the list becomes leader
 * again, which spreads the load after a restart. Unclean: somebody leads although no replica in sync is
 * alive, and records are lost. (KIP-183)
 *
 *   1  unclean elections (KIP-460); an error for the whole answer
 *   2  flexible
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ElectLeadersRequest = request(
  43,
  'ElectLeadersRequest',
  { versions: '0-2', flexible: '2+' },
  {
    /** 0 preferred, 1 unclean. */
    electionType: int8({ since: 1 }),
    /** Null: all partitions. */
    topicPartitions: array(struct({ topic: string(), partitions: array(int32()) }), { nullable: true }),
    timeoutMs: int32({ default: 60_000 }),
  },
)
export type ElectLeadersRequest = TypeOf<typeof ElectLeadersRequest>

export const ElectLeadersResponse = response(
  43,
  'ElectLeadersResponse',
  { versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 1 }),
    replicaElectionResults: array(
      struct({
        topic: string(),
        partitionResult: array(
          struct({
            partitionId: int32(),
            errorCode: int16(),
            errorMessage: string({ nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type ElectLeadersResponse = TypeOf<typeof ElectLeadersResponse>
