/**
 * Produce (key 0): appends record batches.
 *
 * There is one batch per partition. Its header and records are validated (record/record-checks.ts), base offset and leader
 * epoch are written into it, and it is stored as the client sent it, compressed or not.
 *
 *   v3 batches of magic 2, transactional id (KIP-98); v5 log start offset in the response; v7 zstd; v8 errors by record (KIP-467);
 *   v9 flexible; v10 the current leader's address (KIP-951); v12 transaction version 2 (KIP-890);
 *   v13 topics by id (KIP-516). Versions 0 to 2 are advertised but not served, as Apache Kafka does it: librdkafka
 *   before 2.11.1 turns compression off unless it sees them (KAFKA-18659).
 *
 * acks decides when the response is sent: 0 never, 1 when the leader has the batch, -1 (all) when the ISR has it
 * (replica/delayed-produce.ts); if the partition has one replica, that is the same. With acks=0 there is no response that could
 * carry an error, so an error closes the connection.
 *
 * A batch may hold millions of records: they are validated in turns, before anything of the batch is appended; the
 * append itself is one step (log/log.ts: prepare, appendPrepared).
 *
 * PRODUCE-1  each partition succeeds or fails on its own; an error does not undo the appends to others
 * PRODUCE-2  an idempotent producer's retry of a batch gets the first offset again, and is not appended (KIP-98)
 * PRODUCE-5  a request may name thousands of partitions: they are looked up, appended to and answered in turns, even if
 *     the client disconnects; delayed fetches are completed in turns, too
 * PRODUCE-4  if a partition is named twice, the last batch counts, and it is answered once (Kafka uses a map)
 * PRODUCE-6  with acks=all nothing is appended while the ISR is smaller than min.insync.replicas, and the response is sent when
 *     the ISR has all batches of the request, or the request's timeout is over
 */

import type { LogAppendInfo, Preparation, PreparedBatch } from '../../log/log.ts'
import { ProduceRequest, ProduceResponse } from '../../messages/produce.ts'
import { awaitReplicas } from '../../replica/delayed-produce.ts'
import type { Awaited, Partition } from '../../replica/partition.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, KafkaError } from '../../wire/errors.ts'
import { api, type Reply, type RequestContext, type Services } from '../api.ts'
import { ALL_AT_ONCE, doSteps, forEachInTurns } from '../in-turns.ts'
import {
  failure,
  failureOf,
  NO_ERRORS,
  type PartitionAnswer,
  type Place,
  type ProduceAnswer,
  ResponseParts,
} from './produce-response.ts'
import { batchOf, isShort, type ProduceTarget, soleTarget, targetsOf } from './produce-targets.ts'
import {
  findToVerify,
  isPlain,
  NOTHING_TO_VERIFY,
  type Refusal,
  type ToVerify,
  verifyTransaction,
} from './produce-transactional.ts'

const ACKS_ALL = -1
const ACKS: readonly number[] = [ACKS_ALL, 0, 1]
/** The client id that may write to internal topics (AdminUtils.ADMIN_CLIENT_ID). */
const ADMIN_CLIENT = '__admin_client'
/** Since this version producing to a partition adds it to the transaction (KIP-890). */
const SECOND_PROTOCOL = 12

const NOT_THERE: readonly number[] = [ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]

export const Produce = api({
  request: ProduceRequest,
  response: ProduceResponse,
  advertised: { min: 0, max: ProduceRequest.versions.max },
  // Batches are written from the request's memory to the log's file, and kept nowhere else.
  keepsNothing: true,
  handle: (services, request, context, reply) => {
    const pace = isShort(request, context) ? ALL_AT_ONCE : services.turns
    const append = ({ targets, toVerify }: Prepared): void =>
      verifyTransaction(services, request, context, toVerify, (refused) => {
        const { acks, timeoutMs } = request
        const response = new ResponseParts(services, context)
        const work: Work = {
          pace,
          services,
          context,
          acks,
          timeoutMs,
          targets,
          refused,
          response,
          moved: [],
          awaited: [],
        }
        doSteps(pace, context, appendAll(work), () => replyAndTell(work, reply), GOES_ON)
      })
    const sole = soleTarget(services, request, context)
    // The usual request of a small client: one batch, not transactional.
    if (sole && isPlain(sole)) append({ targets: [sole], toVerify: NOTHING_TO_VERIFY })
    else doSteps(pace, context, prepare(pace, services, request, context), append)
  },
})

const GOES_ON = { goesOn: true }
const NOTHING_MORE = (): void => {}

interface Prepared {
  readonly targets: readonly ProduceTarget[]
  readonly toVerify: ToVerify
}

/** Everything before the first append. */
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

/** A Produce request after lookup and verification. */
interface Work {
  readonly pace: Pace
  readonly services: Services
  readonly context: RequestContext
  readonly acks: number
  readonly timeoutMs: number
  readonly targets: readonly ProduceTarget[]
  /** By target, its error. */
  readonly refused: readonly (Refusal | undefined)[]
  readonly response: ResponseParts
  /** Partitions that got records. */
  readonly moved: Partition[]
  /** What acks=all waits for, and where in the response its result belongs; nothing if all partitions have one replica. */
  readonly awaited: {
    readonly append: Awaited
    readonly target: ProduceTarget
    readonly place: Place
  }[]
}

