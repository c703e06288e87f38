/** DescribeGroups (key 15): the members of classic groups. */
import type { DescribedGroup } from '../coordinators/group/group-admin.ts'
import { DescribeGroupsRequest, DescribeGroupsResponse } from '../messages/describe-groups.ts'
import { api } from './api.ts'
import { GROUP_OPERATIONS } from './authorized-operations.ts'
import { collect } from './collect.ts'

export const DescribeGroups = api({
  request: DescribeGroupsRequest,
  response: DescribeGroupsResponse,
  handle({ groups }, request, { apiVersion }, reply) {
    const allowed = request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}
    collect(
      request.groups,
      (groupId, done: (group: DescribedGroup) => void) =>
        groups.describeGroup(groupId, apiVersion, (group) =>
          done(group.errorCode ? group : { ...group, ...allowed }),
        ),
      (described) => reply({ groups: described }),
    )
  },
})
