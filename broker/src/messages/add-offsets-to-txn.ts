/**
 * AddOffsetsToTxn (API key 25).
 */
import { int16, int32, int64, request, response, string, type TypeOf } from '../wire/schema.ts'

export const AddOffsetsToTxnRequest = request(
  25,
  'AddOffsetsToTxnRequest',
  { versions: '0-4', flexible: '3+' },
  {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
)
export type AddOffsetsToTxnRequest = TypeOf<typeof AddOffsetsToTxnRequest>

export const AddOffsetsToTxnResponse = response(
  25,
  'AddOffsetsToTxnResponse',
  { versions: '0-4', flexible: '3+' },
  { throttleTimeMs: int32(), errorCode: int16() },
)
export type AddOffsetsToTxnResponse = TypeOf<typeof AddOffsetsToTxnResponse>
