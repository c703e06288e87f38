/**
 * RenewDelegationToken (key 39): let this token live on.
 *
 * From the token's owner, or one of its renewers. (KIP-48)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 */
import { bytes, int16, int32, int64, request, response, type TypeOf } from '../wire/schema.ts'

export const RenewDelegationTokenRequest = request(
  39,
  'RenewDelegationTokenRequest',
  { versions: '1-2', flexible: '2+' },
  {
    hmac: bytes(),
    /** Ms from now. */
    renewPeriodMs: int64(),
  },
)
export type RenewDelegationTokenRequest = TypeOf<typeof RenewDelegationTokenRequest>

export const RenewDelegationTokenResponse = response(
  39,
  'RenewDelegationTokenResponse',
  { versions: '1-2', flexible: '2+' },
  { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
)
export type RenewDelegationTokenResponse = TypeOf<typeof RenewDelegationTokenResponse>
