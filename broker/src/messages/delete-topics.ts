/**
 * DeleteTopics (key 20): remove these topics.
 *
 * From admin clients, passed on to the controller. The answer comes when the metadata says so; brokers remove
 * the files later. A topic of the same name made afterwards has another id.
 *
 *   1  the first in use: throttle time
 *   2  a throttled client is answered first (KIP-219)
 *   3  TOPIC_DELETION_DISABLED is understood
 *   4  flexible
 *   5  error messages; THROTTLING_QUOTA_EXCEEDED is understood (KIP-599)
 *   6  topics by name or by id (KIP-516)
 */
import { array, int16, int32, request, response, string, struct, type TypeOf, uuid } from '../wire/schema.ts'

export const DeleteTopicsRequest = request(
  20,
  'DeleteTopicsRequest',
  { versions: '1-6', flexible: '4+' },
  {
    topics: array(struct({ name: string({ nullable: true, default: null }), topicId: uuid() }), { since: 6 }),
    topicNames: array(string(), { until: 5 }),
    timeoutMs: int32(),
  },
)
export type DeleteTopicsRequest = TypeOf<typeof DeleteTopicsRequest>

export const DeleteTopicsResponse = response(
  20,
  'DeleteTopicsResponse',
  { versions: '1-6', flexible: '4+' },
  {
    throttleTimeMs: int32(),
    responses: array(
      struct({
        name: string({ nullable: 6 }),
        topicId: uuid({ since: 6 }),
        errorCode: int16(),
        errorMessage: string({ since: 5, nullable: true, default: null }),
      }),
    ),
  },
)
export type DeleteTopicsResponse = TypeOf<typeof DeleteTopicsResponse>
