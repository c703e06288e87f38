/**
 * ListPartitionReassignments (key 46): lists ongoing reassignments. (KIP-455)
 *
 * Partitions have one replica here and are never moved, so the list is empty.
 */
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../../messages/list-partition-reassignments.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

export const ListPartitionReassignments = api({
  request: ListPartitionReassignmentsRequest,
  response: ListPartitionReassignmentsResponse,
  handle: (_services, _request, _context, reply) => {
    reply({ errorCode: ErrorCode.NONE, errorMessage: null, topics: [] })
  },
})
