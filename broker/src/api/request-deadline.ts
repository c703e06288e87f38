/**
 * How long a request that changes the cluster may wait for the controller: its own timeoutMs.
 *
 * Kafka's controller has one queue. A request that is still queued at its deadline is removed, not executed, and gets
 * REQUEST_TIMED_OUT. A timeout of zero or less has passed before the request is queued; one millisecond is enough if the
 * queue is empty. Here a decision is made within the call, so only a timeout of zero or less can pass.
 * (KafkaEventQueue, QuorumController.appendWriteEvent; ControllerRequestContext.requestTimeoutMsToDeadlineNs)
 *
 * REQUEST-DEADLINE-1  a late request changes nothing, whatever else is wrong with it
 * REQUEST-DEADLINE-2  a request that does not reach the queue is never late: an empty list, or one in which the API finds
 *     only errors
 */
import { ErrorCode } from '../wire/errors.ts'
import type { Api, Silence } from './api.ts'
import { errorResponse } from './error-response.ts'

/**
 * The response to a late request, for each item that it names (REQUEST-DEADLINE-1); undefined if there is time.
 * `timeoutMs` is the request's.
 */
export function tooLate<Request extends { readonly timeoutMs: number }>(
  api: Api,
  request: Request,
  version: number,
): Silence | Readonly<Record<string, unknown>> | undefined {
  return request.timeoutMs > 0 ? undefined : errorResponse(api, request, version, ErrorCode.REQUEST_TIMED_OUT)
}
