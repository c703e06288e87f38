/**
 * From a frame to the API that serves it, and from its response back to bytes.
 *
 *   request   = api key int16 | api version int16 | correlation id int32 | client id | tags? | body
 *   response  = size int32 | correlation id int32 | tags? | body
 *
 * What can't be understood can't be answered: an error code has its place in the body of a response, and the
 * body's layout follows from key and version. So Kafka closes the connection on an unknown key or version
 * (SocketServer), with one exception. A client opens with ApiVersions in the newest version that it knows,
 * which may be newer than the broker: it is answered in version 0, with the range that the broker has
 * (KIP-511), and asks again.
 *
 * D1  a response has the correlation id of its request
 * D2  no body is decoded before its key and version are known to be served
 * D3  a response that can't be encoded ends its connection: whoever replies, perhaps to many in a row, does not feel it
 * D4  a handler that fails by a mistake of ours is answered for: UNKNOWN_SERVER_ERROR, and a line in the log
 * D5  an answer whose client has gone is not encoded
 */
import type { Api, RequestContext, Services, Silence } from '../api/api.ts'
import { errorResponse } from '../api/error-response.ts'
import { bytesOf, type Chunk, type Core } from '../core.ts'
import { ApiVersionsResponse } from '../messages/api-versions.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../messages/header.ts'
import type { Usage } from '../quota/client-quotas.ts'
import { ErrorCode } from '../wire/errors.ts'
import { MalformedError, Reader } from '../wire/reader.ts'
import { stableVersions } from '../wire/schema.ts'
import { Writer } from '../wire/writer.ts'
import type { Answer, Connection } from './connection.ts'

const API_VERSIONS = 18

/** Decodes a frame, calls its handler, and replies with the encoded response, now or later. Throws MalformedError. */
export function route(
  services: Services,
  frame: Uint8Array,
  connection: Connection,
  reply: (answer: Answer, throttleMs?: number) => void,
): void {
  const [apiKey, version, correlationId] = peek(frame)
  const api = services.apis.get(apiKey)
  if (!api) throw new MalformedError(`API key ${apiKey} is not served`)
  const { min, max } = stableVersions(api.request)
  if (version < min || version > max) {
    if (apiKey !== API_VERSIONS) throw new MalformedError(`${api.request.name} has no version ${version}`)
    return reply(unsupportedApiVersions(api, correlationId))
  }
  const headers = headerVersions(apiKey, version >= api.request.flexibleSince)
  const reader = new Reader(frame)
  const header = RequestHeader.decode(reader, headers.request)
  connection.worksOn({ api: api.request.name, version, client: header.clientId })
  const request = api.request.decode(reader, version)
  const context: RequestContext & { readonly usage: StoppableUsage } = {
    apiVersion: version,
    clientId: header.clientId,
    clientHost: `/${connection.transport.remoteHost}`,
    connectionId: connection.id,
    usage: usageOf(services, header.clientId, frame.length),
    whenGone: (forget) => connection.whenGone(forget),
  }
  if (api.keepsNothing) connection.lend(frame)
  services.core.trace?.({ type: 'request', api: api.request.name, version, connection: connection.id })
  let answered = false
  const answerWith = (response: unknown, asked?: number): void => {
    answered = true
    const throttleMs = asked ?? services.quotas.handled(context.usage)
    if (response === 'no response' || response === 'close the connection')
      return reply(response as Silence, throttleMs)
    if (connection.isClosed) return
    const told = throttleMs > 0 ? { ...(response as object), throttleTimeMs: throttleMs } : response
    let answer: Chunk[]
    try {
      answer = encode(api, version, headers.response, correlationId, told)
    } catch (error) {
      return connection.fail(error)
    }
    reply(answer, throttleMs)
  }
  try {
    api.handle(services, request, context, answerWith)
  } catch (error) {
    if (answered || error instanceof MalformedError) throw error
    tellMistake(services.core, `${api.request.name} ${version} of ${context.clientHost}`, error)
    answerWith(errorResponse(api, request, version))
  }
  context.usage.stop()
}

/** One line in the log, and where it happened: what the client is told says only that it did (D4). */
function tellMistake(core: Core, what: string, error: unknown): void {
  const stack = error instanceof Error ? { stack: error.stack } : {}
  core.log('error', `${what} failed: ${error instanceof Error ? error.message : String(error)}`, stack)
}

/** What a request costs. Its time runs until it has been handled; a Fetch that waits for records costs nothing meanwhile. */
function usageOf(
  { core: { clock } }: Services,
  clientId: string | null,
  requestBytes: number,
): StoppableUsage {
  const startMs = clock.monotonicMs()
  let spentMs: number | undefined
  return {
    clientId,
    requestBytes,
    threadTimeMs: () => spentMs ?? clock.monotonicMs() - startMs,
    stop: () => {
      spentMs ??= clock.monotonicMs() - startMs
    },
  }
}

interface StoppableUsage extends Usage {
  stop(): void
}

/** Key, version and correlation id stand at the same place in every version of the header. */
function peek(frame: Uint8Array): [apiKey: number, version: number, correlationId: number] {
  const reader = new Reader(frame)
  return [reader.int16(), reader.int16(), reader.int32()]
}

function encode(
  api: Api,
  version: number,
  headerVersion: number,
  correlationId: number,
  response: unknown,
): Chunk[] {
  const writer = new Writer(512)
  writer.int32(0)
  ResponseHeader.encode(writer, headerVersion, { correlationId })
  api.response.encode(writer, version, response)
  const size = writer.length - 4
  const chunks = writer.chunks()
  // The size and the header come first, and they are in memory.
  const head = bytesOf(chunks[0]!)
  new DataView(head.buffer, head.byteOffset, 4).setInt32(0, size)
  return chunks
}

/** KIP-511: version 0, error 35, and the one range that the client needs to ask again. */
function unsupportedApiVersions(api: Api, correlationId: number): Chunk[] {
  const { min, max } = api.request.versions
  const response = {
    errorCode: ErrorCode.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: API_VERSIONS, minVersion: min, maxVersion: max }],
  }
  return encode({ ...api, response: ApiVersionsResponse as Api['response'] }, 0, 0, correlationId, response)
}
