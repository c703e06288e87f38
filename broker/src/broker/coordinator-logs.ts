/**
 * How coordinators read and write their logs, which are partitions of internal topics.
 *
 * `__consumer_offsets` and `__transaction_state` are ordinary topics: they have partitions, leaders, batches and offsets,
 * and consumers may read them. Two things are special: only the broker writes to them, and a coordinator replays a
 * partition when this node becomes its leader.
 *
 * COORDINATOR-LOGS-1  an append that failed has written nothing; a batch is committed when it is below the high watermark,
 *     while this node still leads
 * COORDINATOR-LOGS-2  a replay visits every record of the partition once, in offset order, compressed or not, in turns
 * COORDINATOR-LOGS-3  a record of more than RECORD_BYTES_MAX ends the replay. By default a whole batch of a coordinator has at
 *     most a megabyte; and what is decoded of a hostile one may take fifty times its bytes
 */

import type { BrokerConfig } from '../config/broker-config.ts'
import { withinBounds } from '../config/checks/group-checks.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type {
  Appended,
  CoordinatorHost,
  CoordinatorRecord,
  ReplayedEntry,
  TransactionalBatch,
} from '../coordinators/coordinator-host.ts'
import type { Expressions } from '../coordinators/expressions.ts'
import type { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import type { WriteMarker } from '../coordinators/transaction/transaction-markers.ts'
import type { Core } from '../core.ts'
import { ControlType } from '../messages/records/control-records.ts'
import { isControl, isTransactional, readBatchHeader } from '../record/batch.ts'
import { buildBatch } from '../record/batch-builder.ts'
import type { Codecs } from '../record/compression.ts'
import { readControlBatch } from '../record/control-record.ts'
import { recordCursor } from '../record/record.ts'
import type { RecordCursor } from '../record/record-cursor.ts'
import type { ReplicaManager } from '../replica/replica-manager.ts'
import { OFFSETS_TOPIC, partitionKey } from '../topic-names.ts'
import type { Steps, Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'

/** The largest record of a coordinator, in bytes; more if max.message.bytes of its topic is larger (COORDINATOR-LOGS-3). */
const RECORD_BYTES_MAX = 8 * 1_048_576

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
    append: (topic, index, records, transaction) => {
      const { error, endOffset } = append({ core, replicas }, topic, index, records, transaction)
      return { error: toCoordinatorError(error), endOffset }
    },
    whenCommitted: (topic, index, offset, timeoutMs, done) =>
      whenCommitted(replicas, { topic, index }, offset, timeoutMs, (error) =>
        done(toCoordinatorError(error)),
      ),
    replay: (topic, index, visit) => replay({ replicas, codecs, turns }, topic, index, visit),
  }
}

function append(
  { core, replicas }: Pick<Options, 'core' | 'replicas'>,
  topic: string,
  index: number,
  records: readonly CoordinatorRecord[],
  transaction: TransactionalBatch | undefined,
): Appended {
  try {
    const partition = replicas.leader(topic, index)
    const timestamp = core.clock.now()
    const batch = buildBatch(
      records.map((record) => ({ ...record, timestamp })),
      { ...transaction, transactional: transaction !== undefined },
    )
    const { lastOffset } = partition.append(batch, 'coordinator')
    replicas.moved(partition)
    return { error: ErrorCode.NONE, endOffset: lastOffset + 1 }
  } catch (error) {
    return { error: replicas.errorCodeOf(error), endOffset: -1 }
  }
}

/** Calls `done` when all records of a partition below `offset` are committed (CoordinatorHost.whenCommitted), with Kafka's own errors. */
function whenCommitted(
  replicas: ReplicaManager,
  { topic, index }: { readonly topic: string; readonly index: number },
  offset: number,
  timeoutMs: number,
  done: (error: ErrorCode) => void,
): () => void {
  const led = replicas.find(topic, index)
  if (led && led.log.highWatermark >= offset) {
    done(ErrorCode.NONE)
    return () => {}
  }
  const tryComplete = (): boolean => {
    const lost = led === undefined || replicas.find(topic, index) !== led
    if (!lost && led.log.highWatermark < offset) return false
    done(lost ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE)
    return true
  }
  const expire = (): void => done(ErrorCode.REQUEST_TIMED_OUT)
  const waiting = { tryComplete, tryCompleteFor: tryComplete, expire }
  return replicas.purgatory.tryCompleteElseWatch(waiting, [partitionKey(topic, index)], timeoutMs)
}

