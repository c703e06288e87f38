/**
 * The coordinators' way to their logs: partitions of internal topics, read and written as records.
 *
 * `__consumer_offsets` and `__transaction_state` are topics like any other: they have partitions, leaders, batches,
 * offsets, and consumers may read them. What is special is who writes (the broker) and who reads first (the
 * coordinator that takes a partition over).
 *
 * I1  an append is one batch, and its coordinator hears of it when the batch is below the high watermark
 * I2  a replay gives every batch of the partition once, in order, compressed or not
 */
import type { CoordinatorHost, CoordinatorRecord, ReplayedBatch, TransactionalBatch } from '../coordinators/coordinator-host.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import type { MetadataImage } from '../controller/metadata-image.ts'
import type { Core } from '../core.ts'
import type { ReplicaManager } from '../partition/replica-manager.ts'
import { batchesOf, type BatchView } from '../record/batch.ts'
import { buildBatch } from '../record/batch-builder.ts'
import { buildEndTxnMarker, readControlRecord } from '../record/control-record.ts'
import { readRecords } from '../record/record.ts'
import { ErrorCode } from '../wire/errors.ts'

/** How much of a partition is read at a time when it is replayed, in bytes. */
const REPLAY_BYTES = 1024 * 1024
/** Consumers of the offsets topic are told that the coordinator's records are never part of an idempotent sequence. */
const NO_PRODUCER = { producerId: -1, producerEpoch: -1 }

interface Options {
  readonly core: Core
  readonly nodeId: number
  readonly replicas: ReplicaManager
  readonly metadata: () => MetadataImage
}

/** What the coordinators of one node see of it. */
export function coordinatorHost({ core, nodeId, replicas, metadata }: Options): CoordinatorHost {
  return {
    core,
    nodeId,
    partitionCount: (topic) => metadata().topic(topic)?.partitions.length,
    topicId: (topic) => metadata().topic(topic)?.id,
    topicName: (topicId) => metadata().topicById(topicId)?.name,
    topicNames: () => [...metadata().topics.keys()],
    append: (topic, index, records, transaction, done) => {
      done(append({ core, replicas }, topic, index, records, transaction))
    },
    replay: (topic, index, visit) => replay(replicas, topic, index, visit),
  }
}

function append(
  { core, replicas }: Pick<Options, 'core' | 'replicas'>,
  topic: string,
  index: number,
  records: readonly CoordinatorRecord[],
  transaction: TransactionalBatch | undefined,
): ErrorCode {
  try {
    const partition = replicas.leader(topic, index)
    const timestamp = core.clock.now()
    const batch = buildBatch(
      records.map((record) => ({ ...record, timestamp, headers: [] })),
      { ...(transaction ?? NO_PRODUCER), isTransactional: transaction !== undefined },
    )
    partition.append(batch, 'coordinator')
    replicas.moved(partition)
    return ErrorCode.NONE
  } catch (error) {
    return toCoordinatorError(replicas.errorCodeOf(error))
  }
}

/** A client of a coordinator is not told of its partition, but of what it can do: look for the coordinator again. */
function toCoordinatorError(code: ErrorCode): ErrorCode {
  switch (code) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
      return ErrorCode.COORDINATOR_NOT_AVAILABLE
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.KAFKA_STORAGE_ERROR:
      return ErrorCode.NOT_COORDINATOR
    default:
      return code
  }
}

function replay(replicas: ReplicaManager, topic: string, index: number, visit: (batch: ReplayedBatch) => void): void {
  const { log } = replicas.leader(topic, index)
  let offset = log.logStartOffset
  while (offset < log.logEndOffset) {
    const { bytes, nextOffset } = log.read(offset, { maxBytes: REPLAY_BYTES, minOneBatch: true, upTo: log.logEndOffset })
    if (bytes.length === 0) return
    for (const batch of batchesOf(bytes)) visit(replayed(batch))
    offset = nextOffset
  }
}

function replayed(batch: BatchView): ReplayedBatch {
  const { producerId, producerEpoch } = batch
  const producer = { producerId, producerEpoch }
  if (batch.isControl) {
    return { kind: 'end of transaction', producer, committed: readControlRecord(batch).type === 'COMMIT' }
  }
  const records = [...readRecords(batch)].map(({ key, value }) => ({ key: key!, value }))
  const transaction = batch.isTransactional ? { producer } : {}
  return { kind: 'records', records, timestamp: batch.maxTimestamp, ...transaction }
}

/** Writes the marker of a transaction to a partition that this node leads, and tells `onOffsets` of its offsets. */
export function markerWriter(
  { core, replicas }: Pick<Options, 'core' | 'replicas'>,
  onOffsets: (index: number, producerId: number, producerEpoch: number, committed: boolean) => void,
): WriteMarker {
  return ({ topic, index }, marker, done) => {
    let error: ErrorCode = ErrorCode.NONE
    try {
      const partition = replicas.leader(topic, index)
      const { producerId, producerEpoch, commit, coordinatorEpoch, transactionVersion } = marker
      const timestamp = core.clock.now()
      const batch = buildEndTxnMarker({ producerId, producerEpoch, commit, coordinatorEpoch, timestamp })
      partition.append(batch, 'coordinator', transactionVersion)
      if (topic === '__consumer_offsets') onOffsets(index, producerId, producerEpoch, commit)
      replicas.moved(partition)
    } catch (thrown) {
      error = replicas.errorCodeOf(thrown)
    }
    done(error)
  }
}
