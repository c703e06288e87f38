/**
 * Envelope (key 58): a client sent me this; please do it in its name.
 *
 * From brokers to the active controller. Admin clients may ask any broker; what only the controller can do is
 * put into an envelope, header and all, together with who sent it and from where. (KIP-590)
 */
import { bool, bytes, data, int16, request, response, string, type TypeOf } from '../wire/schema.ts'

export const EnvelopeRequest = request(
  58,
  'EnvelopeRequest',
  { versions: '0', flexible: '0+' },
  {
    requestData: bytes(),
    requestPrincipal: bytes({ nullable: true }),
    clientHostAddress: bytes(),
  },
)
export type EnvelopeRequest = TypeOf<typeof EnvelopeRequest>

export const EnvelopeResponse = response(
  58,
  'EnvelopeResponse',
  { versions: '0', flexible: '0+' },
  { responseData: bytes({ nullable: true, default: null }), errorCode: int16() },
)
export type EnvelopeResponse = TypeOf<typeof EnvelopeResponse>

/** Who sent the request: Kafka's default form of a principal, in `requestPrincipal` after its version (KIP-590). */
export const Principal = data(
  'DefaultPrincipalData',
  { versions: '0', flexible: '0+' },
  { type: string(), name: string(), tokenAuthenticated: bool() },
)
