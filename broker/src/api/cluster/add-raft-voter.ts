/**
 * AddRaftVoter (key 80): adds a controller to the voters of the metadata quorum (KIP-853).
 */
import { decideVoterAdded } from '../../controller/decisions/voter-decisions.ts'
import { AddRaftVoterRequest, AddRaftVoterResponse } from '../../messages/add-raft-voter.ts'
import { KafkaError } from '../../wire/errors.ts'
import { api } from '../api.ts'

export const AddRaftVoter = api({
  request: AddRaftVoterRequest,
  response: AddRaftVoterResponse,
  forwards: true,
  handle: ({ controller, metadata }, request, _context, reply) => {
    const { voter } = controller.metadataLog
    try {
      decideVoterAdded({ voter, clusterId: metadata().clusterId }, request)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      reply({ errorCode: error.code, errorMessage: error.message })
    }
  },
})
