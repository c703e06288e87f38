/** LeaveGroup (key 13): one member up to version 2, several since (KIP-345). */
import { LeaveGroupRequest, LeaveGroupResponse } from '../../messages/leave-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

const BATCHED = 3

export const LeaveGroup = api({
  request: LeaveGroupRequest,
  response: LeaveGroupResponse,
  handle({ groups }, request, { apiVersion }, reply) {
    const isBatched = apiVersion >= BATCHED
    const one = { memberId: request.memberId, groupInstanceId: null, reason: null }
    const members = isBatched ? request.members : [one]
    groups.leaveGroup(request.groupId, members, (errorCode, codes) => {
      if (!isBatched) return reply({ errorCode: codes[0] ?? errorCode })
      const left = members.map((member, at) => ({ ...member, errorCode: codes[at] ?? ErrorCode.NONE }))
      reply({ errorCode, members: codes.length > 0 ? left : [] })
    })
  },
})
