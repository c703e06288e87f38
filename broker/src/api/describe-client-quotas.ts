/**
 * DescribeClientQuotas (key 48): which limits are set for whom? (KIP-546)
 *
 * No limits are kept here, so whatever is asked for: none.
 */
import {
  DescribeClientQuotasRequest,
  DescribeClientQuotasResponse,
} from '../messages/describe-client-quotas.ts'
import { ErrorCode } from '../wire/errors.ts'
import { api } from './api.ts'

export const DescribeClientQuotas = api({
  request: DescribeClientQuotasRequest,
  response: DescribeClientQuotasResponse,
  handle: (_services, _request, _context, reply) => {
    reply({ errorCode: ErrorCode.NONE, errorMessage: null, entries: [] })
  },
})
