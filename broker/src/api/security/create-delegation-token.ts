/** CreateDelegationToken (key 38): refused without authentication (no-tokens.ts). */
import {
  CreateDelegationTokenRequest,
  CreateDelegationTokenResponse,
} from '../../messages/create-delegation-token.ts'
import { api } from '../api.ts'
import { ANONYMOUS, NO_TIME, NOT_ALLOWED } from './no-tokens.ts'

export const CreateDelegationToken = api({
  request: CreateDelegationTokenRequest,
  response: CreateDelegationTokenResponse,
  handle: (_services, { ownerPrincipalName, ownerPrincipalType }, _context, reply) =>
    reply({
      errorCode: NOT_ALLOWED,
      principalType: ownerPrincipalType || ANONYMOUS.type,
      principalName: ownerPrincipalName || ANONYMOUS.name,
      tokenRequesterPrincipalType: ANONYMOUS.type,
      tokenRequesterPrincipalName: ANONYMOUS.name,
      issueTimestampMs: NO_TIME,
      expiryTimestampMs: NO_TIME,
      maxTimestampMs: NO_TIME,
    }),
})
