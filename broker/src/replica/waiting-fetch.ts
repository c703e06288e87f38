/**
 * A delayed Fetch: Kafka's long poll.
 *
 * A consumer that has read everything sends the next Fetch at once. Instead of responding "nothing" a thousand times per
 * second, the broker delays the request until `minBytes` of records are available or `maxWaitMs` have passed. So an idle
 * consumer costs two requests per second, and a new record reaches a waiting consumer without delay.
 *
 *   fetch --read--> enough bytes, an error, or maxWaitMs 0? --> respond
 *                   otherwise wait in the purgatory under the keys of all requested partitions
 *                       a produce to one of them --> read that one --> enough? --> read all --> respond
 *                       maxWaitMs have passed    ----------------------------> read all --> respond
 *
 * Reading has three limits: the bytes per partition, the bytes of the response, and the first batch, which is returned
 * whole even if it exceeds both; otherwise a consumer could never read it (KIP-74).
 *
 * WAITING-FETCH-1  an error in any partition completes the request at once
 * WAITING-FETCH-2  only records below the high watermark are returned, or below the last stable offset for
 *     read_committed
 * WAITING-FETCH-3  partitions are read in the order of the request, so that a client can rotate them for fairness
 * WAITING-FETCH-4  an append to a partition costs each delayed Fetch one read of this partition, however many partitions
 *     it requests
 * WAITING-FETCH-5  a follower reads up to the log end, whatever is committed. Its Fetch tells the leader how far its log
 *     reaches (leader-state.ts): once, when it arrives, and only if the follower is in the same leader epoch, is one of the
 *     replicas, and does not have to truncate
 * WAITING-FETCH-6  a consumer may read from a follower: what it reads is below the high watermark that the follower knows, which
 *     is never above the leader's (KIP-392)
 *
 * (kafka.server.DelayedFetch)
 */
import { partitionKey } from '../topic-names.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { FetchedPartition, FetchTarget } from './fetched.ts'
import type { IsolationLevel, Partition } from './partition.ts'
import type { ReplicaManager } from './replica-manager.ts'

export interface FetchParams {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: IsolationLevel
  /** The broker that fetches as a follower; undefined for a consumer. */
  readonly follower?: Follower | undefined
  /** Whether this node may answer as a follower too: a consumer since Fetch v11 (KIP-392). */
  readonly fromAnyReplica?: boolean
}

export interface Follower {
  readonly id: number
  /** The broker epoch of its registration, -1 if the request has none. */
  readonly brokerEpoch: number
}

const NO_RECORDS = new Uint8Array(0)
/** The client does not know the leader epoch. Fetch treats all values below 0 like this. */
const NO_EPOCH = -1
/** Errors of partitions that do not exist. */
export const UNKNOWN_PARTITION_ERRORS: readonly number[] = [
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
]

/** Reads all `targets`, delayed as described above. `done` gets one result per target, in order. Returns a function that cancels. */
export function fetch(
  replicas: ReplicaManager,
  params: FetchParams,
  targets: readonly FetchTarget[],
  done: (results: FetchedPartition[]) => void,
): () => void {
  const keys = targets.map(({ topic, index }) => partitionKey(topic ?? '', index))
  /** The bytes that each partition had at its last read, and their sum. */
  let available: number[] = []
  let bytes = 0
  /** Partitions whose high watermark was moved by this Fetch. */
  const moved: Partition[] | undefined = params.follower && []
  const complete = (results: FetchedPartition[]): void => {
    if (!params.follower) countBytes(replicas, targets, results)
    done(results)
  }
  // #region fetch-waits
  const tryComplete = (): boolean => {
    const results = readAll(replicas, params, targets, moved)
    available = results.map(({ records }) => records.length)
    bytes = available.reduce((sum, each) => sum + each, 0)
    const isEnough = bytes >= params.minBytes || results.some(mustComplete)
    const isDone = isEnough || targets.length === 0 || params.maxWaitMs <= 0
    if (isDone) complete(results)
    return isDone
  }
  const tryCompleteFor = (key: string): boolean => {
    let isDone = false
    for (const [at, target] of targets.entries()) {
      if (keys[at] !== key) continue
      const result = readOne(replicas, target, params, Math.min(target.bytesMax, params.maxBytes), true)
      bytes += result.records.length - available[at]!
      available[at] = result.records.length
      isDone ||= mustComplete(result)
    }
    if (!isDone && bytes < params.minBytes) return false
    complete(readAll(replicas, params, targets))
    return true
  }
  const expire = (): void => complete(readAll(replicas, params, targets))
  const delayedFetch = { tryComplete, tryCompleteFor, expire }
  const cancel = replicas.purgatory.tryCompleteElseWatch(delayedFetch, keys, params.maxWaitMs)
  // #endregion fetch-waits
  if (moved) for (const partition of moved) replicas.moved(partition)
  return cancel
}

/** WAITING-FETCH-1. */
function mustComplete({ errorCode, divergingEpoch }: FetchedPartition): boolean {
  return errorCode !== ErrorCode.NONE || divergingEpoch !== undefined
}

function countBytes(
  { counters }: ReplicaManager,
  targets: readonly FetchTarget[],
  results: readonly FetchedPartition[],
): void {
  for (const [i, { records }] of results.entries())
    if (records.length > 0) counters.ofName(targets[i]!.topic).bytesOut += records.length
}

