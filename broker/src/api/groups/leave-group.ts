/** LeaveGroup (key 13): one member up to version 2, several since (KIP-345). */
import type { Leaving } from '../../coordinators/group/classic/membership.ts'
import { LeaveGroupRequest, LeaveGroupResponse } from '../../messages/leave-group.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api, type RequestContext, type Services } from '../api.ts'
import { collect } from '../collect.ts'
import { mapInTurns } from '../in-turns.ts'

const BATCHED = 3

/** The members of a request leave together, and cause one rebalance. A request may name a million: then in pieces. */
const PIECE_MEMBERS = 10_000

export const LeaveGroup = api({
  request: LeaveGroupRequest,
  response: LeaveGroupResponse,
  handle(services, request, context, reply) {
    const isBatched = context.apiVersion >= BATCHED
    const one = { memberId: request.memberId, groupInstanceId: null, reason: null }
    const members = isBatched ? request.members : [one]
    leave(services, context, request.groupId, members, (errorCode, codes) => {
      if (!isBatched) return reply({ errorCode: codes[0] ?? errorCode })
      const left = mapInTurns(services.turns, codes.length > 0 ? members : [], (member, at) => ({
        ...member,
        errorCode: codes[at] ?? ErrorCode.NONE,
      }))
      context.inTurns(left, (answers) => reply({ errorCode, members: answers }))
    })
  },
})

type LeaveDone = (error: ErrorCode, codes: readonly ErrorCode[]) => void

function leave(
  services: Services,
  context: RequestContext,
  groupId: string,
  members: readonly Leaving[],
  done: LeaveDone,
): void {
  const { groups } = services
  if (members.length <= PIECE_MEMBERS) return groups.leaveGroup(groupId, members, done)
  const pieces = Array.from({ length: Math.ceil(members.length / PIECE_MEMBERS) }, (_, i) =>
    members.slice(i * PIECE_MEMBERS, (i + 1) * PIECE_MEMBERS),
  )
  const ask = (piece: readonly Leaving[], left: (codes: readonly ErrorCode[] | ErrorCode) => void): void =>
    groups.leaveGroup(groupId, piece, (error, codes) => left(error === ErrorCode.NONE ? codes : error))
  collect(services, context, pieces, ask, (results) => {
    const error = results.find((each) => typeof each === 'number')
    if (error !== undefined) done(error, [])
    else done(ErrorCode.NONE, results.flat() as ErrorCode[])
  })
}
