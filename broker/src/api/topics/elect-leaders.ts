/**
 * ElectLeaders (key 43): elects the preferred replica, or any replica even if it lacks records (KIP-183, KIP-460).
 *
 *   v1 preferred or unclean   v2 flexible
 *
 * A partition has one replica here: either it is the leader, and needs no election, or its node is down, and there is no
 * other replica to elect. (ReplicationControlManager.electLeaders)
 */
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import { ElectLeadersRequest, ElectLeadersResponse } from '../../messages/elect-leaders.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type Api, api, FEW } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'
import { tooLate } from '../request-deadline.ts'

const PREFERRED = 0
const UNCLEAN = 1

export const ElectLeaders: Api = api({
  request: ElectLeadersRequest,
  response: ElectLeadersResponse,
  isLarge: ({ metadata }, { topicPartitions }) => topicPartitions === null && metadata().topics.size > FEW,
  *steps(services, request, { apiVersion }) {
    const { electionType, topicPartitions } = request
    const late = topicPartitions?.length === 0 ? undefined : tooLate(ElectLeaders, request, apiVersion)
    if (late) return late
    const isKnown = electionType === PREFERRED || electionType === UNCLEAN || topicPartitions?.length === 0
    if (!isKnown) return unknownType(electionType, topicPartitions)
    const image = services.metadata()
    const asked = topicPartitions ?? everyPartition(image)
    const results = yield* mapPartitions(
      services.turns,
      asked,
      (partitionId, { topic }) => ({ partitionId, ...elect(image, topic, partitionId, electionType) }),
      ({ topic }, partitionResult) => ({
        topic,
        // A request for all partitions returns only those that needed an election.
        partitionResult: partitionResult.filter(
          ({ errorCode }) => topicPartitions !== null || errorCode !== ErrorCode.ELECTION_NOT_NEEDED,
        ),
      }),
    )
    return { errorCode: ErrorCode.NONE, replicaElectionResults: results }
  },
})

function unknownType(electionType: number, asked: ElectLeadersRequest['topicPartitions']) {
  const errorCode = ErrorCode.INVALID_REQUEST
  const refused = { errorCode, errorMessage: `Unknown election type ${electionType}` }
  const replicaElectionResults = (asked ?? []).map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId) => ({ partitionId, ...refused })),
  }))
  return { errorCode, replicaElectionResults }
}

function everyPartition(image: MetadataImage): { topic: string; partitions: number[] }[] {
  return Array.from(image.topics.values(), ({ name, partitions }) => ({
    topic: name,
    partitions: [...partitions.keys()],
  }))
}

function elect(image: MetadataImage, topic: string, index: number, electionType: number) {
  const refused = (errorCode: ErrorCode, errorMessage: string) => ({ errorCode, errorMessage })
  const partitions = image.topic(topic)?.partitions
  if (!partitions) return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such topic as ${topic}`)
  const partition = partitions[index]
  if (!partition)
    return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `No such partition as ${topic}-${index}`)
  if (image.brokers.get(partition.leader)?.fenced === false) {
    return refused(ErrorCode.ELECTION_NOT_NEEDED, 'Leader election not needed for topic partition.')
  }
  return electionType === PREFERRED
    ? refused(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.')
    : refused(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE, 'Eligible topic partition leaders are not available.')
}
