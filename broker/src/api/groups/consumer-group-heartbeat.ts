/**
 * ConsumerGroupHeartbeat (key 68): a KIP-848 member joins, reports, gets its assignment, and leaves.
 *
 * A member may name a hundred thousand topics. The coordinator compares them sorted, and handles a heartbeat in one step; so
 * they are sorted here, in turns.
 */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { distinctInTurns, sortInTurns } from '../in-turns.ts'
import { hasConsumerProtocol } from './consumer-protocol.ts'

/** Fewer names are sorted within the step. */
const MANY_NAMES = 1000

export const ConsumerGroupHeartbeat = api({
  request: ConsumerGroupHeartbeatRequest,
  response: ConsumerGroupHeartbeatResponse,
  handle(services, request, context, reply) {
    const { groups, turns } = services
    if (!hasConsumerProtocol(services)) return reply({ errorCode: ErrorCode.UNSUPPORTED_VERSION })
    const names = request.subscribedTopicNames
    if (names === null || names.length < MANY_NAMES)
      return groups.consumerGroupHeartbeat(request, context, reply)
    const sorted = function* () {
      return yield* sortInTurns(turns, yield* distinctInTurns(turns, names))
    }
    context.inTurns(sorted(), (subscribedTopicNames) =>
      groups.consumerGroupHeartbeat({ ...request, subscribedTopicNames }, context, reply),
    )
  },
})
