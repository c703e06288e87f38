/**
 * How coordinators read and write their logs, which are partitions of internal topics.
 *
 * `__consumer_offsets` and `__transaction_state` are ordinary topics: they have partitions, leaders, batches and offsets,
 * and consumers may read them. Two things are special: only the broker writes to them, and a coordinator replays a
 * partition when this node becomes its leader.
 *
 * COORDINATOR-LOGS-1  the callback of an append runs when the batch is below the high watermark, or with the error
 *     that prevented the append
 * COORDINATOR-LOGS-2  a replay visits every batch of the partition once, in offset order, compressed or not
 */

import type { BrokerConfig } from '../config/broker-config.ts'
import { withinBounds } from '../config/checks/group-checks.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type {
  CoordinatorHost,
  CoordinatorRecord,
  ReplayedBatch,
  TransactionalBatch,
} from '../coordinators/coordinator-host.ts'
import type { Expressions } from '../coordinators/expressions.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import type { Core } from '../core.ts'
import { ControlType } from '../messages/records/control-records.ts'
import type { ReplicaManager } from '../partition/replica-manager.ts'
import { isControl, isTransactional, readBatchHeader } from '../record/batch.ts'
import { buildBatch } from '../record/batch-builder.ts'
import type { Codecs } from '../record/compression.ts'
import { readControlBatch } from '../record/control-record.ts'
import { eachRecord } from '../record/record.ts'
import { OFFSETS_TOPIC } from '../topic-names.ts'
import type { Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { nearestNumber } from '../wire/int64.ts'

interface Options {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  readonly replicas: ReplicaManager
  readonly metadata: () => MetadataImage
  /** Apache Kafka may be configured to compress coordinators' records; a data folder may hold such batches. */
  readonly codecs: Codecs
  readonly turns: Turns
  readonly expressions: Expressions
}

/** The view that the coordinators of one node have of their host. */
export function coordinatorHost(options: Options): CoordinatorHost {
  const { core, config, nodeId, replicas, metadata, codecs, turns, expressions } = options
  return {
    core,
    nodeId,
    turns,
    expressions,
    partitionCount: (topic) => metadata().topic(topic)?.partitions.length,
    partitionRacks: (topic) =>
      (metadata().topic(topic)?.partitions ?? []).map(({ replicas: ids }) =>
        ids.flatMap((id) => metadata().brokers.get(id)?.rack ?? []),
      ),
    topicId: (topic) => metadata().topic(topic)?.id,
    topicName: (topicId) => metadata().topicById(topicId)?.name,
    topicNames: () => [...metadata().topics.keys()],
    groupSettings: (groupId) => {
      const own = metadata().configs.get(`group:${groupId}`)
      return own && withinBounds(own, config)
    },
    append: (topic, index, records, transaction, done) => {
      done(append({ core, replicas }, topic, index, records, transaction))
    },
    replay: (topic, index, visit) => replay(replicas, topic, index, codecs, visit),
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
      records.map((record) => ({ ...record, timestamp })),
      { ...transaction, transactional: transaction !== undefined },
    )
    partition.append(batch, 'coordinator')
    replicas.moved(partition)
    return ErrorCode.NONE
  } catch (error) {
    return toCoordinatorError(replicas.errorCodeOf(error))
  }
}

/** Clients of a coordinator do not know its partition. They get the error that makes them look up the coordinator again. */
function toCoordinatorError(code: ErrorCode): ErrorCode {
  switch (code) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
      return ErrorCode.COORDINATOR_NOT_AVAILABLE
    case ErrorCode.NOT_LEADER_OR_FOLLOWER:
    case ErrorCode.KAFKA_STORAGE_ERROR:
      return ErrorCode.NOT_COORDINATOR
    case ErrorCode.MESSAGE_TOO_LARGE:
    case ErrorCode.RECORD_LIST_TOO_LARGE:
      return ErrorCode.UNKNOWN_SERVER_ERROR
    default:
      return code
  }
}

function replay(
  replicas: ReplicaManager,
  topic: string,
  index: number,
  codecs: Codecs,
  visit: (batch: ReplayedBatch) => void,
): void {
  const { log } = replicas.leader(topic, index)
  log.visitSound(log.logStartOffset, (bytes, at) => {
    const batch = replayed(bytes, at, codecs)
    if (batch) visit(batch)
  })
}

/** The batch at `at`, or undefined if compaction has removed all its records. */
function replayed(bytes: Uint8Array, at: number, codecs: Codecs): ReplayedBatch | undefined {
  const header = readBatchHeader(bytes, at)
  const producer = { producerId: header.producerId, producerEpoch: header.producerEpoch }
  if (isControl(header)) {
    const control = readControlBatch(bytes, at)
    return control && { kind: 'end of transaction', producer, committed: control.type === ControlType.COMMIT }
  }
  const records = recordsToKeep(bytes, at, codecs)
  const transaction = isTransactional(header) ? { producer } : {}
  return { kind: 'records', records, timestamp: nearestNumber(header.maxTimestamp), ...transaction }
}

/** Coordinators keep the records that they read, so bytes in reused memory are copied. */
function* recordsToKeep(bytes: Uint8Array, at: number, codecs: Codecs): Generator<CoordinatorRecord> {
  for (const { key, value } of eachRecord(bytes, at, codecs))
    yield { key: key?.slice() ?? new Uint8Array(0), value: value?.slice() ?? null }
}

/** Writes a transaction marker to a partition that this node leads. `onOffsets` is called if it is a partition of offsets. */
export function markerWriter(
  { core, replicas }: Pick<Options, 'core' | 'replicas'>,
  onOffsets: (index: number, producerId: Int64, producerEpoch: number, committed: boolean) => void,
): WriteMarker {
  return ({ topic, index }, marker, done) => {
    let error: ErrorCode = ErrorCode.NONE
    try {
      const partition = replicas.leader(topic, index)
      const { producerId, producerEpoch, commit, coordinatorEpoch, transactionVersion } = marker
      const timestamp = core.clock.now()
      const end = { producerId, producerEpoch, coordinatorEpoch, committed: commit, timestamp }
      partition.appendEndTxnMarker(end, transactionVersion)
      if (topic === OFFSETS_TOPIC) onOffsets(index, producerId, producerEpoch, commit)
      replicas.moved(partition)
    } catch (thrown) {
      error = replicas.errorCodeOf(thrown)
    }
    done(error)
  }
}
