/** ConsumerGroupHeartbeat (key 68): the whole life of a KIP-848 member. */
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from '../messages/consumer-group-heartbeat.ts'
import { api } from './api.ts'

export const ConsumerGroupHeartbeat = api({
  request: ConsumerGroupHeartbeatRequest,
  response: ConsumerGroupHeartbeatResponse,
  handle({ groups }, request, context, reply) {
    groups.consumerGroupHeartbeat(request, context, reply)
  },
})
