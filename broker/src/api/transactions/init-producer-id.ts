/**
 * InitProducerId (key 22): gives a producer its id and epoch.
 *
 * Without a transactional id it is a new unique id, at epoch 0: enough for idempotence. With one, the producer gets the
 * id's producer id with the next epoch, and the producer with the previous epoch is fenced (coordinators/transaction/).
 *
 *   v2 flexible; v3 the producer sends its current id and epoch (KIP-360); v4 PRODUCER_FENCED; v6 two-phase commit (KIP-939), not
 *   advertised by Apache Kafka 4.3
 */
import { InitProducerIdRequest, InitProducerIdResponse } from '../../messages/init-producer-id.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'
import { fencedError } from './fenced-error.ts'

const NAMES_FENCING = 4

export const InitProducerId = api({
  request: InitProducerIdRequest,
  response: InitProducerIdResponse,
  handle: ({ transactions }, request, { apiVersion }, reply) => {
    const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request
    // Id and epoch must be given both or not at all (KafkaApis.handleInitProducerIdRequest).
    if ((producerId === -1) !== (producerEpoch === -1)) {
      return reply({ errorCode: ErrorCode.INVALID_REQUEST, producerId: -1, producerEpoch: -1 })
    }
    const init = { timeoutMs: transactionTimeoutMs, producerId, producerEpoch }
    transactions.initProducerId(transactionalId, init, (error, producer) => {
      const errorCode = fencedError(error, apiVersion >= NAMES_FENCING)
      reply({ errorCode, producerId: producer.producerId, producerEpoch: producer.producerEpoch })
    })
  },
})
