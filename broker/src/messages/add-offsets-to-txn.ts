/**
 * AddOffsetsToTxn (key 25): my transaction commits offsets of this group.
 *
 * From producers to their transaction's coordinator: the group's partition of __consumer_offsets becomes part
 * of the transaction. TxnOffsetCommit brings the offsets afterwards. (KIP-98)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  PRODUCER_FENCED is understood (KIP-588)
 *   3  flexible
 *   4  TRANSACTION_ABORTABLE is understood (KIP-890)
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
