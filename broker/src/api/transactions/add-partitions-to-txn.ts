/**
 * AddPartitionsToTxn (key 24): adds partitions to the transaction.
 *
 * In transaction version 1 a client sends it before its first batch to a partition, so that the coordinator knows where to
 * write markers. In version 2 producing to a partition adds it, and this request is not needed (KIP-890).
 *
 *   v2 PRODUCER_FENCED; v3 flexible; v4 many transactions at once and "verify only", for brokers; v5 new errors
 *
 * All or nothing: if one partition does not exist, none is added, and the others get OPERATION_NOT_ATTEMPTED.
 * Internal topics can't be added: AddOffsetsToTxn adds a group's offsets.
 */

import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from '../../messages/add-partitions-to-txn.ts'
import { partitionKey } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import { api, type Services } from '../api.ts'
import { collect } from '../collect.ts'
import { forEachPartition } from '../in-turns.ts'
import { fencedError, withoutAbortable } from './fenced-error.ts'

const NAMES_FENCING = 2
const BATCHED = 4
const SAYS_ABORTABLE = 5

interface Transaction {
  readonly transactionalId: string
  readonly producerId: Int64
  readonly producerEpoch: number
  readonly verifyOnly: boolean
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
}
interface TopicResult {
  readonly name: string
  readonly resultsByPartition: { partitionIndex: number; partitionErrorCode: number }[]
}

export const AddPartitionsToTxn = api({
  request: AddPartitionsToTxnRequest,
  response: AddPartitionsToTxnResponse,
  handle: (services, request, context, reply) => {
    const isBatched = context.apiVersion >= BATCHED
    const only: Transaction = {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
      verifyOnly: false,
      topics: request.v3AndBelowTopics,
    }
    const transactions = isBatched ? request.transactions : [only]
    context.inTurns(lookUp(services, transactions, context.apiVersion), (looked) => {
      const ask = (each: LookedUp, done: (topics: TopicResult[]) => void): void =>
        add(services, each, context.apiVersion, done)
      collect(services, context, looked, ask, (results) => {
        if (!isBatched) return reply({ resultsByTopicV3AndBelow: results[0] ?? [] })
        const resultsByTransaction = results.map((topicResults, at) => ({
          transactionalId: transactions[at]!.transactionalId,
          topicResults,
        }))
        reply({ resultsByTransaction })
      })
    })
  },
})

/** A transaction whose partitions were checked. */
interface LookedUp {
  readonly transaction: Transaction
  /** The error of each partition, in the order of the request. */
  readonly faults: readonly ErrorCode[]
  /** Each partition once. */
  readonly partitions: readonly { readonly topic: string; readonly index: number }[]
}

function* lookUp(
  services: Services,
  transactions: readonly Transaction[],
  apiVersion: number,
): Steps<LookedUp[]> {
  const { turns } = services
  const looked: LookedUp[] = []
  for (const transaction of transactions) {
    if (turns.isOver) yield
    const faults: ErrorCode[] = []
    const partitions = new Map<string, { topic: string; index: number }>()
    yield* forEachPartition(turns, transaction.topics, (index, { name: topic }) => {
      faults.push(faultOf(services, { topic, index }, apiVersion))
      partitions.set(partitionKey(topic, index), { topic, index })
    })
    looked.push({ transaction, faults, partitions: [...partitions.values()] })
  }
  return looked
}

function add(
  services: Services,
  { transaction, faults, partitions }: LookedUp,
  apiVersion: number,
  done: (results: TopicResult[]) => void,
): void {
  const { transactionalId, producerId, producerEpoch, verifyOnly, topics } = transaction
  const answer = (codes: readonly ErrorCode[]): void => done(byTopic(topics, codes))
  if (faults.some((fault) => fault !== ErrorCode.NONE)) {
    return answer(faults.map((fault) => fault || ErrorCode.OPERATION_NOT_ATTEMPTED))
  }
  const asked = { transactionalId, producerId, producerEpoch, partitions }
  if (verifyOnly) {
    return services.transactions.verifyPartitions({ ...asked, add: false }, (codes) => {
      const told = apiVersion >= SAYS_ABORTABLE ? codes : codes.map(withoutAbortable)
      const byPartition = new Map(
        partitions.map(({ topic, index }, at) => [partitionKey(topic, index), told[at]!]),
      )
      answer(
        topics.flatMap(({ name, partitions: its }) =>
          its.map((index) => byPartition.get(partitionKey(name, index))!),
        ),
      )
    })
  }
  services.transactions.addPartitions(asked, apiVersion >= BATCHED ? 2 : 0, (error) => {
    const code = fencedError(error, apiVersion >= NAMES_FENCING)
    answer(faults.map(() => code))
  })
}

/** Why a partition can't be added. Brokers, which send many transactions at once, may add internal topics. */
function faultOf(
  services: Services,
  { topic, index }: { topic: string; index: number },
  apiVersion: number,
): ErrorCode {
  if (apiVersion < BATCHED && services.replicas.isInternal(topic)) return ErrorCode.TOPIC_AUTHORIZATION_FAILED
  const isThere = services.metadata().topic(topic)?.partitions[index] !== undefined
  return isThere ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

function byTopic(topics: Transaction['topics'], codes: readonly number[]): TopicResult[] {
  let next = 0
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: codes[next++] ?? 0,
    })),
  }))
}
