/**
 * Before a transactional batch is appended: is its partition part of the producer's transaction?
 *
 * A batch that is written outside any transaction, late and after its transaction ended, would hold the last
 * stable offset back for ever: nobody would write a marker for it. So the leader asks the coordinator first
 * (KIP-890):
 *
 *   Produce before v12   the client has sent AddPartitionsToTxn; the coordinator confirms it, or INVALID_TXN_STATE
 *   Produce from v12 on  the client has not (second protocol); the coordinator adds the partition now
 *
 * A batch that goes on in a transaction which the log knows as open needs no question: it was answered before.
 */
import type { ProduceRequest } from '../messages/produce.ts'
import { HEADER_SIZE, isTransactional, readBatchHeader } from '../record/batch.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { RequestContext, Services } from './api.ts'

/** One partition of a Produce request; `topic` is undefined when its id is unknown here. */
export interface ProduceTarget {
  readonly topic: string | undefined
  readonly topicId: string
  readonly index: number
  readonly records: Uint8Array | null
}

/** From this version on partitions are added by producing to them. */
const ADDS_PARTITIONS = 12

interface Producer {
  readonly producerId: number
  readonly producerEpoch: number
}

/** Calls `done` with an error code (or NONE) for each target; at once when nothing is transactional. */
export function verifyTransaction(
  services: Services,
  request: ProduceRequest,
  { apiVersion }: RequestContext,
  targets: readonly ProduceTarget[],
  done: (codes: readonly number[]) => void,
): void {
  const codes = targets.map((): number => ErrorCode.NONE)
  const { transactionalId } = request
  const open = targets.flatMap((target, at) => {
    const producer = producerToVerify(services, target)
    return producer ? [{ at, producer, topic: target.topic!, index: target.index }] : []
  })
  const first = open[0]
  if (!first) return done(codes)
  if (transactionalId === null) return done(codes.map(() => ErrorCode.INVALID_TXN_STATE))
  const asked = {
    transactionalId,
    ...first.producer,
    partitions: open.map(({ topic, index }) => ({ topic, index })),
    add: apiVersion >= ADDS_PARTITIONS,
  }
  services.transactionsOf(transactionalId).verifyPartitions(asked, (answers) => {
    for (const [i, { at }] of open.entries()) codes[at] = answers[i] ?? ErrorCode.UNKNOWN_SERVER_ERROR
    done(codes)
  })
}

/** The producer of a transactional batch whose transaction the partition's log does not know as open. */
function producerToVerify(
  services: Services,
  { topic, index, records }: ProduceTarget,
): Producer | undefined {
  if (topic === undefined || !records || records.length < HEADER_SIZE) return undefined
  const header = readBatchHeader(records)
  if (!isTransactional(header)) return undefined
  const partition = services.replicas.find(topic, index)
  if (!partition || partition.log.hasOpenTransaction(header.producerId, header.producerEpoch))
    return undefined
  return { producerId: header.producerId, producerEpoch: header.producerEpoch }
}
