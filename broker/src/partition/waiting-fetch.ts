/**
 * A Fetch that waits: Kafka's long poll.
 *
 * A consumer that has read everything asks again at once. Instead of answering "nothing" a thousand times a
 * second, the broker keeps the request until there are `minBytes` of records, or `maxWaitMs` have passed. So an
 * idle consumer costs a request every half second, and a record reaches a waiting one without delay.
 *
 *   fetch --read--> enough bytes, an error, no wait wanted? --> answer
 *                   otherwise wait in the purgatory under the keys of all partitions asked for
 *                       a produce moves one of them --> look at that one --> enough? --> read all --> answer
 *                       the time is up              -------------------------------> read all --> answer
 *
 * Reading keeps three limits: a partition's, the response's, and the first batch that has records comes whole
 * even when it is larger than both, since a consumer would otherwise be stuck before it for good (KIP-74).
 *
 * WAITING-FETCH-1  an error in any partition answers at once
 * WAITING-FETCH-2  records come only from below the high watermark, or the last stable offset for read_committed
 * WAITING-FETCH-3  partitions are read in the order of the request, so that a client can rotate them for fairness
 * WAITING-FETCH-4  a partition that moves costs each Fetch that waits for it one look, however many partitions it asks
 *     for
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
  /** A broker asks that says it has a replica: none has one here but the leader. */
  readonly asFollower: boolean
}

const NOTHING = new Uint8Array(0)
/** A client that knows of no leader epoch; to Fetch all below 0 say so. */
const NO_EPOCH = -1
/** Errors of partitions that nobody here has heard of. */
export const UNHEARD_OF: readonly number[] = [
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
]

/** Reads all `targets`, waiting as the comment above says; `done` gets one result a target, in order. What is given back ends the wait. */
export function fetch(
  replicas: ReplicaManager,
  params: FetchParams,
  targets: readonly FetchTarget[],
  done: (results: FetchedPartition[]) => void,
): () => void {
  const keys = targets.map(({ topic, index }) => partitionKey(topic ?? '', index))
  /** What each partition could give when it was looked at last, and all of them together, in bytes. */
  let available: number[] = []
  let bytes = 0
  const answerWith = (results: FetchedPartition[]): void => {
    countBytes(replicas, targets, results)
    done(results)
  }
  // #region fetch-waits
  const tryComplete = (): boolean => {
    const results = readAll(replicas, params, targets)
    available = results.map(({ records }) => records.length)
    bytes = available.reduce((sum, each) => sum + each, 0)
    const isEnough = bytes >= params.minBytes || results.some(cannotWait)
    const answer = isEnough || targets.length === 0 || params.maxWaitMs <= 0
    if (answer) answerWith(results)
    return answer
  }
  const tryCompleteMoved = (key: string): boolean => {
    let answer = false
    for (const [at, target] of targets.entries()) {
      if (keys[at] !== key) continue
      const result = readOne(replicas, target, params, Math.min(target.bytesMax, params.maxBytes), true)
      bytes += result.records.length - available[at]!
      available[at] = result.records.length
      answer ||= cannotWait(result)
    }
    if (!answer && bytes < params.minBytes) return false
    answerWith(readAll(replicas, params, targets))
    return true
  }
  const expire = (): void => answerWith(readAll(replicas, params, targets))
  const waiting = { tryComplete, tryCompleteMoved, expire }
  return replicas.purgatory.tryCompleteElseWatch(waiting, keys, params.maxWaitMs)
  // #endregion fetch-waits
}

/** WAITING-FETCH-1. */
function cannotWait({ errorCode, divergingEpoch }: FetchedPartition): boolean {
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

function readAll(
  replicas: ReplicaManager,
  params: FetchParams,
  targets: readonly FetchTarget[],
): FetchedPartition[] {
  let bytesLeft = params.maxBytes
  let empty = true
  return targets.map((target) => {
    const bytesMax = Math.min(target.bytesMax, bytesLeft)
    const result = readOne(replicas, target, params, bytesMax, empty)
    bytesLeft = Math.max(0, bytesLeft - result.records.length)
    empty &&= result.records.length === 0
    return result
  })
}

function readOne(
  replicas: ReplicaManager,
  target: FetchTarget,
  { isolation, asFollower }: FetchParams,
  bytesMax: number,
  minOneBatch: boolean,
): FetchedPartition {
  try {
    if (target.topic === undefined) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
    const partition = replicas.leader(target.topic, target.index, target.topicId)
    partition.counters.fetchRequests++
    partition.checkLeaderEpoch(Math.max(target.currentLeaderEpoch, NO_EPOCH))
    if (asFollower) throw new KafkaError(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    const divergingEpoch = divergence(partition, target)
    if (divergingEpoch) return { ...described(partition, isolation), divergingEpoch }
    const offset = partition.checkOffset(target.fetchOffset)
    return read(partition, offset, isolation, bytesMax, minOneBatch)
  } catch (error) {
    replicas.counters.ofName(target.topic).failedFetchRequests++
    return failed(replicas.errorCodeOf(error))
  }
}

function read(
  partition: Partition,
  offset: number,
  isolation: IsolationLevel,
  maxBytes: number,
  minOneBatch: boolean,
): FetchedPartition {
  const upTo = partition.visibleEnd(isolation)
  const fetched = described(partition, isolation)
  if (maxBytes < 0 && offset < partition.log.logEndOffset)
    throw new KafkaError(ErrorCode.UNKNOWN_SERVER_ERROR, `a limit of ${maxBytes} bytes`)
  if (offset >= upTo || (maxBytes === 0 && !minOneBatch)) return fetched
  const { records, upperBound } = partition.log.slice(offset, { maxBytes, minOneBatch, upTo })
  if (isolation === 'read_uncommitted' || records.length === 0) return { ...fetched, records }
  return { ...fetched, records, abortedTransactions: partition.log.abortedTransactions(offset, upperBound) }
}

/** The client fetched its last batch from another history: say where ours ends (KafkaRaftClient, KIP-595). */
function divergence(partition: Partition, target: FetchTarget): FetchedPartition['divergingEpoch'] {
  if (target.lastFetchedEpoch < 0) return undefined
  const ours = partition.log.endOffsetForEpoch(target.lastFetchedEpoch)
  if (!ours) throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE)
  const agrees = ours.epoch === target.lastFetchedEpoch && ours.endOffset >= target.fetchOffset
  return agrees ? undefined : ours
}

function described(partition: Partition, isolation: IsolationLevel): FetchedPartition {
  return {
    errorCode: ErrorCode.NONE,
    highWatermark: partition.log.highWatermark,
    lastStableOffset: partition.log.lastStableOffset,
    logStartOffset: partition.log.logStartOffset,
    records: NOTHING,
    abortedTransactions: isolation === 'read_committed' ? [] : null,
  }
}

/** Why nothing can be read of a partition, whatever is asked of it; undefined if something can. */
export function whyUnreadable(
  replicas: ReplicaManager,
  { topic, index, topicId }: FetchTarget,
): ErrorCode | undefined {
  if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID
  if (replicas.find(topic, index)?.topicId === topicId) return undefined
  try {
    replicas.leader(topic, index, topicId)
    return undefined
  } catch (error) {
    return replicas.errorCodeOf(error)
  }
}

/** The answer for a partition of which nothing can be read. */
export function failed(errorCode: number): FetchedPartition {
  return {
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    records: NOTHING,
    // A partition that nobody has heard of never reaches Kafka's log, and its answer keeps the field's default.
    abortedTransactions: UNHEARD_OF.includes(errorCode) ? [] : null,
  }
}
