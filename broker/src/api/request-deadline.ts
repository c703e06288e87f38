/**
 * How long a request to change the cluster may wait for the controller: its own timeoutMs.
 *
 * Kafka's controller has one queue. A request that is still in it when its time is up is taken out, undone, and
 * answered with REQUEST_TIMED_OUT. One that asks for no time, or less, is late as soon as it is put in; one millisecond
 * is enough where nobody is before it. Here a decision is made within the call, so only the first kind exists.
 * (KafkaEventQueue, QuorumController.appendWriteEvent; ControllerRequestContext.requestTimeoutMsToDeadlineNs)
 *
 * REQUEST-DEADLINE-1  nothing is done of a request that is late, whatever else is wrong with it
 * REQUEST-DEADLINE-2  what never gets to the queue is never late: an empty list, or one in which the API finds only
 *     mistakes
 */
import { ErrorCode } from '../wire/errors.ts'
import type { Api, Silence } from './api.ts'
import { errorResponse } from './error-response.ts'

/**
 * The response when the request is late, for each of what it names (REQUEST-DEADLINE-1); undefined when there is time.
 * `timeoutMs` is the request's.
 */
export function tooLate<Request extends { readonly timeoutMs: number }>(
  api: Api,
  request: Request,
  version: number,
): Silence | Readonly<Record<string, unknown>> | undefined {
  return request.timeoutMs > 0 ? undefined : errorResponse(api, request, version, ErrorCode.REQUEST_TIMED_OUT)
}
