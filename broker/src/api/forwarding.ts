/**
 * Forwards a client's request to the active controller, and brings its response back (KIP-590).
 *
 *   client --CreateTopics--> broker 2 --Envelope [ header, body | who | from where ]--> controller
 *          <--response-----           <--Envelope [ header, body of the response ]-----
 *
 * A client may ask any broker. What only the controller can decide, the broker puts into an envelope as it came, with the
 * client's principal and address, so that the controller answers as if the client had asked it.
 *
 * FORWARDING-1  the client gets the controller's response; if there is none in time, REQUEST_TIMED_OUT in every error field
 * FORWARDING-2  if the controller does not know the request's version, the connection is closed: the client will ask for
 *     the versions again
 * FORWARDING-3  the client is throttled as the controller says
 *
 * (ForwardingManager)
 */
import { addressOf } from '../config/internet-address.ts'
import { EnvelopeRequest, EnvelopeResponse, Principal } from '../messages/envelope.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../messages/header.ts'
import type { Steps } from '../turns.ts'
import type { ReadPace } from '../wire/codec-steps.ts'
import { ErrorCode } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { Api, Reply, RequestContext, Services, Silence } from './api.ts'
import { errorResponse } from './error-response.ts'

const ENVELOPE = { request: EnvelopeRequest, response: EnvelopeResponse }

/** What an envelope needs to know of the client. */
export type Sender = Pick<
  RequestContext,
  'apiVersion' | 'clientId' | 'clientHost' | 'inTurns' | 'staysInWork'
>

/** Forwards a request, and replies with the controller's response. */
export function forward(
  services: Services,
  api: Api,
  request: unknown,
  sender: Sender,
  reply: Reply<unknown>,
): void {
  forwardRequest(services, api, request, sender, (response) => {
    const throttleTimeMs = (response as { readonly throttleTimeMs?: number }).throttleTimeMs ?? 0
    reply(response, throttleTimeMs)
  })
}

/** Forwards a request; `done` gets the controller's response, decoded, or one with an error (FORWARDING-1). */
export function forwardRequest(
  services: Services,
  api: Api,
  request: unknown,
  sender: Sender,
  done: (response: object | Silence) => void,
): void {
  const { apiVersion } = sender
  const refuse = (error: ErrorCode): void => done(errorResponse(api, request, apiVersion, error))
  sender.inTurns(requestBytes(services, api, request, sender), (requestData) => {
    sender.staysInWork()
    const envelope = {
      requestData,
      requestPrincipal: anonymous(),
      clientHostAddress: addressBytes(sender.clientHost),
    }
    services.toController.send(
      ENVELOPE,
      () => envelope,
      (result) => {
        if (!result.ok) {
          services.core.log(
            'warn',
            `${api.request.name} was not answered by the controller: ${result.reason}`,
          )
          const isLate = result.failure === 'timed out'
          return refuse(isLate ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.UNKNOWN_SERVER_ERROR)
        }
        const { errorCode, responseData } = result.response
        // FORWARDING-2
        if (errorCode === ErrorCode.UNSUPPORTED_VERSION) return done('close the connection')
        if (errorCode !== ErrorCode.NONE || !responseData) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR)
        sender.inTurns(decoded(services, api, apiVersion, responseData), done)
      },
    )
  })
}

/** Header and body of the request, as the client could have sent them. */
function* requestBytes(
  { turns }: Services,
  api: Api,
  request: unknown,
  { apiVersion, clientId }: Sender,
): Steps<Uint8Array> {
  const writer = new Writer()
  const { apiKey } = api.request
  const headers = headerVersions(apiKey, apiVersion >= api.request.flexibleSince)
  const header = { requestApiKey: apiKey, requestApiVersion: apiVersion, correlationId: 0, clientId }
  RequestHeader.encode(writer, headers.request, header)
  yield* api.request.encodeSteps(writer, apiVersion, request, turns)
  return writer.toBytes()
}

function* decoded(
  { turns }: Services,
  api: Api,
  apiVersion: number,
  responseData: Uint8Array,
): Steps<object> {
  const reader = new Reader(responseData)
  const headers = headerVersions(api.request.apiKey, apiVersion >= api.request.flexibleSince)
  ResponseHeader.decode(reader, headers.response)
  return (yield* api.response.decodeSteps(reader, apiVersion, uncounted(turns))) as object
}

/** Decodes in turns, without counting the memory: the sender has done so. */
export function uncounted(turns: Services['turns']): ReadPace {
  return {
    get isOver() {
      return turns.isOver
    },
    claim: () => {},
  }
}

/** The principal of all clients here, in Kafka's form: a version, and the data (KafkaPrincipalSerde). */
function anonymous(): Uint8Array {
  const writer = new Writer()
  writer.int16(0)
  Principal.encode(writer, 0, { type: 'User', name: 'ANONYMOUS' })
  return writer.toBytes()
}

/** An IP address as its 4 or 16 bytes; other names, which only simulated clients have, as 127.0.0.1. */
export function addressBytes(clientHost: string): Uint8Array {
  const address = addressOf(clientHost.replace(/^\//, '').replace(/%.*$/, '')) ?? '127.0.0.1'
  if (!address.includes(':')) return Uint8Array.from(address.split('.').map(Number))
  const groups = address.split(':').map((group) => Number.parseInt(group, 16))
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** The address as Kafka shows it: `/127.0.0.1`; undefined if it has neither 4 nor 16 bytes. */
export function clientHostOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return `/${bytes.join('.')}`
  if (bytes.length !== 16) return undefined
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16))
  return `/${groups.join(':')}`
}
