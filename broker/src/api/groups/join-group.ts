/**
 * JoinGroup (key 11): answered when the group's next generation begins, or at once with an error.
 *
 *   v1 has a rebalance timeout of its own; in v0 the session timeout is both (JoinGroupRequest). From v1 on -1 and 0 are
 *   timeouts like others: they are over at once, and so is the membership of a member that has not synced by then.
 */
import { JoinGroupRequest, JoinGroupResponse } from '../../messages/join-group.ts'
import { api } from '../api.ts'

/** In this version the request has no rebalance timeout. */
const WITHOUT_REBALANCE_TIMEOUT = 0
/** Since KIP-559 a protocol that there is none of is null; before, it is empty. */
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
