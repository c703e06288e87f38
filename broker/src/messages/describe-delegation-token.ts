/**
 * DescribeDelegationToken (key 41): which tokens of these owners are there?
 *
 * From admin clients. (KIP-48)
 *
 *   1  a throttled client is answered first (KIP-219)
 *   2  flexible
 *   3  tells who asked for the token (KIP-373)
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

export const DescribeDelegationTokenRequest = request(
  41,
  'DescribeDelegationTokenRequest',
  { versions: '1-3', flexible: '2+' },
  {
    /** Null: all. */
    owners: array(struct({ principalType: string(), principalName: string() }), { nullable: true }),
  },
)
export type DescribeDelegationTokenRequest = TypeOf<typeof DescribeDelegationTokenRequest>

export const DescribeDelegationTokenResponse = response(
  41,
  'DescribeDelegationTokenResponse',
  { versions: '1-3', flexible: '2+' },
  {
    errorCode: int16(),
    tokens: array(
      struct({
        principalType: string(),
        principalName: string(),
        tokenRequesterPrincipalType: string({ since: 3 }),
        tokenRequesterPrincipalName: string({ since: 3 }),
        issueTimestamp: int64(),
        expiryTimestamp: int64(),
        maxTimestamp: int64(),
        tokenId: string(),
        hmac: bytes(),
        renewers: array(struct({ principalType: string(), principalName: string() })),
      }),
    ),
    throttleTimeMs: int32(),
  },
)
export type DescribeDelegationTokenResponse = TypeOf<typeof DescribeDelegationTokenResponse>
