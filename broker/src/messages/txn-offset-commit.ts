/**
 * TxnOffsetCommit (key 28): these offsets count if my transaction does.
 *
 * From producers to the coordinator of the group (not of the transaction). The offsets are stored at once but
 * stay pending until the transaction's marker comes. With them, "read, process, write" happens once. (KIP-98)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  leader epoch (KIP-320)
 *   3  flexible; member id, instance id and generation: a consumer that was replaced is fenced (KIP-447)
 *   4  TRANSACTION_ABORTABLE is understood (KIP-890)
 *   5  no change on the wire: the group becomes part of the transaction without AddOffsetsToTxn (KIP-890)
 */
import { array, int16, int32, int64, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const TxnOffsetCommitRequest = request(
  28,
  'TxnOffsetCommitRequest',
  { versions: '0-5', flexible: '3+' },
  {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32({ since: 3, default: -1 }),
    memberId: string({ since: 3 }),
    groupInstanceId: string({ since: 3, nullable: true, default: null }),
    topics: array(
      struct({
        name: string(),
        partitions: array(
          struct({
            partitionIndex: int32(),
            committedOffset: int64(),
            committedLeaderEpoch: int32({ since: 2, default: -1 }),
            committedMetadata: string({ nullable: true }),
          }),
        ),
      }),
    ),
  },
)
export type TxnOffsetCommitRequest = TypeOf<typeof TxnOffsetCommitRequest>

export const TxnOffsetCommitResponse = response(
  28,
  'TxnOffsetCommitResponse',
  { versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    topics: array(
      struct({
        name: string(),
        partitions: array(struct({ partitionIndex: int32(), errorCode: int16() })),
      }),
    ),
  },
)
export type TxnOffsetCommitResponse = TypeOf<typeof TxnOffsetCommitResponse>
