/**
 * ConsumerGroupHeartbeat (key 68): the whole life of a KIP-848 member.
 *
 * An administrator who leaves `consumer` out of group.coordinator.rebalance.protocols turns it off.
 */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const ConsumerGroupHeartbeat = api({
  request: ConsumerGroupHeartbeatRequest,
  response: ConsumerGroupHeartbeatResponse,
  handle({ groups, config }, request, context, reply) {
    if (!config.get('group.coordinator.rebalance.protocols').includes('consumer'))
      return reply({ errorCode: ErrorCode.UNSUPPORTED_VERSION })
    groups.consumerGroupHeartbeat(request, context, reply)
  },
})
