/** ExpireDelegationToken (key 40): refused without authentication (no-tokens.ts). */
import {
  ExpireDelegationTokenRequest,
  ExpireDelegationTokenResponse,
} from '../../messages/expire-delegation-token.ts'
import { api } from '../api.ts'
import { NO_TIME, NOT_ALLOWED } from './no-tokens.ts'

export const ExpireDelegationToken = api({
  request: ExpireDelegationTokenRequest,
  response: ExpireDelegationTokenResponse,
  handle: (_services, _request, _context, reply) =>
    reply({ errorCode: NOT_ALLOWED, expiryTimestampMs: NO_TIME }),
})
