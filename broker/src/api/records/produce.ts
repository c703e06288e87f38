/**
 * Produce (key 0): append record batches.
 *
 * One batch a partition. Its header is checked and its records are walked over (record/record-checks.ts), base offset and
 * leader epoch are written into it, and it goes to the log as the client made it, compressed or not.
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
 * PRODUCE-1  partitions fail one by one; what others appended stays
 * PRODUCE-3  a batch may hold millions of records: they are checked in turns, before anything of the batch is appended;
 *     the append itself is one step (log/log.ts: prepare, appendPrepared)
 * PRODUCE-2  a batch sent again by an idempotent producer is answered with its first offset, and not appended (KIP-98)
 * PRODUCE-5  a request may name thousands of partitions: they are looked up, written to and answered for in turns, also
 *     when the client goes meanwhile; others hear of the new records in turns, too
 * PRODUCE-4  of a partition that is named twice the last batch counts, and it is answered once (Kafka has a map)
 */
import { ProduceRequest, ProduceResponse } from '../../messages/produce.ts'
import type { Partition } from '../../partition/partition.ts'
import { codecAt } from '../../record/batch.ts'
import { Codec } from '../../record/compression.ts'
import { RecordsError } from '../../record/record-checks.ts'
import { soleBatch } from '../../record/sole-batch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { api, type RequestContext, type Services } from '../api.ts'
import { ALL_AT_ONCE, atOnce, forEachInTurns } from '../in-turns.ts'
import { leaderHint, nodeEndpoints } from './leader-hint.ts'
import {
  findToVerify,
  type ProduceTarget,
  type Refusal,
  type ToVerify,
  verifyTransaction,
} from './produce-transactional.ts'

const ACKS: readonly number[] = [-1, 0, 1]
/** From this version on clients may compress with zstd (KIP-110). */
const ZSTD = 7
/** From this version on topics are named by their ids. */
const BY_ID = 13
/** From this version on the answer tells who leads (KIP-951). */
const LEADER_HINTS = 10
/** Who may write to the topics of the broker itself (AdminUtils.ADMIN_CLIENT_ID). */
const ADMIN_CLIENT = '__admin_client'
const NO_OFFSETS = { baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 }

/** Refusals that say nothing of the log; the others tell where it starts (ReplicaManager.appendRecordsToLeader). */
const WITHOUT_START: readonly number[] = [
  ErrorCode.CORRUPT_MESSAGE,
  ErrorCode.MESSAGE_TOO_LARGE,
  ErrorCode.RECORD_LIST_TOO_LARGE,
  ErrorCode.KAFKA_STORAGE_ERROR,
]

const NOT_THERE: readonly number[] = [ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]

interface Outcome {
  readonly errorCode: number
  readonly baseOffset: number
  readonly logAppendTimeMs: Int64
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
    const pace = isLarge(request) ? services.turns : ALL_AT_ONCE
    const append = ({ targets, toVerify }: Prepared): void =>
      verifyTransaction(services, request, context, toVerify, (refused) => {
        const moved = new Set<Partition>()
        const appending = appendAndAnswer(pace, services, request.acks, targets, { context, refused, moved })
        const answer = (answered: Answer): void => {
          const throttleMs = services.quotas.produced(context.usage, request.acks !== 0)
          reply(answered, throttleMs)
          // The producer before those who wait for its records, as with Kafka's ActionQueue: no Fetch holds it up.
          const tell = forEachInTurns(pace, moved, (partition) => services.replicas.moved(partition))
          if (pace === ALL_AT_ONCE) atOnce(tell)
          else context.inTurns(tell, () => {}, { goesOn: true })
        }
        context.inTurns(appending, answer, { goesOn: true })
      })
    const preparing = prepare(pace, services, request, context)
    if (pace === ALL_AT_ONCE) append(atOnce(preparing))
    else context.inTurns(preparing, append)
  },
})

/** So many partitions are looked up, and answered for, in one go. */
const PARTITIONS_MAX = 64

function isLarge({ topicData }: ProduceRequest): boolean {
  let count = topicData.length
  for (const { partitionData } of topicData) count += partitionData.length
  return count > PARTITIONS_MAX
}

interface Prepared {
  readonly targets: readonly ProduceTarget[]
  readonly toVerify: ToVerify
}

/** Before anything is written. */
function* prepare(
  pace: Pace,
  services: Services,
  request: ProduceRequest,
  context: RequestContext,
): Steps<Prepared> {
  const targets = yield* targetsOf(pace, services, request, context)
  return { targets, toVerify: yield* findToVerify(pace, services, request, context, targets) }
}

type Answer = ProduceAnswer | 'close the connection' | 'no response'

function* appendAndAnswer(
  pace: Pace,
  services: Services,
  acks: number,
  targets: readonly ProduceTarget[],
  appending: Parameters<typeof appendAll>[3],
): Steps<Answer> {
  let outcomes: readonly Outcome[]
  try {
    outcomes = yield* appendAll(services, acks, targets, appending)
  } catch (error) {
    outcomes = targets.map(() => failureOf(services, error, undefined))
  }
  if (acks !== 0) return yield* responseOf(pace, services, targets, outcomes, appending.context)
  // It is answered with nothing, or by hanging up: there is no other way to say that it went wrong.
  const failed = outcomes.some(({ errorCode }) => errorCode !== ErrorCode.NONE)
  return failed ? 'close the connection' : 'no response'
}

