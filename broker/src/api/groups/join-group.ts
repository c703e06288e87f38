/**
 * JoinGroup (key 11): the response is sent when the next generation begins, or at once with an error.
 *
 *   v1 adds a rebalance timeout; in v0 the session timeout is used for both (JoinGroupRequest). From v1 on -1 and 0 are
 *   valid timeouts: they expire at once, and a member that has not synced by then is removed.
 */
import { JoinGroupRequest, JoinGroupResponse } from '../../messages/join-group.ts'
import { api } from '../api.ts'

/** In this version the request has no rebalance timeout. */
const WITHOUT_REBALANCE_TIMEOUT = 0
/** Since KIP-559 a missing protocol is null; before, it is empty. */
const NULL_PROTOCOL = 7

export const JoinGroup = api({
  request: JoinGroupRequest,
  response: JoinGroupResponse,
  handle({ groups }, request, context, reply) {
    const none = context.apiVersion >= NULL_PROTOCOL ? null : ''
    const rebalanceTimeoutMs =
      context.apiVersion === WITHOUT_REBALANCE_TIMEOUT ? request.sessionTimeoutMs : request.rebalanceTimeoutMs
    groups.joinGroup({ ...request, rebalanceTimeoutMs }, context, (response) =>
      reply({ ...response, protocolName: response.protocolName ?? none }),
    )
  },
})
