/**
 * EndTxn (key 26): commit, or abort.
 *
 * From producers to their transaction's coordinator. It writes down the decision, answers, and then sees to
 * it that a marker gets into every partition that took part (WriteTxnMarkers). (KIP-98)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  PRODUCER_FENCED is understood (KIP-588)
 *   3  flexible
 *   4  TRANSACTION_ABORTABLE is understood (KIP-890)
 *   5  transaction version 2: every transaction ends with a new epoch, which the answer brings (KIP-890)
 */
import { bool, int16, int32, int64, request, response, string, type TypeOf } from '../wire/schema.ts'

export const EndTxnRequest = request(
  26,
  'EndTxnRequest',
  { versions: '0-5', flexible: '3+' },
  {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  },
)
export type EndTxnRequest = TypeOf<typeof EndTxnRequest>

export const EndTxnResponse = response(
  26,
  'EndTxnResponse',
  { versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    /** A new one when the epochs of the old one are used up. */
    producerId: int64({ since: 5, default: -1 }),
    producerEpoch: int16({ since: 5, default: -1 }),
  },
)
export type EndTxnResponse = TypeOf<typeof EndTxnResponse>
