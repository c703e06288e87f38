/**
 * Control batches: records that Kafka itself writes between the records of producers.
 *
 * A transaction ends with a marker in each of its partitions: one batch with the control bit and one record. It has an
 * offset like any other record, so consumers see a gap; applications never see the record.
 *
 *   control batch   transactional, producer id and epoch of the transaction, no sequence
 *     key           int16 0 | int16 type (0 abort, 1 commit)
 *     value         int16 0 | int32 coordinator epoch
 *
 * The quorum's control records (leader change, snapshot header, …) have no producer id. (KIP-98, KIP-595)
 */
import {
  ControlType,
  decodeControlType,
  EndTxnMarker,
  encodeControlType,
  LeaderChangeMessage,
} from '../messages/records/control-records.ts'
import { decodeValue, encodeValue } from '../messages/records/record-frame.ts'
import type { Int64 } from '../wire/int64.ts'
import type { InputOf, Message } from '../wire/schema.ts'
import { Writer } from '../wire/writer.ts'
import { buildBatch } from './batch-builder.ts'
import { readRecords } from './record.ts'

/** The end of a transaction, as in the coordinator's WriteTxnMarkers request. */
export interface EndTransaction {
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly committed: boolean
  /** Milliseconds. */
  readonly timestamp: number
}

/** The control batch that ends a transaction; the leader's log stamps offset and epoch. */
export function buildEndTxnMarker(end: EndTransaction): Uint8Array {
  const key = encodeControlType(end.committed ? ControlType.COMMIT : ControlType.ABORT)
  const value = encodeValue(EndTxnMarker, 0, { coordinatorEpoch: end.coordinatorEpoch })
  return buildBatch([{ key, value, timestamp: end.timestamp }], {
    producerId: end.producerId,
    producerEpoch: end.producerEpoch,
    transactional: true,
    control: true,
  })
}

/** The contents of the control batch at `at`: its type, and the coordinator's epoch if it ends a transaction. */
export function readControlBatch(
  bytes: Uint8Array,
  at = 0,
): { type: number; timestamp: Int64; coordinatorEpoch?: number } | undefined {
  const [record] = readRecords(bytes, at)
  // Compaction keeps an empty control batch if it is the last batch of a producer.
  if (!record?.key) return undefined
  const type = decodeControlType(record.key)
  if (type !== ControlType.ABORT && type !== ControlType.COMMIT) return { type, timestamp: record.timestamp }
  const { coordinatorEpoch } = decodeValue(EndTxnMarker, record.value ?? new Uint8Array(0))
  return { type, timestamp: record.timestamp, coordinatorEpoch }
}

/**
 * The body of a LeaderChange record, the first of a new leader in `__cluster_metadata` (KIP-595). In version 0, as Kafka
 * writes it: its tools read no other (ControlRecordUtils.LEADER_CHANGE_CURRENT_VERSION).
 */
export function encodeLeaderChange(message: InputOf<typeof LeaderChangeMessage>): Uint8Array {
  return encodeBody(LeaderChangeMessage, { ...message, version: 0 })
}

/** The body of a quorum record in version 0, which begins with its version. */
export function encodeBody<In>(message: Message<unknown, In>, value: In): Uint8Array {
  const writer = new Writer(64)
  message.encode(writer, 0, value)
  return writer.toBytes()
}

/** Quorum records, in one control batch. */
export function buildQuorumBatch(
  records: readonly { readonly type: number; readonly value: Uint8Array }[],
  options: { baseOffset: number; leaderEpoch: number; timestamp: number },
): Uint8Array {
  const { baseOffset, leaderEpoch, timestamp } = options
  const written = records.map(({ type, value }) => ({ key: encodeControlType(type), value, timestamp }))
  return buildBatch(written, { baseOffset, partitionLeaderEpoch: leaderEpoch, control: true })
}
