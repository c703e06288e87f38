/** JoinGroup (key 11): answered when the group's next generation begins, or at once with an error. */
import { JoinGroupRequest, JoinGroupResponse } from '../messages/join-group.ts'
import { api } from './api.ts'

/** Since KIP-559 a protocol that there is none of is null; before, it is empty. */
const NULL_PROTOCOL = 7

export const JoinGroup = api({
  request: JoinGroupRequest,
  response: JoinGroupResponse,
  handle({ groups }, request, context, reply) {
    const none = context.apiVersion >= NULL_PROTOCOL ? null : ''
    groups.joinGroup(request, context, (response) =>
      reply({ ...response, protocolName: response.protocolName ?? none }),
    )
  },
})
