/**
 * AllocateProducerIds (key 67): a block of producer ids, please.
 *
 * From brokers to the active controller. A block of 1000 is written down as used before it is handed out, so
 * that no id is ever given twice; what a broker does not use of it is lost. (KIP-730)
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
