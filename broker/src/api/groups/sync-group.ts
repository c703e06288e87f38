/** SyncGroup (key 14): the response is sent when the leader's assignment is in the log. */
import { SyncGroupRequest, SyncGroupResponse } from '../../messages/sync-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

/** Since this version a client must name the protocol that it expects (KIP-559). */
const NAMES_PROTOCOL = 5

export const SyncGroup = api({
  request: SyncGroupRequest,
  response: SyncGroupResponse,
  handle({ groups }, request, context, reply) {
    const { protocolType, protocolName } = request
    if (context.apiVersion >= NAMES_PROTOCOL && (protocolType === null || protocolName === null)) {
      reply({ errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL })
    } else {
      groups.syncGroup(request, context, reply)
    }
  },
})
