/**
 * UnregisterBroker (key 64): removes the registration of a broker that will not come back (KIP-500, `kafka-cluster unregister`).
 *
 * Its partitions have no leader from then on. A running broker can be unregistered, too: it then serves no partition
 * until it is restarted. This also applies to the only broker. (ControllerApis.handleUnregisterBroker)
 */
import { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../../messages/unregister-broker.ts'
import { api } from '../api.ts'

export const UnregisterBroker = api({
  request: UnregisterBrokerRequest,
  response: UnregisterBrokerResponse,
  forwards: true,
  handle: ({ controller }, { brokerId }, _context, reply) => {
    controller.unregisterBroker(brokerId, ({ errorCode, message }) => {
      reply({ errorCode, errorMessage: message ?? '' })
    })
  },
})
