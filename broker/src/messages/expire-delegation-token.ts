/**
 * ExpireDelegationToken (key 40): this token shall end then.
 *
 * From the token's owner, or one of its renewers. (KIP-48)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 */
import { bytes, int16, int32, int64, request, response, type TypeOf } from '../wire/schema.ts'

export const ExpireDelegationTokenRequest = request(
  40,
  'ExpireDelegationTokenRequest',
  { versions: '1-2', flexible: '2+' },
  {
    hmac: bytes(),
    /** Ms from now. */
    expiryTimePeriodMs: int64(),
  },
)
export type ExpireDelegationTokenRequest = TypeOf<typeof ExpireDelegationTokenRequest>

export const ExpireDelegationTokenResponse = response(
  40,
  'ExpireDelegationTokenResponse',
  { versions: '1-2', flexible: '2+' },
  { errorCode: int16(), expiryTimestampMs: int64(), throttleTimeMs: int32() },
)
export type ExpireDelegationTokenResponse = TypeOf<typeof ExpireDelegationTokenResponse>
