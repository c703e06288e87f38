/** DescribeDelegationToken (key 41): refused without authentication (no-tokens.ts). */
import {
  DescribeDelegationTokenRequest,
  DescribeDelegationTokenResponse,
} from '../../messages/describe-delegation-token.ts'
import { api } from '../api.ts'
import { NOT_ALLOWED } from './no-tokens.ts'

export const DescribeDelegationToken = api({
  request: DescribeDelegationTokenRequest,
  response: DescribeDelegationTokenResponse,
  handle: (_services, _request, _context, reply) => reply({ errorCode: NOT_ALLOWED, tokens: [] }),
})
