/**
 * SaslAuthenticate (key 36), on a listener without SASL: refused, because no authentication is in progress.
 * (KafkaApis.handleSaslAuthenticateRequest)
 */
import { SaslAuthenticateRequest, SaslAuthenticateResponse } from '../../messages/sasl-authenticate.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { api } from '../api.ts'

const WHY = 'SaslAuthenticate request received after successful authentication'

export const SaslAuthenticate = api({
  request: SaslAuthenticateRequest,
  response: SaslAuthenticateResponse,
  handle: (_services, _request, _context, reply) =>
    reply({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, errorMessage: WHY }),
})
