/**
 * CreateDelegationToken (key 38): a token, please, by which others may act for me.
 *
 * From admin clients that have authenticated themselves. (KIP-48)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  a token for another user (KIP-373)
 */
import {
  array,
  bytes,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const CreateDelegationTokenRequest = request(
  38,
  'CreateDelegationTokenRequest',
  { versions: '1-3', flexible: '2+' },
  {
    /** Null: who asks. */
    ownerPrincipalType: string({ since: 3, nullable: true }),
    ownerPrincipalName: string({ since: 3, nullable: true }),
    renewers: array(struct({ principalType: string(), principalName: string() })),
    /** Ms; -1 for as long as the broker allows. */
    maxLifetimeMs: int64(),
  },
)
export type CreateDelegationTokenRequest = TypeOf<typeof CreateDelegationTokenRequest>

export const CreateDelegationTokenResponse = response(
  38,
  'CreateDelegationTokenResponse',
  { versions: '1-3', flexible: '2+' },
  {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ since: 3 }),
    tokenRequesterPrincipalName: string({ since: 3 }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  },
)
export type CreateDelegationTokenResponse = TypeOf<typeof CreateDelegationTokenResponse>
