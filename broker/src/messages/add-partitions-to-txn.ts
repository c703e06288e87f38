/**
 * AddPartitionsToTxn (key 24): these partitions take part in my transaction.
 *
 * From producers to their transaction's coordinator, before the first record for a partition: only what the
 * coordinator has written down can be ended when the producer dies. (KIP-98)
 *
 * Since KIP-890 brokers send it too, as a question: before a leader appends the first batch of a transaction,
 * it asks the coordinator whether the partition is part of it, and so keeps out a late batch that would hang
 * there for ever. With transaction version 2 the same call adds the partition, and producers no longer send
 * any of this.
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  PRODUCER_FENCED is understood (KIP-588)
 *   3  flexible; the last one for producers
 *   4  for brokers: several transactions at once, verify only (KIP-890)
 *   5  TRANSACTION_ABORTABLE is understood (KIP-890)
 */
import {
  array,
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

const addPartitionsToTxnTopic = { name: string(), partitions: array(int32()) }

export const AddPartitionsToTxnRequest = request(
  24,
  'AddPartitionsToTxnRequest',
  { versions: '0-5', flexible: '3+' },
  {
    transactions: array(
      struct({
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: bool(),
        topics: array(struct(addPartitionsToTxnTopic)),
      }),
      { since: 4 },
    ),
    v3AndBelowTransactionalId: string({ until: 3 }),
    v3AndBelowProducerId: int64({ until: 3 }),
    v3AndBelowProducerEpoch: int16({ until: 3 }),
    v3AndBelowTopics: array(struct(addPartitionsToTxnTopic), { until: 3 }),
  },
)
export type AddPartitionsToTxnRequest = TypeOf<typeof AddPartitionsToTxnRequest>

const addPartitionsToTxnPartitionResult = { partitionIndex: int32(), partitionErrorCode: int16() }

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: array(struct(addPartitionsToTxnPartitionResult)),
}

export const AddPartitionsToTxnResponse = response(
  24,
  'AddPartitionsToTxnResponse',
  { versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16({ since: 4 }),
    resultsByTransaction: array(
      struct({
        transactionalId: string(),
        topicResults: array(struct(addPartitionsToTxnTopicResult)),
      }),
      { since: 4 },
    ),
    resultsByTopicV3AndBelow: array(struct(addPartitionsToTxnTopicResult), { until: 3 }),
  },
)
export type AddPartitionsToTxnResponse = TypeOf<typeof AddPartitionsToTxnResponse>
