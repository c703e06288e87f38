/**
 * Finds the API that serves a frame, and encodes its response.
 *
 *   request   = api key int16 | api version int16 | correlation id int32 | client id | tags? | body
 *   response  = size int32 | correlation id int32 | tags? | body
 *
 * A request that can't be decoded can't be answered: an error code has its place in the body of a response, and the
 * layout of the body depends on key and version. So Kafka closes the connection on an unknown key or version
 * (SocketServer), with one exception. A client begins with ApiVersions in the newest version that it knows, which may be
 * newer than the broker. The broker then answers in version 0, with the range that it supports, and the client
 * asks again (KIP-511).
 *
 * - a response that can't be encoded closes its connection; nothing is thrown to the code that completed the request
 * - a response whose error message is too long for a string, because it quotes a client's name, becomes
 *   UNKNOWN_SERVER_ERROR
 *
 * ROUTER-1  a response has the correlation id of its request
 * ROUTER-2  no body is decoded before its key and version are known to be served
 * ROUTER-4  if a handler fails because of a bug of ours, its client gets UNKNOWN_SERVER_ERROR, and a line is logged
 * ROUTER-5  a response to a disconnected client is not encoded
 */
import type { Api, Services } from '../api/api.ts'
import type { Chunk } from '../core.ts'
import { ApiVersionsResponse } from '../messages/api-versions.ts'
import { headerVersions, RequestHeader } from '../messages/header.ts'
import { int16At, int32At } from '../wire/big-endian.ts'
import { ErrorCode } from '../wire/errors.ts'
import { MalformedError, Reader } from '../wire/reader.ts'
import { stableVersions } from '../wire/schema.ts'
import type { Answer, Connection } from './connection.ts'
import {
  LARGE_DECISION_BYTES,
  LARGE_FRAME_BYTES,
  LARGE_RECORDS_BYTES,
  LargeRequest,
  type LargeRequests,
} from './large-requests.ts'
import { type Call, encode, RequestInWork } from './request-in-work.ts'

const API_VERSIONS = 18
/** Key, version and correlation id are at the same position in every version of the header. */
const FIXED_BYTES = 8

/** Where large requests wait. */
export interface Gates {
  readonly requests: LargeRequests
  /** For those that wait for the controller. */
  readonly decisions: LargeRequests
}

/** Decodes a frame, calls its handler, and replies with the encoded response, now or later. Throws MalformedError. */
export function route(
  services: Services,
  gates: Gates,
  frame: Uint8Array,
  connection: Connection,
  reply: (answer: Answer, throttleMs?: number) => void,
): void {
  if (frame.length < FIXED_BYTES) throw new MalformedError(`a request of ${frame.length} bytes`)
  const apiKey = int16At(frame, 0)
  const version = int16At(frame, 2)
  const correlationId = int32At(frame, 4)
  const api = services.apis.get(apiKey)
  if (!api) throw new MalformedError(`API key ${apiKey} is not served`)
  const { min, max } = stableVersions(api.request)
  if (version < min || version > max) {
    if (apiKey !== API_VERSIONS) throw new MalformedError(`${api.request.name} has no version ${version}`)
    return reply(unsupportedApiVersions(api, correlationId))
  }
  const headers = headerVersions(apiKey, version >= api.request.flexibleSince)
  const reader = new Reader(frame)
  const { clientId } = RequestHeader.decode(reader, headers.request)
  connection.describeRequest(api.request.name, version, clientId)
  const call: Call = {
    services,
    api,
    version,
    headerVersion: headers.response,
    correlationId,
    clientId,
    requestBytes: frame.length,
    connection,
    reply,
  }
  if (api.decides && frame.length >= LARGE_DECISION_BYTES) return handleLarge(call, gates.decisions, reader)
  const largeBytes = api.keepsNothing ? LARGE_RECORDS_BYTES : LARGE_FRAME_BYTES
  if (frame.length >= largeBytes) return handleLarge(call, gates.requests, reader)
  const request = api.request.decode(reader, version)
  if (api.keepsNothing) connection.reuseAfterReply(frame)
  new RequestInWork(call, request, undefined).handle()
}

/** Decodes the body in turns, then calls the handler. */
function handleLarge(call: Call, largeRequests: LargeRequests, { bytes, position }: Reader): void {
  const { services, api, version, connection } = call
  const large = new LargeRequest(largeRequests, services.turns, {
    decode: (pace) => api.request.decodeSteps(new Reader(bytes, position), version, pace),
    done: (request) => {
      if (api.keepsNothing) connection.reuseAfterReply(bytes)
      new RequestInWork(call, request, large).handle()
    },
    failed: (error) => connection.fail(error),
  })
  connection.hold()
  connection.onDisconnect(() => large.over())
  large.begin()
}

/** KIP-511: version 0, error 35, and the range that the client needs to ask again. */
function unsupportedApiVersions(api: Api, correlationId: number): Chunk[] {
  const { min, max } = api.request.versions
  const response = {
    errorCode: ErrorCode.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: API_VERSIONS, minVersion: min, maxVersion: max }],
  }
  const inOldestVersion = { ...api, response: ApiVersionsResponse as Api['response'] }
  return encode({ api: inOldestVersion, version: 0, headerVersion: 0, correlationId }, response)
}
