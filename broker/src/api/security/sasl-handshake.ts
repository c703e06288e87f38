/**
 * SaslHandshake (key 17), on a listener without SASL: there is nothing to shake hands about. The client is told so, and
 * may go on. (KafkaApis.handleSaslHandshakeRequest)
 */
import { SaslHandshakeRequest, SaslHandshakeResponse } from '../../messages/sasl-handshake.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

export const SaslHandshake = api({
  request: SaslHandshakeRequest,
  response: SaslHandshakeResponse,
  handle: (_services, _request, _context, reply) =>
    reply({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }),
})
