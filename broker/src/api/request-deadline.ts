/**
 * How long a request that changes the cluster may wait for the controller: its own timeoutMs.
 *
 * Kafka's controller has one queue, and so has ours (controller/decision-queue.ts). A request that is still queued at its
 * deadline is not executed, and gets REQUEST_TIMED_OUT. A timeout of zero or less has passed before the request is queued;
 * one millisecond is enough if the queue is empty.
 * (KafkaEventQueue, QuorumController.appendWriteEvent; ControllerRequestContext.requestTimeoutMsToDeadlineNs)
 *
 * REQUEST-DEADLINE-1  a late request changes nothing, whatever else is wrong with it
 * REQUEST-DEADLINE-2  a request that does not reach the queue is never late: an empty list, or one in which the API finds
 *     only errors
 */
import { ErrorCode } from '../wire/errors.ts'
import type { Api, Services, Silence } from './api.ts'
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

/** The time until which the controller may begin with a request that has arrived now (monotonic, ms). */
export function deadlineOf(
  { core }: Pick<Services, 'core'>,
  request: { readonly timeoutMs: number },
): number {
  return core.clock.monotonicMs() + request.timeoutMs
}
