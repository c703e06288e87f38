/**
 * TxnOffsetCommit (key 28): a consumer group's offsets, as part of a producer's transaction.
 *
 * "Consume, transform, produce" exactly once: what was read and what was written of it become true together. The
 * offsets are written at once, but count only when the transaction's marker follows them (coordinators/group/).
 *
 *   v2 leader epochs; v3 flexible, the group's generation and member (KIP-447); v4 new errors; v5 the second protocol:
 *   nobody has sent AddOffsetsToTxn, so the group's partition joins the transaction here (KIP-890)
 */
import type { Commit } from '../coordinators/group/offset-commit.ts'
import { partitionFor } from '../coordinators/partition-for.ts'
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../messages/txn-offset-commit.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api, type Services } from './api.ts'
import { answerOf, commitsByName } from './offset-commit.ts'

const SECOND_PROTOCOL = 5
const OFFSETS_TOPIC = '__consumer_offsets'

export const TxnOffsetCommit = api({
  request: TxnOffsetCommitRequest,
  response: TxnOffsetCommitResponse,
  handle: (services, request, { apiVersion }, reply) => {
    const commits = commitsByName(services.metadata(), request.topics)
    const answer = (): void =>
      reply({ topics: request.topics.map(({ name }, at) => ({ name, partitions: answerOf(commits[at]!) })) })
    const all = commits.flat()
    if (all.every(({ errorCode }) => errorCode !== ErrorCode.NONE)) return answer()
    join(services, request, apiVersion, (error) => {
      if (error === ErrorCode.NONE) return commit(services, request, apiVersion, all, answer)
      for (const each of all) each.errorCode ||= error
      answer()
    })
  },
})

function commit(
  { groups }: Services,
  request: TxnOffsetCommitRequest,
  apiVersion: number,
  commits: readonly Commit[],
  done: () => void,
): void {
  const { groupId, memberId, groupInstanceId, generationId, producerId, producerEpoch } = request
  const transaction = { producerId, producerEpoch }
  groups.commitOffsets(
    { groupId, memberId, groupInstanceId, generationId, apiVersion, transaction },
    commits,
    done,
  )
}

/** With the second protocol: the group's partition takes part in the transaction from now on. */
function join(
  services: Services,
  request: TxnOffsetCommitRequest,
  apiVersion: number,
  done: (error: ErrorCode) => void,
): void {
  if (apiVersion < SECOND_PROTOCOL) return done(ErrorCode.NONE)
  const topic = services.metadata().topic(OFFSETS_TOPIC)
  if (!topic) return done(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const { transactionalId, producerId, producerEpoch, groupId } = request
  const partitions = [{ topic: OFFSETS_TOPIC, index: partitionFor(groupId, topic.partitions.length) }]
  services
    .transactionsOf(transactionalId)
    .addPartitions({ transactionalId, producerId, producerEpoch, partitions }, 2, (error) =>
      done(error === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error),
    )
}
