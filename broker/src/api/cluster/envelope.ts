/**
 * Envelope (key 58): a request that another broker has forwarded to the controller (KIP-590, forwarding.ts).
 *
 * The request in it is handled as if its client had sent it to this node; its response, with its header, goes back in the
 * envelope's response.
 *
 *   the request in it can't be decoded, or its version is unknown   UNSUPPORTED_VERSION
 *   its API is not for the controller, or the address is none       INVALID_REQUEST
 *   this node is not the active controller                          NOT_CONTROLLER, and the broker asks the next one
 *
 * - the envelope's connection is never throttled: the broker throttles its client
 *
 * (EnvelopeUtils, ControllerApis)
 */
import { EnvelopeRequest, EnvelopeResponse } from '../../messages/envelope.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../../messages/header.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import { MalformedError, Reader } from '../../wire/reader.ts'
import { stableVersions } from '../../wire/schema.ts'
import { Writer } from '../../wire/writer.ts'
import { type Api, api, type RequestContext, type Services } from '../api.ts'
import { APIS } from '../catalog.ts'
import { clientHostOf, uncounted } from '../forwarding.ts'

/** A request in an envelope. */
interface Forwarded {
  readonly inner: Api
  readonly header: RequestHeader
  readonly request: unknown
}

const NO_THROTTLE_MS = 0

export const Envelope = api({
  request: EnvelopeRequest,
  response: EnvelopeResponse,
  inTurns: true,
  decides: true,
  handle: (services, { requestData, clientHostAddress }, context, reply) => {
    const refuse = (errorCode: ErrorCode): void => reply({ errorCode }, NO_THROTTLE_MS)
    const clientHost = clientHostOf(clientHostAddress)
    if (!clientHost) return refuse(ErrorCode.INVALID_REQUEST)
    if (!services.isController()) return refuse(ErrorCode.NOT_CONTROLLER)
    context.inTurns(opened(services, requestData), (forwarded) => {
      if (typeof forwarded === 'number') return refuse(forwarded)
      const { inner, header, request } = forwarded
      const client = contextOf(context, header, clientHost)
      const handle = inner.handleForwarded ?? inner.handle
      context.staysInWork()
      handle(services, request, client, (response, asked) => {
        // None of these APIs leaves a request without a response.
        if (typeof response !== 'object' || response === null) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR)
        const throttleTimeMs = asked ?? services.quotas.handled(client.usage)
        const told = throttleTimeMs > 0 ? { ...response, throttleTimeMs } : response
        context.inTurns(responseBytes(services, forwarded, told), (responseData) =>
          reply({ responseData, errorCode: ErrorCode.NONE }, NO_THROTTLE_MS),
        )
      })
    })
  },
})

/** Decodes what is in the envelope, or says why that is impossible. */
function* opened({ turns }: Services, requestData: Uint8Array): Steps<Forwarded | ErrorCode> {
  try {
    const reader = new Reader(requestData)
    const key = new Reader(requestData).int16()
    const inner = APIS.get(key)
    if (!inner?.forwards) return ErrorCode.INVALID_REQUEST
    const version = new Reader(requestData, 2).int16()
    const { min, max } = stableVersions(inner.request)
    if (version < min || version > max) return ErrorCode.UNSUPPORTED_VERSION
    const headers = headerVersions(key, version >= inner.request.flexibleSince)
    const header = RequestHeader.decode(reader, headers.request)
    const request = yield* inner.request.decodeSteps(reader, version, uncounted(turns))
    return { inner, header, request }
  } catch (error) {
    if (error instanceof MalformedError) return ErrorCode.UNSUPPORTED_VERSION
    throw error
  }
}

/** The client of the forwarded request. */
function contextOf(
  envelope: RequestContext,
  { requestApiVersion, clientId }: RequestHeader,
  clientHost: string,
): RequestContext {
  const { usage } = envelope
  return {
    apiVersion: requestApiVersion,
    clientId,
    clientHost,
    connectionId: envelope.connectionId,
    usage: { clientId, requestBytes: usage.requestBytes, threadTimeMs: () => usage.threadTimeMs() },
    staysInWork: () => envelope.staysInWork(),
    onDisconnect: (forget) => envelope.onDisconnect(forget),
    inTurns: (steps, done, options) => envelope.inTurns(steps, done, options),
  }
}

function* responseBytes(
  { turns }: Services,
  { inner, header }: Forwarded,
  response: unknown,
): Steps<Uint8Array> {
  const { requestApiKey, requestApiVersion: version, correlationId } = header
  const writer = new Writer()
  const headers = headerVersions(requestApiKey, version >= inner.request.flexibleSince)
  ResponseHeader.encode(writer, headers.response, { correlationId })
  yield* inner.response.encodeSteps(writer, version, response, turns)
  return writer.toBytes()
}
