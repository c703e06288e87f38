/**
 * SaslHandshake (key 17): I want to authenticate in this way.
 *
 * From any client on a listener with SASL, before anything else: the broker says whether it knows the mechanism, and
 * which it does. On a listener without SASL it makes no sense, and is answered with ILLEGAL_SASL_STATE. (KIP-43)
 *
 *   1  what follows is wrapped in SaslAuthenticate (KIP-152); before, naked bytes followed
 */
import { array, int16, request, response, string, type TypeOf } from '../wire/schema.ts'

export const SaslHandshakeRequest = request(
  17,
  'SaslHandshakeRequest',
  { versions: '0-1', flexible: 'none' },
  { mechanism: string() },
)
export type SaslHandshakeRequest = TypeOf<typeof SaslHandshakeRequest>

export const SaslHandshakeResponse = response(
  17,
  'SaslHandshakeResponse',
  { versions: '0-1', flexible: 'none' },
  {
    errorCode: int16(),
    /** Those that the broker knows. */
    mechanisms: array(string()),
  },
)
export type SaslHandshakeResponse = TypeOf<typeof SaslHandshakeResponse>
