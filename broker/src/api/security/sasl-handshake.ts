/**
 * SaslHandshake (key 17), on a listener without SASL: refused, because there is no mechanism to choose. The connection
 * stays open. (KafkaApis.handleSaslHandshakeRequest)
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
