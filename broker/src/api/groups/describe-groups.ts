/** DescribeGroups (key 15): the members of classic groups. */
import type { DescribedGroup } from '../../coordinators/group/group-admin.ts'
import { DescribeGroupsRequest, DescribeGroupsResponse } from '../../messages/describe-groups.ts'
import { api } from '../api.ts'
import { GROUP_OPERATIONS } from '../authorized-operations.ts'
import { collectByKey } from '../collect.ts'

export const DescribeGroups = api({
  request: DescribeGroupsRequest,
  response: DescribeGroupsResponse,
  inTurns: true,
  handle(services, request, context, reply) {
    const allowed = request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}
    collectByKey(
      services,
      context,
      request.groups,
      (groupId, done: (group: DescribedGroup) => void) =>
        services.groups.describeGroup(groupId, context.apiVersion, (group) =>
          done(group.errorCode ? group : { ...group, ...allowed }),
        ),
      (described) => reply({ groups: described }),
    )
  },
})
