/**
 * ListPartitionReassignments (key 46): which partitions are moving from some nodes to others? (KIP-455)
 *
 * Partitions have one replica here and stay where they are: none.
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
