/**
 * Produce (key 0): append record batches.
 *
 * One batch a partition. The bytes of a batch are not decoded: its header is checked, base offset and leader epoch
 * are written into it, and it goes to the log as the client made it, compressed or not (log/append).
 *
 *   v3 batches of magic 2, transactional id (KIP-98); v5 log start in the answer; v7 zstd; v8 errors by record (KIP-467);
 *   v9 flexible; v10 the new leader's address (KIP-951); v12 transactions of the second protocol (KIP-890);
 *   v13 topics by id (KIP-516). Versions 0 to 2 are advertised but not served, as Apache Kafka does it: librdkafka
 *   before 2.11.1 turns compression off unless it sees them (KAFKA-18659).
 *
 * acks says when the answer comes: 0 never, 1 when the leader has the batch, -1 (all) when the ISR has it, which is the
 * same here, as a partition has one replica. With acks=0 there is no answer to put an error in, so an error closes the
 * connection.
 *
 * Q1  partitions fail one by one; what others appended stays
 * Q2  a batch sent again by an idempotent producer is answered with its first offset, and not appended (KIP-98)
 */
import { ProduceRequest, ProduceResponse } from '../messages/produce.ts'
import type { Partition } from '../partition/partition.ts'
import { codecAt } from '../record/batch.ts'
import { Codec } from '../record/compression.ts'
import { soleBatch } from '../record/sole-batch.ts'
import { RecordsError } from '../record/validation.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import { api, type RequestContext, type Services } from './api.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'
import { type ProduceTarget, verifyTransaction } from './produce-transactional.ts'

const ACKS: readonly number[] = [-1, 0, 1]
/** From this version on clients may compress with zstd (KIP-110). */
const ZSTD = 7
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** From this version on the answer tells who leads (KIP-951). */
const LEADER_HINTS = 10
const NO_OFFSETS = { baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 }

/** Refusals that say nothing of the log; the others tell where it starts (ReplicaManager.appendRecordsToLeader). */
const WITHOUT_START: readonly number[] = [
  ErrorCode.CORRUPT_MESSAGE,
  ErrorCode.MESSAGE_TOO_LARGE,
  ErrorCode.RECORD_LIST_TOO_LARGE,
  ErrorCode.KAFKA_STORAGE_ERROR,
]

interface Outcome {
  readonly errorCode: number
  readonly baseOffset: number
  readonly logAppendTimeMs: number
  readonly logStartOffset: number
  readonly recordErrors?: readonly { batchIndex: number; batchIndexErrorMessage: string | null }[]
  readonly errorMessage?: string | null
}

export const Produce = api({
  request: ProduceRequest,
  response: ProduceResponse,
  advertised: { min: 0, max: ProduceRequest.versions.max },
  // Batches go from the request's memory to the log's file, and nowhere else.
  keepsNothing: true,
  handle: (services, request, context, reply) => {
    const targets = targetsOf(services, request, context)
    verifyTransaction(services, request, context, targets, (refused) => {
      const moved = new Set<Partition>()
      const outcomes = targets.map((target, i) => {
        const refusal = refused[i]
        return refusal
          ? { ...NO_OFFSETS, ...refusal }
          : append(services, request.acks, target, context, moved)
      })
      const throttleMs = services.quotas.produced(context.usage, request.acks !== 0)
      reply(answerTo(services, request, outcomes, context), throttleMs)
      // The producer before those who wait for its records, as with Kafka's ActionQueue: it is held up by nobody's Fetch.
      for (const partition of moved) services.replicas.moved(partition)
    })
  },
})

/** acks=0 is answered with nothing, or by hanging up: there is no other way to say that it went wrong. */
function answerTo(
  services: Services,
  request: ProduceRequest,
  outcomes: Outcome[],
  context: RequestContext,
): ReturnType<typeof responseOf> | 'close the connection' | 'no response' {
  if (request.acks !== 0) return responseOf(services, request, outcomes, context)
  const failed = outcomes.some(({ errorCode }) => errorCode !== ErrorCode.NONE)
  return failed ? 'close the connection' : 'no response'
}

function targetsOf(
  services: Services,
  request: ProduceRequest,
  { apiVersion }: RequestContext,
): ProduceTarget[] {
  return request.topicData.flatMap(({ name, topicId, partitionData }) => {
    const topic = apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : name
    return partitionData.map(({ index, records }) => ({ topic, topicId, index, records }))
  })
}

function append(
  services: Services,
  acks: number,
  { topic, topicId, index, records }: ProduceTarget,
  context: RequestContext,
  moved: Set<Partition>,
): Outcome {
  let partition: Partition | undefined
  try {
    if (topic === undefined) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
    if (services.metadata().topic(topic)?.partitions[index] === undefined)
      throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    const batch = batchOf(records, context.apiVersion)
    if (!ACKS.includes(acks)) throw new KafkaError(ErrorCode.INVALID_REQUIRED_ACKS)
    if (services.replicas.isInternal(topic)) throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION)
    partition = services.replicas.leader(topic, index, topicId)
    const transactionVersion = context.apiVersion >= 12 ? 2 : 0
    const info = partition.append(batch, 'client', transactionVersion)
    moved.add(partition)
    partition.counters.produceRequests++
    return {
      errorCode: ErrorCode.NONE,
      baseOffset: info.firstOffset,
      logAppendTimeMs: info.logAppendTime,
      logStartOffset: info.logStartOffset,
    }
  } catch (error) {
    const counters = services.replicas.counters.ofName(topic)
    counters.produceRequests++
    counters.failedProduceRequests++
    return failureOf(services, error, partition)
  }
}

/** The batch for a partition, in a codec that the client's version knows. Throws KafkaError. */
function batchOf(records: Uint8Array | null, apiVersion: number): Uint8Array {
  const batch = soleBatch(records ?? new Uint8Array(0))
  if (apiVersion < ZSTD && codecAt(batch, 0) === Codec.ZSTD)
    throw new KafkaError(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
  return batch
}

function failure(errorCode: number): Outcome {
  return { errorCode, ...NO_OFFSETS }
}

/** KIP-467: for a record's fault the answer names the record and says what is wrong with it. */
function failureOf(services: Services, error: unknown, partition: Partition | undefined): Outcome {
  const refused = failure(services.replicas.errorCodeOf(error))
  const tellsStart = partition !== undefined && !WITHOUT_START.includes(refused.errorCode)
  const outcome = tellsStart ? { ...refused, logStartOffset: partition.log.logStartOffset } : refused
  if (!(error instanceof RecordsError)) return outcome
  const recordErrors = error.recordErrors.map(({ batchIndex, message }) => ({
    batchIndex,
    batchIndexErrorMessage: message,
  }))
  return { ...outcome, recordErrors, errorMessage: error.message }
}

function responseOf(
  services: Services,
  request: ProduceRequest,
  outcomes: Outcome[],
  { apiVersion }: RequestContext,
) {
  const leaders = new Set<number>()
  let next = 0
  const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index }) => {
      const outcome = outcomes[next++]!
      const topic = apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : name
      const hint =
        apiVersion >= LEADER_HINTS
          ? leaderHint(services, outcome.errorCode, topic, index, leaders)
          : undefined
      return { index, ...outcome, ...(hint ? { currentLeader: hint } : {}) }
    }),
  }))
  return {
    responses: responses.filter(({ partitionResponses }) => partitionResponses.length > 0),
    nodeEndpoints: nodeEndpoints(services, leaders),
  }
}