/** With `moved` the Fetch has just arrived: a follower's progress is noted, and partitions that it moves are added. */
function readAll(
  replicas: ReplicaManager,
  params: FetchParams,
  targets: readonly FetchTarget[],
  moved?: Partition[],
): FetchedPartition[] {
  let bytesLeft = params.maxBytes
  let empty = true
  return targets.map((target) => {
    const bytesMax = Math.min(target.bytesMax, bytesLeft)
    const result = readOne(replicas, target, params, bytesMax, empty, moved)
    bytesLeft = Math.max(0, bytesLeft - result.records.length)
    empty &&= result.records.length === 0
    return result
  })
}

function readOne(
  replicas: ReplicaManager,
  target: FetchTarget,
  { isolation, follower, fromAnyReplica }: FetchParams,
  bytesMax: number,
  minOneBatch: boolean,
  moved?: Partition[],
): FetchedPartition {
  try {
    if (target.topic === undefined) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
    const { topic, index, topicId } = target
    const partition = fromAnyReplica
      ? replicas.readable(topic, index, topicId)
      : replicas.leader(topic, index, topicId)
    partition.counters.fetchRequests++
    partition.checkLeaderEpoch(Math.max(target.currentLeaderEpoch, NO_EPOCH))
    if (follower) partition.checkFollower(follower.id, target.currentLeaderEpoch)
    const divergingEpoch = divergence(partition, target)
    if (divergingEpoch) return { ...described(partition, isolation), divergingEpoch }
    const offset = partition.checkOffset(target.fetchOffset)
    if (!follower) return read(partition, offset, isolation, bytesMax, minOneBatch)
    const leaderEndOffset = partition.logEndOffset
    const result = read(partition, offset, 'log_end', bytesMax, minOneBatch)
    if (moved && noteProgress(partition, follower, target, offset, leaderEndOffset)) moved.push(partition)
    return result
  } catch (error) {
    replicas.counters.ofName(target.topic).failedFetchRequests++
    return failed(replicas.errorCodeOf(error))
  }
}

/** Returns whether the high watermark has moved. The result of the read has it as it was before, as in Kafka. */
function noteProgress(
  partition: Partition,
  { id, brokerEpoch }: Follower,
  { logStartOffset }: FetchTarget,
  fetchOffset: number,
  leaderEndOffset: number,
): boolean {
  return partition.onFollowerFetch({
    followerId: id,
    brokerEpoch,
    fetchOffset,
    logStartOffset: Number(logStartOffset ?? -1),
    leaderEndOffset,
  })
}

function read(
  partition: Partition,
  offset: number,
  isolation: IsolationLevel | 'log_end',
  maxBytes: number,
  minOneBatch: boolean,
): FetchedPartition {
  const { log } = partition
  const upTo = isolation === 'log_end' ? log.logEndOffset : partition.visibleEnd(isolation)
  const fetched = described(partition, isolation)
  if (maxBytes < 0 && offset < log.logEndOffset)
    throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `a limit of ${maxBytes} bytes`)
  if (offset >= upTo || (maxBytes === 0 && !minOneBatch)) return fetched
  const { records, upperBound } = log.slice(offset, { maxBytes, minOneBatch, upTo })
  if (isolation !== 'read_committed' || records.length === 0) return { ...fetched, records }
  return { ...fetched, records, abortedTransactions: log.abortedTransactions(offset, upperBound) }
}

/** If the last batch of the client is not in our log: the epoch and offset where the logs diverge (KIP-595). */
function divergence(partition: Partition, target: FetchTarget): FetchedPartition['divergingEpoch'] {
  if (target.lastFetchedEpoch < 0) return undefined
  const ours = partition.log.endOffsetForEpoch(target.lastFetchedEpoch)
  if (!ours || target.fetchOffset < partition.logStartOffset)
    throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
  const agrees = ours.epoch === target.lastFetchedEpoch && ours.endOffset >= target.fetchOffset
  return agrees ? undefined : ours
}

function described(partition: Partition, isolation: IsolationLevel | 'log_end'): FetchedPartition {
  const { highWatermark, lastStableOffset, logStartOffset } = partition.log
  return {
    errorCode: ErrorCode.NONE,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    records: NO_RECORDS,
    abortedTransactions: isolation === 'read_committed' ? [] : null,
  }
}

/** The error of a partition that cannot be read at any offset; undefined if it can be read. */
export function readError(
  replicas: ReplicaManager,
  { fromAnyReplica }: FetchParams,
  { topic, index, topicId }: FetchTarget,
): ErrorCode | undefined {
  if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID
  if (replicas.find(topic, index)?.topicId === topicId) return undefined
  try {
    if (fromAnyReplica) replicas.readable(topic, index, topicId)
    else replicas.leader(topic, index, topicId)
    return undefined
  } catch (error) {
    return replicas.errorCodeOf(error)
  }
}

/** The result for a partition that cannot be read. */
export function failed(errorCode: number): FetchedPartition {
  return {
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    records: NO_RECORDS,
    // In Kafka an unknown partition fails before the log is read, and the field keeps its default.
    abortedTransactions: UNKNOWN_PARTITION_ERRORS.includes(errorCode) ? [] : null,
  }
}
