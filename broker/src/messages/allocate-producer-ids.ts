/**
 * AllocateProducerIds (API key 67).
 */
import { int16, int32, int64, request, response, type TypeOf } from '../wire/schema.ts'

export const AllocateProducerIdsRequest = request(
  67,
  'AllocateProducerIdsRequest',
  { versions: '0', flexible: '0+' },
  { brokerId: int32(), brokerEpoch: int64({ default: -1 }) },
)
export type AllocateProducerIdsRequest = TypeOf<typeof AllocateProducerIdsRequest>

export const AllocateProducerIdsResponse = response(
  67,
  'AllocateProducerIdsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
)
export type AllocateProducerIdsResponse = TypeOf<typeof AllocateProducerIdsResponse>
