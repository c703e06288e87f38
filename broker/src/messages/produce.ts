/**
 * Produce (key 0): append these record batches.
 *
 * Sent by producers to the leader of each partition. `acks` says who must have the batches before the answer
 * is sent: 0 nobody (there is no answer at all), 1 the leader, -1 all in-sync replicas. The batches are
 * stored as they come; only base offset and leader epoch are filled in (record/).
 *
 *   3   the first that is accepted: batches of format 2, transactional id (KIP-98)
 *   4   KAFKA_STORAGE_ERROR is understood (KIP-112)
 *   5   the answer tells where the log starts, so that a producer can tell lost state from lost data
 *   6   a throttled client is answered first (KIP-219)
 *   7   zstd (KIP-110)
 *   8   which records of a refused batch are at fault (KIP-467)
 *   9   flexible
 *   10  who leads now, when it is not this broker (KIP-951)
 *   11  TRANSACTION_ABORTABLE is understood (KIP-890)
 *   12  no change on the wire: a transaction's batches add their partition to it by themselves (KIP-890)
 *   13  topics by id, no longer by name (KIP-516)
 *
 * Versions 0 to 2 carried message formats that are gone. A broker lists them all the same, because librdkafka
 * before 2.11.1 turns compression off when they are missing (KAFKA-18659), and refuses them.
 */
import {
  array,
  int16,
  int32,
  int64,
  records,
  request,
  response,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../wire/schema.ts'

export const ProduceRequest = request(
  0,
  'ProduceRequest',
  { versions: '3-13', flexible: '9+' },
  {
    transactionalId: string({ nullable: true, default: null }),
    /** 0 none, 1 the leader, -1 all in-sync replicas. */
    acks: int16(),
    /** How long the broker may wait for the other replicas. */
    timeoutMs: int32(),
    topicData: array(
      struct({
        name: string({ until: 12 }),
        topicId: uuid({ since: 13 }),
        partitionData: array(struct({ index: int32(), records: records({ nullable: true }) })),
      }),
    ),
  },
)
export type ProduceRequest = TypeOf<typeof ProduceRequest>

export const ProduceResponse = response(
  0,
  'ProduceResponse',
  { versions: '3-13', flexible: '9+' },
  {
    responses: array(
      struct({
        name: string({ until: 12 }),
        topicId: uuid({ since: 13 }),
        partitionResponses: array(
          struct({
            index: int32(),
            errorCode: int16(),
            baseOffset: int64(),
            /** -1 unless the topic has message.timestamp.type=LogAppendTime. */
            logAppendTimeMs: int64({ default: -1 }),
            logStartOffset: int64({ since: 5, default: -1 }),
            recordErrors: array(
              struct({
                batchIndex: int32(),
                batchIndexErrorMessage: string({ nullable: true, default: null }),
              }),
              { since: 8 },
            ),
            errorMessage: string({ since: 8, nullable: true, default: null }),
            currentLeader: struct(
              { leaderId: int32({ default: -1 }), leaderEpoch: int32({ default: -1 }) },
              { since: 10, tag: 0 },
            ),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32(),
    nodeEndpoints: array(
      struct({
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: true, default: null }),
      }),
      { since: 10, tag: 0 },
    ),
  },
)
export type ProduceResponse = TypeOf<typeof ProduceResponse>
