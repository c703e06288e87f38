/**
 * ElectLeaders (key 43): elects the preferred replica, or any replica even if it lacks records (KIP-183, KIP-460).
 *
 *   v1 preferred or unclean   v2 flexible
 *
 * Most partitions of a request need no election. They are answered from the metadata, and the controller decides on the rest.
 */
import { outcomeOf } from '../../controller/decisions/outcome.ts'
import type { MetadataImage } from '../../controller/metadata/metadata-image.ts'
import { decideElection, type Election } from '../../controller/replicas/elections.ts'
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
  type ElectLeadersRequest as Request,
} from '../../messages/elect-leaders.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { type Api, api, FEW, type Services } from '../api.ts'
import { mapPartitions } from '../in-turns.ts'
import { deadlineOf, tooLate } from '../request-deadline.ts'

const PREFERRED = 0
const UNCLEAN = 1

export const ElectLeaders: Api = api({
  request: ElectLeadersRequest,
  response: ElectLeadersResponse,
  inTurns: true,
  decides: true,
  forwards: true,
  isLarge: ({ metadata }, { topicPartitions }) => topicPartitions === null && metadata().topics.size > FEW,
  handle: (services, request, context, reply) => {
    const { electionType, topicPartitions } = request
    const late =
      topicPartitions?.length === 0 ? undefined : tooLate(ElectLeaders, request, context.apiVersion)
    if (late) return reply(late)
    const isKnown = electionType === PREFERRED || electionType === UNCLEAN || topicPartitions?.length === 0
    if (!isKnown) return reply(unknownType(electionType, topicPartitions))
    context.inTurns(sorted(services, request), ({ topics, needed }) => {
      const answer = (): void => reply({ errorCode: ErrorCode.NONE, replicaElectionResults: topics })
      if (needed.length === 0) return answer()
      context.staysInWork()
      const elections = needed.map(({ election }) => election)
      const options = { deadlineMs: deadlineOf(services, request) }
      services.controller.electLeaders(elections, options, (outcomes) => {
        for (const [at, { errorCode, message }] of outcomes.entries()) {
          const { result } = needed[at]!
          result.errorCode = errorCode
          result.errorMessage = message
        }
        answer()
      })
    })
  },
})

interface PartitionResult {
  readonly partitionId: number
  errorCode: ErrorCode
  errorMessage: string | null
}

interface Sorted {
  readonly topics: readonly { readonly topic: string; readonly partitionResult: PartitionResult[] }[]
  /** Elections for the controller, and where their outcomes go. */
  readonly needed: readonly { readonly election: Election; readonly result: PartitionResult }[]
}

function* sorted(services: Services, { electionType, topicPartitions }: Request): Steps<Sorted> {
  const context = { image: services.metadata(), config: services.config }
  const type = electionType === PREFERRED ? 'preferred' : 'unclean'
  const needed: { election: Election; result: PartitionResult }[] = []
  const topics = yield* mapPartitions(
    services.turns,
    topicPartitions ?? everyPartition(context.image),
    (partitionId, { topic }): PartitionResult => {
      const result: PartitionResult = { partitionId, errorCode: ErrorCode.NONE, errorMessage: null }
      try {
        decideElection(context, topic, partitionId, type)
        needed.push({ election: { topic, partition: partitionId, type }, result })
      } catch (error) {
        const { errorCode, message } = outcomeOf(error, services.core)
        Object.assign(result, { errorCode, errorMessage: message })
      }
      return result
    },
    ({ topic }, partitionResult) => ({
      topic,
      // A request for all partitions returns only those that needed an election.
      partitionResult: partitionResult.filter(
        ({ errorCode }) => topicPartitions !== null || errorCode !== ErrorCode.ELECTION_NOT_NEEDED,
      ),
    }),
  )
  return { topics, needed }
}

function unknownType(electionType: number, asked: Request['topicPartitions']) {
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
