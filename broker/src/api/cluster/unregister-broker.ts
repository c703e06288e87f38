/**
 * UnregisterBroker (key 64): this broker will not come back (KIP-500, `kafka-cluster unregister`).
 *
 * Its partitions are led by nobody from now on. Whoever unregisters a broker that runs has taken it out of service: it
 * serves no partition until it is started again, and so it is with the only one. (ControllerApis.handleUnregisterBroker)
 */
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../../messages/unregister-broker.ts'
import { api } from '../api.ts'

export const UnregisterBroker = api({
  request: UnregisterBrokerRequest,
  response: UnregisterBrokerResponse,
  handle: ({ controller }, { brokerId }, _context, reply) => {
    controller.unregisterBroker(brokerId, ({ errorCode, message }) => {
      reply({ errorCode, errorMessage: message ?? '' })
    })
  },
})
