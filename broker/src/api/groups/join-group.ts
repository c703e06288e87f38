/**
 * JoinGroup (key 11): the response is sent when the next generation begins, or at once with an error.
 *
 *   v1 adds a rebalance timeout; in v0 the session timeout is used for both (JoinGroupRequest). From v1 on -1 and 0 are
 *   valid timeouts: they expire at once, and a member that has not synced by then is removed.
 *
 * The protocols are copied here, because a group keeps them for longer than the request. They may be hundreds of thousands:
 * then in turns. A protocol that is named twice is kept once.
 */
import type { Protocol } from '../../coordinators/group/classic/classic-group.ts'
import { JoinGroupRequest, JoinGroupResponse } from '../../messages/join-group.ts'
import type { Steps } from '../../turns.ts'
import type { Pace } from '../../wire/codec-steps.ts'
import { api } from '../api.ts'
import { ALL_AT_ONCE, doSteps } from '../in-turns.ts'

/** In this version the request has no rebalance timeout. */
const WITHOUT_REBALANCE_TIMEOUT = 0
/** Since KIP-559 a missing protocol is null; before, it is empty. */
const NULL_PROTOCOL = 7
/** Fewer protocols are copied at once. */
const MANY_PROTOCOLS = 100

export const JoinGroup = api({
  request: JoinGroupRequest,
  response: JoinGroupResponse,
  handle({ groups, turns }, request, context, reply) {
    const none = context.apiVersion >= NULL_PROTOCOL ? null : ''
    const rebalanceTimeoutMs =
      context.apiVersion === WITHOUT_REBALANCE_TIMEOUT ? request.sessionTimeoutMs : request.rebalanceTimeoutMs
    const pace = request.protocols.length < MANY_PROTOCOLS ? ALL_AT_ONCE : turns
    doSteps(pace, context, copied(pace, request.protocols), (protocols) =>
      groups.joinGroup({ ...request, rebalanceTimeoutMs, protocols }, context, (response) =>
        reply({ ...response, protocolName: response.protocolName ?? none }),
      ),
    )
  },
})

function* copied(pace: Pace, protocols: readonly Protocol[]): Steps<Protocol[]> {
  const names = new Set<string>()
  const copies: Protocol[] = []
  for (const { name, metadata } of protocols) {
    if (pace.isOver) yield
    if (names.has(name)) continue
    names.add(name)
    copies.push({ name, metadata: metadata.slice() })
  }
  return copies
}
