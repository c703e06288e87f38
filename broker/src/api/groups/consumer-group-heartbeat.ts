/** ConsumerGroupHeartbeat (key 68): a KIP-848 member joins, reports, gets its assignment, and leaves. */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../../messages/consumer-group-heartbeat.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { hasConsumerProtocol } from './consumer-protocol.ts'

export const ConsumerGroupHeartbeat = api({
  request: ConsumerGroupHeartbeatRequest,
  response: ConsumerGroupHeartbeatResponse,
  handle(services, request, context, reply) {
    if (!hasConsumerProtocol(services)) return reply({ errorCode: ErrorCode.UNSUPPORTED_VERSION })
    services.groups.consumerGroupHeartbeat(request, context, reply)
  },
})
