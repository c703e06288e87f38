/**
 * ElectLeaders (API key 43).
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const ElectLeadersRequest = request(
  43,
  'ElectLeadersRequest',
  { versions: '0-2', flexible: '2+' },
  {
    electionType: int8({ since: 1 }),
    topicPartitions: array(struct({ topic: string(), partitions: array(int32()) }), { nullable: true }),
    timeoutMs: int32({ default: 60000 }),
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
