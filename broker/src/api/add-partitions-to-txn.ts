/**
 * AddPartitionsToTxn (key 24): these partitions take part in the transaction from now on.
 *
 * The first protocol sends it before the first batch to a partition, so that the coordinator knows where markers
 * will have to go. Producers of the second protocol do not: producing adds the partition (KIP-890).
 *
 *   v2 PRODUCER_FENCED; v3 flexible; v4 many transactions at once and "verify only", for brokers; v5 new errors
 *
 * All or nothing: with one partition that does not exist none is added, and the others say OPERATION_NOT_ATTEMPTED.
 * Internal topics are nobody's to add: offsets join by AddOffsetsToTxn.
 */
import { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from '../messages/add-partitions-to-txn.ts'
import { ErrorCode } from '../wire/errors.ts'
import type { Int64 } from '../wire/int64.ts'
import { api, type Services } from './api.ts'
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
  handle: (services, request, { apiVersion }, reply) => {
    if (apiVersion < BATCHED) {
      const only: Transaction = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: request.v3AndBelowTopics,
      }
      return add(services, only, apiVersion, (results) => reply({ resultsByTopicV3AndBelow: results }))
    }
    const resultsByTransaction: { transactionalId: string; topicResults: TopicResult[] }[] = []
    if (request.transactions.length === 0) return reply({ resultsByTransaction })
    for (const transaction of request.transactions) {
      add(services, transaction, apiVersion, (topicResults) => {
        resultsByTransaction.push({ transactionalId: transaction.transactionalId, topicResults })
        if (resultsByTransaction.length === request.transactions.length) reply({ resultsByTransaction })
      })
    }
  },
})

function add(
  services: Services,
  transaction: Transaction,
  apiVersion: number,
  done: (results: TopicResult[]) => void,
): void {
  const { transactionalId, producerId, producerEpoch, verifyOnly, topics } = transaction
  const partitions = topics.flatMap(({ name, partitions }) =>
    partitions.map((index) => ({ topic: name, index })),
  )
  const answer = (codes: readonly number[]): void => done(byTopic(topics, codes))
  const faults = partitions.map((each) => faultOf(services, each, apiVersion))
  if (faults.some((fault) => fault !== ErrorCode.NONE)) {
    return answer(faults.map((fault) => fault || ErrorCode.OPERATION_NOT_ATTEMPTED))
  }
  const asked = { transactionalId, producerId, producerEpoch, partitions }
  if (verifyOnly) {
    return services.transactions.verifyPartitions({ ...asked, add: false }, (codes) =>
      answer(codes.map((code) => (apiVersion >= SAYS_ABORTABLE ? code : withoutAbortable(code)))),
    )
  }
  services.transactions.addPartitions(asked, apiVersion >= BATCHED ? 2 : 0, (error) => {
    answer(partitions.map(() => fencedError(error, apiVersion >= NAMES_FENCING)))
  })
}

/** Why a partition can't take part. Brokers, who ask for many transactions at once, may add internal topics. */
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
