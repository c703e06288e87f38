/** RenewDelegationToken (key 39): refused without authentication (no-tokens.ts). */
import {
  RenewDelegationTokenRequest,
  RenewDelegationTokenResponse,
} from '../../messages/renew-delegation-token.ts'
import { api } from '../api.ts'
import { NO_TIME, NOT_ALLOWED } from './no-tokens.ts'

export const RenewDelegationToken = api({
  request: RenewDelegationTokenRequest,
  response: RenewDelegationTokenResponse,
  handle: (_services, _request, _context, reply) =>
    reply({ errorCode: NOT_ALLOWED, expiryTimestampMs: NO_TIME }),
})
