/**
 * Verifies, before a transactional batch is appended, that its partition belongs to the producer's transaction.
 *
 * A batch that is appended after its transaction has ended would hold the last stable offset back forever: no
 * coordinator would write a marker for it. So the leader asks the coordinator first (KIP-890):
 *
 *   Produce before v12   the client has sent AddPartitionsToTxn; the coordinator confirms it, or INVALID_TXN_STATE
 *   Produce from v12 on  the client does not send it (transaction version 2); the coordinator adds the partition now
 *
 * A batch of a transaction that is open in the log needs no verification: it was verified before. Nor does a batch whose
 * producer has appended here in a later epoch: it gets INVALID_PRODUCER_EPOCH, whatever its transactional id.
 * (UnifiedLog.maybeStartTransactionVerification)
 *
 * A request with transactional batches must contain its transactional id; otherwise the whole request is refused.
 * The same happens if the search for transactional batches finds a corrupt one.
 */
import type { ProduceRequest } from '../../messages/produce.ts'
import { HEADER_SIZE, isTransactionalAt, readBatchHeader } from '../../record/batch.ts'
import { wholeBatchAt } from '../../record/sole-batch.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { ErrorCode, errorName, KafkaError } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { RequestContext, Services } from '../api.ts'
import { forEachInTurns } from '../in-turns.ts'
import { verificationError } from '../transactions/fenced-error.ts'
import type { ProduceTarget } from './produce-targets.ts'

/** Since this version clients know TRANSACTION_ABORTABLE. */
const SAYS_ABORTABLE = 11
/** Since this version producing to a partition adds it to the transaction. */
const ADDS_PARTITIONS = 12

/** Why a batch must not be appended, as in the response. */
export interface Refusal {
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
}

const STALE: Refusal = { errorCode: ErrorCode.INVALID_PRODUCER_EPOCH, errorMessage: null }

interface Producer {
  readonly producerId: Int64
  readonly producerEpoch: number
}

/** The errors that are known without the coordinator, by target, and what the coordinator must verify. */
export interface ToVerify {
  readonly refusals: (Refusal | undefined)[]
  readonly open: readonly {
    readonly at: number
    readonly producer: Producer
    readonly topic: string
    readonly index: number
  }[]
}

export const NOTHING_TO_VERIFY: ToVerify = { refusals: [], open: [] }

/** Whether the batch for `target` is neither transactional nor corrupt: then it needs no verification. */
export function isPlain({ records }: ProduceTarget): boolean {
  try {
    return !holdsTransactional(records)
  } catch (error) {
    if (error instanceof KafkaError) return false
    throw error
  }
}

export function* findToVerify(
  pace: Pace,
  services: Services,
  { transactionalId }: ProduceRequest,
  { apiVersion }: RequestContext,
  targets: readonly ProduceTarget[],
): Steps<ToVerify> {
  const refusals = targets.map((): Refusal | undefined => undefined)
  const fault = yield* faultOfRequest(pace, transactionalId, targets)
  if (fault) return { refusals: refusals.fill(fault), open: [] }
  const adds = apiVersion >= ADDS_PARTITIONS
  const open: ToVerify['open'][number][] = []
  // The administrator may switch off the verification for transaction version 1.
  if (!adds && !services.config.get('transaction.partition.verification.enable')) return { refusals, open }
  yield* forEachInTurns(pace, targets, (target, at) => {
    const producer = producerToVerify(services, target, adds)
    if (producer === 'stale') refusals[at] = STALE
    else if (producer) open.push({ at, producer, topic: target.topic!, index: target.index })
  })
  return { refusals, open }
}

/** Calls `done` with the error of each target, if any; at once if nothing is transactional. */
export function verifyTransaction(
  services: Services,
  { transactionalId }: ProduceRequest,
  { apiVersion }: RequestContext,
  { refusals, open }: ToVerify,
  done: (refusals: readonly (Refusal | undefined)[]) => void,
): void {
  const adds = apiVersion >= ADDS_PARTITIONS
  const first = open[0]
  if (!first || transactionalId === null) return done(refusals)
  const asked = {
    transactionalId,
    ...first.producer,
    partitions: open.map(({ topic, index }) => ({ topic, index })),
    add: adds,
  }
  services.addPartitions.verifyForProduce(asked, (answers) => {
    for (const [i, { at }] of open.entries())
      refusals[at] = refusalOf(answers[i] ?? ErrorCode.UNKNOWN_SERVER_ERROR, apiVersion)
    done(refusals)
  })
}

/** Errors that a client of transaction version 1 does not retry: it gets one that it does retry. */
const TO_BE_TRIED_AGAIN: readonly ErrorCode[] = [
  ErrorCode.NETWORK_EXCEPTION,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
]

/** The coordinator's result, translated for this client (ReplicaManager.handleProduceAppend). */
function refusalOf(answer: ErrorCode, apiVersion: number): Refusal | undefined {
  if (answer === ErrorCode.NONE) return undefined
  const error = verificationError(answer, apiVersion >= SAYS_ABORTABLE)
  if (error === ErrorCode.INVALID_TXN_STATE) {
    return { errorCode: error, errorMessage: 'Partition was not added to the transaction' }
  }
  const waits = error === ErrorCode.CONCURRENT_TRANSACTIONS && apiVersion < ADDS_PARTITIONS
  if (!waits && !TO_BE_TRIED_AGAIN.includes(error)) return { errorCode: error, errorMessage: null }
  const errorMessage = `Unable to verify the partition has been added to the transaction. Underlying error: ${errorName(error)}`
  return { errorCode: ErrorCode.NOT_ENOUGH_REPLICAS, errorMessage }
}

/** An error of the request as a whole (KafkaApis.handleProduceRequest). */
function* faultOfRequest(
  pace: Pace,
  transactionalId: string | null,
  targets: readonly ProduceTarget[],
): Steps<Refusal | undefined> {
  try {
    let transactional = false
    for (const { records } of targets) {
      if (pace.isOver) yield
      transactional = holdsTransactional(records)
      if (transactional) break
    }
    if (transactionalId !== null || !transactional) return undefined
    return { errorCode: ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, errorMessage: null }
  } catch (error) {
    if (error instanceof KafkaError) return { errorCode: error.code, errorMessage: error.message }
    throw error
  }
}

/** Whether the first batch is transactional. Throws CORRUPT_MESSAGE. */
function holdsTransactional(records: Uint8Array | null): boolean {
  return records !== null && wholeBatchAt(records, 0) >= HEADER_SIZE && isTransactionalAt(records, 0)
}

/**
 * The producer of a transactional batch whose transaction is not open in the log; 'stale' if the log has a later epoch of
 * the producer. Bytes that are not a batch are refused later, by the append, and do not affect other partitions.
 */
function producerToVerify(
  services: Services,
  { topic, index, records }: ProduceTarget,
  bumpsEpoch: boolean,
): Producer | 'stale' | undefined {
  if (topic === undefined || !records || !isSurelyTransactional(records)) return undefined
  const header = readBatchHeader(records)
  const partition = services.replicas.find(topic, index)
  const known = partition?.transactionOf(header.producerId, header.producerEpoch)
  if (!partition || known === 'open') return undefined
  if (known === 'of a later epoch') return 'stale'
  const { producerId, producerEpoch, baseSequence } = header
  partition.noteTentative({ producerId, producerEpoch, baseSequence, bumpsEpoch })
  return { producerId, producerEpoch }
}

function isSurelyTransactional(records: Uint8Array): boolean {
  try {
    return holdsTransactional(records)
  } catch (error) {
    if (error instanceof KafkaError) return false
    throw error
  }
}
