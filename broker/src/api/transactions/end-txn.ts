/**
 * EndTxn (key 26): commits or aborts a transaction.
 *
 * The response is sent when the decision is in the coordinator's log; markers are written after it. From v5 on the producer
 * continues with the id and epoch of the response: the epoch is increased with every transaction (KIP-890).
 *
 *   v2 PRODUCER_FENCED; v3 flexible; v4 new errors; v5 transaction version 2
 */
import { EndTxnRequest, EndTxnResponse } from '../../messages/end-txn.ts'
import { api } from '../api.ts'
import { fencedError } from './fenced-error.ts'

const NAMES_FENCING = 2
const SECOND_PROTOCOL = 5

export const EndTxn = api({
  request: EndTxnRequest,
  response: EndTxnResponse,
  handle: ({ transactions }, request, { apiVersion }, reply) => {
    const end = {
      producerId: request.producerId,
      producerEpoch: request.producerEpoch,
      commit: request.committed,
      clientVersion: apiVersion >= SECOND_PROTOCOL ? 2 : 0,
    }
    transactions.endTransaction(request.transactionalId, end, (error, { producerId, producerEpoch }) => {
      reply({ errorCode: fencedError(error, apiVersion >= NAMES_FENCING), producerId, producerEpoch })
    })
  },
})