/** What became of each target, one after the other (PRODUCE-3). */
function* appendAll(
  services: Services,
  acks: number,
  targets: readonly ProduceTarget[],
  {
    context,
    refused,
    moved,
  }: { context: RequestContext; refused: readonly (Refusal | undefined)[]; moved: Set<Partition> },
): Steps<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [i, target] of targets.entries()) {
    if (i > 0) yield
    const refusal = refused[i]
    const outcome = refusal
      ? { ...NO_OFFSETS, ...refusal }
      : yield* append(services, acks, target, context, moved)
    const isThere = !NOT_THERE.includes(outcome.errorCode)
    outcomes.push(target.fault && isThere ? failureOf(services, target.fault, undefined) : outcome)
  }
  return outcomes
}

/** The partitions that are written to, topic by topic, in the order in which the request names them (PRODUCE-4). */
function* targetsOf(
  pace: Pace,
  services: Services,
  request: ProduceRequest,
  { apiVersion }: RequestContext,
): Steps<ProduceTarget[]> {
  const byTopic = new Map<string, Map<number, ProduceTarget>>()
  for (const { name, topicId, partitionData } of request.topicData) {
    const topic = apiVersion >= BY_ID ? services.metadata().topicById(topicId)?.name : name
    const key = apiVersion >= BY_ID ? topicId : name
    const targets = byTopic.get(key) ?? new Map<number, ProduceTarget>()
    byTopic.set(key, targets)
    if (pace.isOver) yield
    for (const { index, records } of partitionData) {
      if (pace.isOver) yield
      const target = { name, topic, topicId, index, records }
      const before = targets.get(index)
      targets.set(index, before ? lastOf(before, target, apiVersion) : target)
    }
  }
  return [...byTopic.values()].flatMap((targets) => [...targets.values()])
}

/** PRODUCE-4. A batch that makes no sense does not count, but its error is what is told. */
function lastOf(before: ProduceTarget, target: ProduceTarget, apiVersion: number): ProduceTarget {
  const fault = faultOf(target, apiVersion)
  if (fault) return { ...before, fault }
  const earlier = before.fault ?? faultOf(before, apiVersion)
  return earlier ? { ...target, fault: earlier } : target
}

function faultOf({ records }: ProduceTarget, apiVersion: number): KafkaError | undefined {
  try {
    batchOf(records, apiVersion)
    return undefined
  } catch (error) {
    if (error instanceof KafkaError) return error
    throw error
  }
}

function* append(
  services: Services,
  acks: number,
  { topic, topicId, index, records }: ProduceTarget,
  context: RequestContext,
  moved: Set<Partition>,
): Steps<Outcome> {
  let partition: Partition | undefined
  try {
    if (topic === undefined) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
    if (services.metadata().topic(topic)?.partitions[index] === undefined)
      throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    const batch = batchOf(records, context.apiVersion)
    if (!ACKS.includes(acks)) throw new KafkaError(ErrorCode.INVALID_REQUIRED_ACKS)
    if (services.replicas.isInternal(topic) && context.clientId !== ADMIN_CLIENT)
      throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION)
    partition = services.replicas.leader(topic, index, topicId)
    const transactionVersion = context.apiVersion >= 12 ? 2 : 0
    const prepared = yield* partition.prepare(batch)
    // Between turns the partition may have gone, or have another leader.
    partition = services.replicas.leader(topic, index, topicId)
    const info = partition.appendPrepared(prepared, transactionVersion)
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
  const outcome = tellsStart ? { ...refused, logStartOffset: partition.logStartOffset } : refused
  if (!(error instanceof RecordsError)) return outcome
  const recordErrors = error.recordErrors.map(({ batchIndex, message }) => ({
    batchIndex,
    batchIndexErrorMessage: message,
  }))
  return { ...outcome, recordErrors, errorMessage: error.message }
}

type PartitionAnswer = Outcome & { readonly index: number }

interface ProduceAnswer {
  readonly responses: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitionResponses: PartitionAnswer[]
  }[]
  readonly nodeEndpoints: ReturnType<typeof nodeEndpoints>
}

function* responseOf(
  pace: Pace,
  services: Services,
  targets: readonly ProduceTarget[],
  outcomes: readonly Outcome[],
  { apiVersion }: RequestContext,
): Steps<ProduceAnswer> {
  const leaders = new Set<number>()
  const responses: { name: string; topicId: string; partitionResponses: PartitionAnswer[] }[] = []
  for (const [i, { name, topicId, topic, index }] of targets.entries()) {
    if (pace.isOver) yield
    const outcome = outcomes[i]!
    const hint =
      apiVersion >= LEADER_HINTS ? leaderHint(services, outcome.errorCode, topic, index, leaders) : undefined
    const last = responses.at(-1)
    const isSameTopic = last !== undefined && last.name === name && last.topicId === topicId
    const partitionResponses = isSameTopic ? last.partitionResponses : []
    if (!isSameTopic) responses.push({ name, topicId, partitionResponses })
    partitionResponses.push({ index, ...outcome, ...(hint ? { currentLeader: hint } : {}) })
  }
  return { responses, nodeEndpoints: nodeEndpoints(services, leaders) }
}
