/**
 * DescribeUserScramCredentials (API key 50).
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DescribeUserScramCredentialsRequest = request(
  50,
  'DescribeUserScramCredentialsRequest',
  { versions: '0', flexible: '0+' },
  {
    users: array(struct({ name: string() }), { nullable: true }),
  },
)
export type DescribeUserScramCredentialsRequest = TypeOf<typeof DescribeUserScramCredentialsRequest>

export const DescribeUserScramCredentialsResponse = response(
  50,
  'DescribeUserScramCredentialsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array(
      struct({
        user: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        credentialInfos: array(struct({ mechanism: int8(), iterations: int32() })),
      }),
    ),
  },
)
export type DescribeUserScramCredentialsResponse = TypeOf<typeof DescribeUserScramCredentialsResponse>
