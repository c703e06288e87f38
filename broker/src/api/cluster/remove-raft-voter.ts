/**
 * RemoveRaftVoter (key 81): removes a controller from the voters (KIP-853).
 */
import { decideVoterRemoved } from '../../controller/decisions/voter-decisions.ts'
import { RemoveRaftVoterRequest, RemoveRaftVoterResponse } from '../../messages/remove-raft-voter.ts'
import { KafkaError } from '../../wire/errors.ts'
import { api } from '../api.ts'

export const RemoveRaftVoter = api({
  request: RemoveRaftVoterRequest,
  response: RemoveRaftVoterResponse,
  forwards: true,
  handle: ({ controller, metadata }, request, _context, reply) => {
    const { voter } = controller.metadataLog
    try {
      decideVoterRemoved({ voter, clusterId: metadata().clusterId }, request)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      reply({ errorCode: error.code, errorMessage: error.message })
    }
  },
})