/** Appends to one partition after the other (PRODUCE-1). */
function* appendAll(work: Work): Steps<void> {
  const { pace, targets, refused, response } = work
  for (let i = 0; i < targets.length; i++) {
    if (pace.isOver) yield
    const target = targets[i]!
    const refusal = refused[i]
    let partition: Partition | undefined
    let checks: Preparation | undefined
    let answer: PartitionAnswer
    let awaited: Awaited | undefined
    try {
      if (refusal)
        answer = { ...failure(target.index, refusal.errorCode), errorMessage: refusal.errorMessage }
      else {
        const batch = checkTarget(work, target)
        partition = leaderOf(work, target)
        checks = partition.prepare(batch)
        let prepared = checks.step()
        while (!prepared) {
          yield checks.waitsFor
          prepared = checks.step()
          // Between turns the partition may be deleted, or get another leader.
          partition = leaderOf(work, target)
        }
        const info = append(work, partition, prepared)
        answer = appended(target, info)
        if (work.acks === ACKS_ALL) awaited = partition.awaited('append', info.lastOffset + 1)
      }
    } catch (error) {
      countFailure(work, target)
      answer = failureOf(work.services, target, error, partition)
    } finally {
      checks?.close()
    }
    const isThere = !NOT_THERE.includes(answer.errorCode)
    response.add(
      target,
      target.fault && isThere ? failureOf(work.services, target, target.fault, undefined) : answer,
    )
    if (awaited && !target.fault) work.awaited.push({ append: awaited, target, place: response.lastPlace })
  }
}

function answerOf({ acks, response }: Work): Answer {
  // #region acks
  if (acks !== 0) return response.whole
  // acks=0: no response, or a closed connection, which is the only way to report an error.
  return response.hasFailed ? 'close the connection' : 'no response'
  // #endregion acks
}

/** The batch for `target`, if it may be appended; only its header is checked here. Throws KafkaError. */
function checkTarget(
  { services, context, acks }: Work,
  { topic, index, records }: ProduceTarget,
): Uint8Array {
  if (topic === undefined) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_ID)
  if (services.metadata().topic(topic)?.partitions[index] === undefined)
    throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  const batch = batchOf(records, context.apiVersion)
  if (!ACKS.includes(acks)) throw new KafkaError(ErrorCode.INVALID_REQUIRED_ACKS)
  if (services.replicas.isInternal(topic) && context.clientId !== ADMIN_CLIENT)
    throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION)
  return batch
}

/** Throws KafkaError. */
function leaderOf({ services }: Work, { topic, index, topicId }: ProduceTarget): Partition {
  return services.replicas.leader(topic!, index, topicId)
}

/** Throws KafkaError. */
function append(
  { context, acks, moved }: Work,
  partition: Partition,
  prepared: PreparedBatch,
): LogAppendInfo {
  const transactionVersion = context.apiVersion >= SECOND_PROTOCOL ? 2 : 0
  const info = partition.appendPrepared(prepared, transactionVersion, acks === ACKS_ALL)
  moved.push(partition)
  partition.counters.produceRequests++
  return info
}

function appended({ index }: ProduceTarget, info: LogAppendInfo): PartitionAnswer {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: info.firstOffset,
    logAppendTimeMs: info.logAppendTime,
    logStartOffset: info.logStartOffset,
    recordErrors: NO_ERRORS,
    errorMessage: null,
  }
}

function countFailure({ services }: Work, { topic }: ProduceTarget): void {
  const counters = services.replicas.counters.ofName(topic)
  counters.produceRequests++
  counters.failedProduceRequests++
}

/**
 * First replies to the producer, unless it has to wait for other replicas; then completes delayed fetches, as Kafka's
 * ActionQueue does: no Fetch delays the response.
 */
function replyAndTell(work: Work, reply: Reply<ProduceAnswer>): void {
  const { pace, services, context, moved } = work
  if (work.awaited.length === 0) replyNow(work, reply)
  else replyWhenAcknowledged(work, reply)
  if (moved.length === 1) services.replicas.moved(moved[0]!)
  else
    doSteps(
      pace,
      context,
      forEachInTurns(pace, moved, (each) => services.replicas.moved(each)),
      NOTHING_MORE,
      GOES_ON,
    )
}

function replyNow(work: Work, reply: Reply<ProduceAnswer>): void {
  const { services, context, acks } = work
  reply(answerOf(work), services.quotas.produced(context.usage, acks !== 0))
}

/** PRODUCE-6. */
function replyWhenAcknowledged(work: Work, reply: Reply<ProduceAnswer>): void {
  const { services, context, awaited, response, timeoutMs } = work
  const appends = awaited.map(({ append }) => append)
  const cancel = awaitReplicas(services.replicas, appends, timeoutMs, (results) => {
    for (const [i, result] of results.entries())
      if (result !== ErrorCode.NONE) response.refuse(awaited[i]!.place, awaited[i]!.target, result)
    replyNow(work, reply)
  })
  context.onDisconnect(cancel)
}
