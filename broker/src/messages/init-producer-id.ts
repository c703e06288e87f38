/**
 * InitProducerId (key 22): who am I?
 *
 * The first request of an idempotent producer, to any broker, and of a transactional one, to the coordinator
 * of its transactional id. The answer is a producer id and an epoch. For a transactional id the epoch is one
 * higher than the last one given out: an older instance is a zombie from now on, and its open transaction
 * is aborted before the answer. (KIP-98)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  the id and epoch that the producer has, to go on with after an error (KIP-360)
 *   4  PRODUCER_FENCED is understood (KIP-588)
 *   5  TRANSACTION_ABORTABLE is understood (KIP-890)
 *   6  two-phase commit: keep a prepared transaction (KIP-939); unstable, so not advertised
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
