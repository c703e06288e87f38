/**
 * InitProducerId (API key 22).
 */
import { bool, int16, int32, int64, request, response, string, type TypeOf } from '../wire/schema.ts'

export const InitProducerIdRequest = request(
  22,
  'InitProducerIdRequest',
  { versions: '0-6', flexible: '2+', latestUnstable: true },
  {
    transactionalId: string({ nullable: true }),
    transactionTimeoutMs: int32(),
    producerId: int64({ since: 3, default: -1 }),
    producerEpoch: int16({ since: 3, default: -1 }),
    enable2Pc: bool({ since: 6 }),
    keepPreparedTxn: bool({ since: 6 }),
  },
)
export type InitProducerIdRequest = TypeOf<typeof InitProducerIdRequest>

export const InitProducerIdResponse = response(
  22,
  'InitProducerIdResponse',
  { versions: '0-6', flexible: '2+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1 }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ since: 6, default: -1 }),
    ongoingTxnProducerEpoch: int16({ since: 6, default: -1 }),
  },
)
export type InitProducerIdResponse = TypeOf<typeof InitProducerIdResponse>
