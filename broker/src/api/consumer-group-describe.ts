/** ConsumerGroupDescribe (key 69): KIP-848 groups, with what their members have and shall have. */
import type { DescribedConsumerGroup } from '../coordinators/group/consumer-describe.ts'
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../messages/consumer-group-describe.ts'
import { api } from './api.ts'
import { GROUP_OPERATIONS } from './authorized-operations.ts'
import { collect } from './collect.ts'

export const ConsumerGroupDescribe = api({
  request: ConsumerGroupDescribeRequest,
  response: ConsumerGroupDescribeResponse,
  handle({ groups }, request, _context, reply) {
    const allowed = request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}
    collect(
      request.groupIds,
      (groupId, done: (group: DescribedConsumerGroup) => void) =>
        groups.describeConsumerGroup(groupId, (group) =>
          done(group.errorCode ? group : { ...group, ...allowed }),
        ),
      (described) => reply({ groups: described }),
    )
  },
})
