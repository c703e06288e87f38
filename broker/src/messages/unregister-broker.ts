/**
 * UnregisterBroker (key 64): this broker will not come back.
 *
 * From admin clients, passed on to the controller. A broker that is shut down stays registered until it is
 * removed in this way. (KIP-500)
 */
import { int16, int32, request, response, string, type TypeOf } from '../wire/schema.ts'

export const UnregisterBrokerRequest = request(
  64,
  'UnregisterBrokerRequest',
  { versions: '0', flexible: '0+' },
  { brokerId: int32() },
)
export type UnregisterBrokerRequest = TypeOf<typeof UnregisterBrokerRequest>

export const UnregisterBrokerResponse = response(
  64,
  'UnregisterBrokerResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
)
export type UnregisterBrokerResponse = TypeOf<typeof UnregisterBrokerResponse>
