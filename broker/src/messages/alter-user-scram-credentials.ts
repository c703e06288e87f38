/**
 * AlterUserScramCredentials (key 51): set and remove SCRAM passwords.
 *
 * From admin clients. The password itself is not sent: the client salts and hashes it, so many times, and sends what
 * comes of it. (KIP-554)
 */
import {
  array,
  bytes,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  struct,
  type TypeOf,
} from '../wire/schema.ts'

export const AlterUserScramCredentialsRequest = request(
  51,
  'AlterUserScramCredentialsRequest',
  { versions: '0', flexible: '0+' },
  {
    deletions: array(
      struct({
        name: string(),
        /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
        mechanism: int8(),
      }),
    ),
    upsertions: array(
      struct({
        name: string(),
        mechanism: int8(),
        iterations: int32(),
        salt: bytes(),
        saltedPassword: bytes(),
      }),
    ),
  },
)
export type AlterUserScramCredentialsRequest = TypeOf<typeof AlterUserScramCredentialsRequest>

export const AlterUserScramCredentialsResponse = response(
  51,
  'AlterUserScramCredentialsResponse',
  { versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32(),
    results: array(struct({ user: string(), errorCode: int16(), errorMessage: string({ nullable: true }) })),
  },
)
export type AlterUserScramCredentialsResponse = TypeOf<typeof AlterUserScramCredentialsResponse>
