/**
 * What the transaction coordinator writes down in __transaction_state: a record for each transactional id.
 *
 *   key    int16 type 0 | transactional id
 *   value  int16 version | producer id, epoch, timeout, state, the partitions that take part, two times
 *
 * The topic is compacted; the newest value says what a new coordinator must do. A transaction that is
 * prepared (2 or 3 below) is finished by it, whatever happens: the decision is this record, not the markers.
 *
 *   state  0 empty  1 ongoing  2 prepare commit  3 prepare abort  4 complete commit  5 complete abort
 *          6 dead   7 prepare epoch fence
 *
 * Version 1 is flexible (KIP-915). Its tagged fields belong to KIP-890's second part, by which the epoch
 * rises with every transaction: the ids before and after a bump, and the version that the client speaks.
 * Kafka 4.3 writes version 1.
 */
import { array, int8, int16, int32, int64, record, string, struct, type TypeOf } from '../../wire/schema.ts'

export const TransactionLogKey = record(
  0,
  'TransactionLogKey',
  { versions: '0', flexible: 'none' },
  { transactionalId: string() },
)
export type TransactionLogKey = TypeOf<typeof TransactionLogKey>

export const TransactionLogValue = record(
  0,
  'TransactionLogValue',
  { versions: '0-1', flexible: '1+' },
  {
    producerId: int64(),
    previousProducerId: int64({ since: 1, default: -1, tag: 0 }),
    /** Differs from the producer id only while a transaction is prepared and its epochs are used up. */
    nextProducerId: int64({ since: 1, default: -1, tag: 1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ since: 1, default: -1, tag: 3 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array(struct({ topic: string(), partitionIds: array(int32()) }), {
      nullable: true,
    }),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ since: 1, tag: 2 }),
  },
)
export type TransactionLogValue = TypeOf<typeof TransactionLogValue>
