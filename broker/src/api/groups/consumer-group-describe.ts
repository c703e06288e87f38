/** ConsumerGroupDescribe (key 69): KIP-848 groups, with the current and the target assignments of their members. */
import type { DescribedConsumerGroup } from '../../coordinators/group/consumer/describe.ts'
import {
  ConsumerGroupDescribeRequest,
  ConsumerGroupDescribeResponse,
} from '../../messages/consumer-group-describe.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { GROUP_OPERATIONS } from '../authorized-operations.ts'
import { collectByKey } from '../collect.ts'
import { errorResponse } from '../error-response.ts'
import { hasConsumerProtocol } from './consumer-protocol.ts'

export const ConsumerGroupDescribe = api({
  request: ConsumerGroupDescribeRequest,
  response: ConsumerGroupDescribeResponse,
  inTurns: true,
  handle(services, request, context, reply) {
    if (!hasConsumerProtocol(services))
      return reply(
        errorResponse(ConsumerGroupDescribe, request, context.apiVersion, ErrorCode.UNSUPPORTED_VERSION),
      )
    const allowed = request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}
    collectByKey(
      services,
      context,
      request.groupIds,
      (groupId, done: (group: DescribedConsumerGroup) => void) =>
        services.groups.describeConsumerGroup(groupId, (group) =>
          done(group.errorCode ? group : { ...group, ...allowed }),
        ),
      (described) => reply({ groups: described }),
    )
  },
})
