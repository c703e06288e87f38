/**
 * DescribeUserScramCredentials (key 50): which users have SCRAM passwords?
 *
 * From admin clients. Mechanism and number of iterations are told, salt and key are not. (KIP-554)
 */
import { array, int8, int16, int32, request, response, string, struct, type TypeOf } from '../wire/schema.ts'

export const DescribeUserScramCredentialsRequest = request(
  50,
  'DescribeUserScramCredentialsRequest',
  { versions: '0', flexible: '0+' },
  {
    /** Null or empty: all users. */
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
        credentialInfos: array(
          struct({
            /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
            mechanism: int8(),
            iterations: int32(),
          }),
        ),
      }),
    ),
  },
)
export type DescribeUserScramCredentialsResponse = TypeOf<typeof DescribeUserScramCredentialsResponse>
