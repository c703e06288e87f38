/**
 * AllocateProducerIds (key 67): gives a broker a block of producer ids (KIP-730). Only brokers send it, to the controller's
 * listener.
 *
 * The broker names its epoch, so that a request of its previous life gets no block.
 */
import {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from '../../messages/allocate-producer-ids.ts'
import { api } from '../api.ts'

export const AllocateProducerIds = api({
  request: AllocateProducerIdsRequest,
  response: AllocateProducerIdsResponse,
  decides: true,
  handle: ({ controller }, { brokerId, brokerEpoch }, _context, reply) => {
    controller.allocateProducerIds(
      brokerId,
      (errorCode, block) =>
        reply(
          block
            ? { errorCode, producerIdStart: block.firstProducerId, producerIdLen: block.size }
            : { errorCode },
        ),
      brokerEpoch,
    )
  },
})