/** Clients of a coordinator do not know its partition. They get the error that makes them look up the coordinator again. */
function toCoordinatorError(code: ErrorCode): ErrorCode {
  switch (code) {
    case ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
    case ErrorCode.NOT_ENOUGH_REPLICAS:
    case ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case ErrorCode.REQUEST_TIMED_OUT:
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

function* replay(
  { replicas, codecs, turns }: Pick<Options, 'replicas' | 'codecs' | 'turns'>,
  topic: string,
  index: number,
  visit: (entry: ReplayedEntry) => void,
): Steps<number> {
  const { log } = replicas.leader(topic, index)
  const recordBytesMax = Math.max(RECORD_BYTES_MAX, log.settings.maxMessageBytes)
  yield* log.visitSound(log.logStartOffset, function* (bytes, at) {
    const header = readBatchHeader(bytes, at)
    const producer = { producerId: header.producerId, producerEpoch: header.producerEpoch }
    if (isControl(header)) {
      const control = readControlBatch(bytes, at)
      // Undefined: compaction has removed the marker.
      if (control)
        visit({ kind: 'end of transaction', producer, committed: control.type === ControlType.COMMIT })
      return
    }
    const ofTransaction = isTransactional(header) ? producer : undefined
    const cursor = recordCursor(bytes, at, header, codecs)
    try {
      for (let progress = cursor.next(); progress !== 'end'; progress = cursor.next()) {
        if (progress === 'record')
          visit({ kind: 'record', record: recordToKeep(cursor, recordBytesMax), producer: ofTransaction })
        if (turns.isOver) yield
      }
    } finally {
      cursor.close()
    }
  })
  return log.logEndOffset
}

/** Coordinators keep the records that they read, so bytes in reused memory are copied (COORDINATOR-LOGS-3). */
function recordToKeep({ key, value }: RecordCursor, bytesMax: number): CoordinatorRecord {
  const bytes = (key?.length ?? 0) + (value?.length ?? 0)
  if (bytes > bytesMax) throw new Error(`a record of ${bytes} bytes is too large for a coordinator`)
  return { key: key?.slice() ?? new Uint8Array(0), value: value?.slice() ?? null }
}

/**
 * Writes a transaction marker to a partition that this node leads; answers when the marker is committed. In a partition of
 * offsets the marker also ends the transaction for the group coordinator, which must be able to apply it: while its
 * partition is being loaded the marker is refused, and the sender tries again.
 */
export function markerWriter(
  { core, replicas }: Pick<Options, 'core' | 'replicas'>,
  groups: Pick<GroupCoordinator, 'completeTransaction'>,
  timeoutMs: () => number,
): WriteMarker {
  return ({ topic, index }, marker, done) => {
    const { producerId, producerEpoch, commit, coordinatorEpoch, transactionVersion } = marker
    const write = (): Appended => {
      try {
        const partition = replicas.leader(topic, index)
        const timestamp = core.clock.now()
        const end = { producerId, producerEpoch, coordinatorEpoch, committed: commit, timestamp }
        const { lastOffset } = partition.appendEndTxnMarker(end, transactionVersion)
        replicas.moved(partition)
        return { error: ErrorCode.NONE, endOffset: lastOffset + 1 }
      } catch (thrown) {
        return { error: replicas.errorCodeOf(thrown), endOffset: -1 }
      }
    }
    if (topic === OFFSETS_TOPIC && replicas.find(topic, index)) {
      const ended = { producerId, committed: commit }
      return groups.completeTransaction(index, ended, write, timeoutMs(), (error) =>
        done(toMarkerError(error)),
      )
    }
    const { error, endOffset } = write()
    if (error !== ErrorCode.NONE) return done(error)
    whenCommitted(replicas, { topic, index }, endOffset, timeoutMs(), done)
  }
}

/** A transaction coordinator does not expect the errors of a coordinator: it tries again after this one. (KafkaApis) */
function toMarkerError(error: ErrorCode): ErrorCode {
  switch (error) {
    case ErrorCode.COORDINATOR_NOT_AVAILABLE:
    case ErrorCode.COORDINATOR_LOAD_IN_PROGRESS:
    case ErrorCode.NOT_COORDINATOR:
      return ErrorCode.NOT_LEADER_OR_FOLLOWER
    default:
      return error
  }
}
