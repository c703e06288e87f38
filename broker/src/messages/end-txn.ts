/**
 * EndTxn (API key 26).
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
    producerId: int64({ since: 5, default: -1 }),
    producerEpoch: int16({ since: 5, default: -1 }),
  },
)
export type EndTxnResponse = TypeOf<typeof EndTxnResponse>
