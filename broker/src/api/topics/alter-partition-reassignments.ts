/**
 * AlterPartitionReassignments (key 45): moves partitions to other brokers, or cancels a move (KIP-455).
 *
 * The response says that the move has begun; ListPartitionReassignments shows when it is complete. A partition that is named
 * twice is decided on twice, as in Kafka. (ReplicationControlManager.alterPartitionReassignments)
 */
import type { Move } from '../../controller/replicas/reassign.ts'
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '../../messages/alter-partition-reassignments.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type Api, api } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'
import { deadlineOf, tooLate } from '../request-deadline.ts'

export const AlterPartitionReassignments: Api = api({
  request: AlterPartitionReassignmentsRequest,
  response: AlterPartitionReassignmentsResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  handle: (services, request, context, reply) => {
    const { topics, allowReplicationFactorChange } = request
    const late =
      topics.length === 0 ? undefined : tooLate(AlterPartitionReassignments, request, context.apiVersion)
    if (late) return reply(late)
    const { turns, controller } = services
    const moves: Move[] = []
    const listed = mapPartitions(
      turns,
      topics,
      ({ partitionIndex, replicas }, { name }) => {
        moves.push({ topic: name, partition: partitionIndex, replicas })
        return { partitionIndex, at: moves.length - 1 }
      },
      ({ name }, partitions) => ({ name, partitions }),
    )
    context.inTurns(listed, (asked) => {
      const options = { deadlineMs: deadlineOf(services, request) }
      context.staysInWork()
      controller.alterReassignments(moves, options, (outcomes) => {
        const responses = mapPartitions(
          turns,
          asked,
          ({ partitionIndex, at }) => {
            const { errorCode, message } = outcomes[at]!
            return { partitionIndex, errorCode, errorMessage: message }
          },
          ({ name }, partitions) => ({ name, partitions }),
        )
        // The response to an empty request has an empty message, as in Kafka.
        const errorMessage = topics.length === 0 ? '' : null
        context.inTurns(responses, (done) =>
          reply({ allowReplicationFactorChange, errorCode: ErrorCode.NONE, errorMessage, responses: done }),
        )
      })
    })
  },
})
