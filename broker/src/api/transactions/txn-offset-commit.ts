/**
 * TxnOffsetCommit (key 28): commits a consumer group's offsets as part of a producer's transaction.
 *
 * This makes "consume, transform, produce" exactly-once: the consumed offsets and the produced records are committed
 * together. The offsets are written at once, but become effective with the transaction's marker (coordinators/group/).
 *
 *   v2 leader epochs; v3 flexible, the group's generation and member (KIP-447); v4 new errors; v5 transaction version 2:
 *   there is no AddOffsetsToTxn, so the group's partition is added to the transaction here (KIP-890)
 *
 * The transaction's coordinator must confirm the transaction, unless it is open in the log. Offsets outside of a
 * transaction would stay pending forever.
 */

import type { Commit } from '../../coordinators/group/offsets/commit.ts'
import { partitionFor } from '../../coordinators/partition-for.ts'
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from '../../messages/txn-offset-commit.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type Services } from '../api.ts'
import { answerOf, commitsByName } from '../groups/offset-commit.ts'
import { mapInTurns } from '../in-turns.ts'
import { verificationError } from './fenced-error.ts'

const SECOND_PROTOCOL = 5
const SAYS_ABORTABLE = 4

export const TxnOffsetCommit = api({
  request: TxnOffsetCommitRequest,
  response: TxnOffsetCommitResponse,
  handle: (services, request, context, reply) => {
    const { apiVersion } = context
    const { turns, metadata } = services
    context.inTurns(commitsByName(turns, metadata(), request.topics), (commits) => {
      const answer = (): void => {
        const topics = mapInTurns(turns, request.topics, ({ name }, at) => ({
          name,
          partitions: answerOf(commits[at]!),
        }))
        context.inTurns(topics, (all) =>
          reply({ topics: all.filter(({ partitions }) => partitions.length > 0) }),
        )
      }
      const all = commits.flat()
      if (all.every(({ errorCode }) => errorCode !== ErrorCode.NONE)) return answer()
      verify(services, request, apiVersion, (error) => {
        if (error === ErrorCode.NONE) return commit(services, request, apiVersion, all, answer)
        for (const each of all) each.errorCode ||= error
        answer()
      })
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

/** Verifies that the group's partition belongs to the transaction. In transaction version 2 it is added now. */
function verify(
  services: Services,
  request: TxnOffsetCommitRequest,
  apiVersion: number,
  done: (error: ErrorCode) => void,
): void {
  const { transactionalId, producerId, producerEpoch, groupId } = request
  if (groupId === '') return done(ErrorCode.INVALID_GROUP_ID)
  const topic = services.metadata().topic(OFFSETS_TOPIC)
  if (!topic) return done(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  const index = partitionFor(groupId, topic.partitions.length)
  const partition = services.replicas.find(OFFSETS_TOPIC, index)
  const known = partition?.transactionOf(producerId, producerEpoch)
  if (!partition || known === 'open') return done(ErrorCode.NONE)
  if (known === 'of a later epoch') return done(ErrorCode.INVALID_PRODUCER_EPOCH)
  const partitions = [{ topic: OFFSETS_TOPIC, index }]
  const add = apiVersion >= SECOND_PROTOCOL
  const asked = { transactionalId, producerId, producerEpoch, partitions, add }
  services.addPartitions.verify(asked, ([error = ErrorCode.UNKNOWN_SERVER_ERROR]) => {
    // Older clients do not retry after NETWORK_EXCEPTION, and need not look up the coordinator again.
    if (error === ErrorCode.NETWORK_EXCEPTION) return done(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    done(verificationError(error, apiVersion >= SAYS_ABORTABLE))
  })
}
