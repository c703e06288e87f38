/** DeleteGroups (key 42): deletes groups without members, and their offsets. */
import { DeleteGroupsRequest, DeleteGroupsResponse } from '../../messages/delete-groups.ts'
import type { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { collect } from '../collect.ts'

export const DeleteGroups = api({
  request: DeleteGroupsRequest,
  response: DeleteGroupsResponse,
  inTurns: true,
  handle(services, request, context, reply) {
    collect(
      services,
      context,
      request.groupsNames,
      (groupId, done: (result: { groupId: string; errorCode: ErrorCode }) => void) =>
        services.groups.deleteGroup(groupId, (errorCode) => done({ groupId, errorCode })),
      (results) => reply({ results }),
    )
  },
})
