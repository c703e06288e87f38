/**
 * ListPartitionReassignments (key 46): lists the ongoing reassignments, of all topics or of the named partitions. (KIP-455)
 */
import { ongoingReassignments } from '../../controller/replicas/reassign.ts'
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '../../messages/list-partition-reassignments.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type Api, api } from '../api.ts'
import { mapInTurns } from '../in-turns.ts'

export const ListPartitionReassignments: Api = api({
  request: ListPartitionReassignmentsRequest,
  response: ListPartitionReassignmentsResponse,
  *steps({ metadata, turns }, { topics }) {
    const image = metadata()
    const everything = (): Iterable<{ name: string; partitionIndexes: Iterable<number> }> =>
      Array.from(image.topics.values(), ({ name, partitions }) => ({
        name,
        partitionIndexes: partitions.keys(),
      }))
    const asked = yield* mapInTurns(turns, topics ?? everything(), ({ name, partitionIndexes }) => ({
      name,
      partitions: ongoingReassignments(image, name, partitionIndexes),
    }))
    const moving = asked.filter(({ partitions }) => partitions.length > 0)
    return { errorCode: ErrorCode.NONE, errorMessage: null, topics: moving }
  },
})
