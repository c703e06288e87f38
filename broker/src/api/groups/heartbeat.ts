/** Heartbeat (key 12): a classic member extends its session, and learns of a rebalance. */
import { HeartbeatRequest, HeartbeatResponse } from '../../messages/heartbeat.ts'
import { api } from '../api.ts'

export const Heartbeat = api({
  request: HeartbeatRequest,
  response: HeartbeatResponse,
  handle({ groups }, request, context, reply) {
    groups.heartbeat(request, context, (errorCode) => reply({ errorCode }))
  },
})
