/**
 * SaslAuthenticate (key 36): here is my part of the conversation.
 *
 * From any client after SaslHandshake, as often as the mechanism needs. (KIP-152)
 *
 *   1  the answer says how long the session lasts (KIP-368)
 *   2  flexible
 */
import { bytes, int16, int64, request, response, string, type TypeOf } from '../wire/schema.ts'

export const SaslAuthenticateRequest = request(
  36,
  'SaslAuthenticateRequest',
  { versions: '0-2', flexible: '2+' },
  { authBytes: bytes() },
)
export type SaslAuthenticateRequest = TypeOf<typeof SaslAuthenticateRequest>

export const SaslAuthenticateResponse = response(
  36,
  'SaslAuthenticateResponse',
  { versions: '0-2', flexible: '2+' },
  {
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    authBytes: bytes(),
    /** Ms; 0 is for ever. */
    sessionLifetimeMs: int64({ since: 1 }),
  },
)
export type SaslAuthenticateResponse = TypeOf<typeof SaslAuthenticateResponse>
