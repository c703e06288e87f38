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
 * ROUTER-1  a response has the correlation id of its request
 * ROUTER-2  no body is decoded before its key and version are known to be served
 * ROUTER-3  a response that can't be encoded closes its connection; its caller, which may have others to answer, goes on
 * ROUTER-4  a handler that fails by a mistake of ours is answered for: UNKNOWN_SERVER_ERROR, and a line in the log
 * ROUTER-5  an answer whose client has gone is not encoded
 * ROUTER-6  an answer that gets too long for a string, quoting a client's name, is UNKNOWN_SERVER_ERROR instead
 */
import type { Api, RequestContext, Services, Silence } from '../api/api.ts'
import { errorResponse } from '../api/error-response.ts'
import { bytesOf, type Chunk, type Clock, type Core } from '../core.ts'
import type { RequestCounter } from '../counters.ts'
import { ApiVersionsResponse } from '../messages/api-versions.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../messages/header.ts'
import type { Usage } from '../quota/client-quotas.ts'
import type { Steps, Turns } from '../turns.ts'
import { ErrorCode } from '../wire/errors.ts'
import { MalformedError, Reader } from '../wire/reader.ts'
import { stableVersions } from '../wire/schema.ts'
import { StringTooLongError, Writer } from '../wire/writer.ts'
import type { Answer, Connection } from './connection.ts'
import { LARGE_FRAME_BYTES, LARGE_RECORDS_BYTES, LargeRequest, type LargeRequests } from './large-requests.ts'

const API_VERSIONS = 18

/** Decodes a frame, calls its handler, and replies with the encoded response, now or later. Throws MalformedError. */
export function route(
  services: Services,
  largeRequests: LargeRequests,
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
  const handleWith = (header: RequestHeader, request: unknown, large?: LargeRequest): void => {
    if (api.keepsNothing) connection.lend(frame)
    const { clientId } = header
    const call = { api, version, headerVersion: headers.response, correlationId, clientId, large }
    handle(services, { ...call, requestBytes: frame.length, connection, reply }, request)
  }
  const reader = new Reader(frame)
  const header = RequestHeader.decode(reader, headers.request)
  connection.worksOn({ api: api.request.name, version, client: header.clientId })
  const largeBytes = api.keepsNothing ? LARGE_RECORDS_BYTES : LARGE_FRAME_BYTES
  if (frame.length < largeBytes) return handleWith(header, api.request.decode(reader, version))
  const { position } = reader
  const large = new LargeRequest(largeRequests, services.turns, {
    decode: (pace) => api.request.decodeSteps(new Reader(frame, position), version, pace),
    done: (request) => handleWith(header, request, large),
    failed: (error) => connection.fail(error),
  })
  connection.hold()
  connection.whenGone(() => large.over())
  large.begin()
}

/** A request on its way through its handler. */
interface Call {
  readonly api: Api
  readonly version: number
  /** Of the response. */
  readonly headerVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly requestBytes: number
  /** If it was decoded in turns. */
  readonly large: LargeRequest | undefined
  readonly connection: Connection
  readonly reply: (answer: Answer, throttleMs?: number) => void
}

function handle(services: Services, call: Call, request: unknown): void {
  const { api, version, large, connection, reply } = call
  const counter = services.replicas.counters.ofRequest(api.request.apiKey, version)
  counter.count++
  const usage = new RequestUsage(services.core.clock, call, counter)
  let answered = false
  /** Jobs in turns that are under way, and the handler itself: while there are any a large request is in work. */
  let working = 1
  const stopped = (): void => {
    working--
    if (working > 0 || !large) return
    large.over()
    connection.release()
  }
  const context: RequestContext = {
    apiVersion: version,
    clientId: call.clientId,
    clientHost: `/${connection.transport.remoteHost}`,
    connectionId: connection.id,
    usage,
    whenGone: (forget) => {
      if (answered) return
      connection.whenGone(() => {
        large?.over()
        forget()
      })
    },
    inTurns: (steps, done, { goesOn } = { goesOn: false }) => {
      let isDone = false
      working++
      const job = services.turns.run(
        usage.measure(steps),
        (result) => {
          isDone = true
          done(result)
          stopped()
        },
        (error) => {
          isDone = true
          failed(error)
          stopped()
        },
      )
      if (!isDone && !goesOn) context.whenGone(() => job.cancel())
    },
  }
  /** In the place of an answer that can't be written: a client's own name in a longer text may no longer fit. */
  const instead = (error: unknown): Chunk[] => {
    if (!(error instanceof StringTooLongError)) throw error
    services.core.log('warn', `${api.request.name} ${version}: an answer with a ${error.message}`)
    return encode(call, errorResponse(api, request, version))
  }
  const answerWith = (response: unknown, asked?: number): void => {
    const throttleMs = asked ?? services.quotas.handled(usage)
    const send = (answer: Answer): void => {
      answered = true
      reply(answer, throttleMs)
    }
    if (response === 'no response' || response === 'close the connection') return send(response as Silence)
    if (connection.isClosed) return
    const told = throttleMs > 0 ? { ...(response as object), throttleTimeMs: throttleMs } : response
    if (large || api.inTurns) return context.inTurns(encodeSteps(services.turns, call, told, instead), send)
    let answer: Chunk[]
    try {
      answer = encode(call, told, instead)
    } catch (error) {
      return connection.fail(error)
    }
    send(answer)
  }
  /** ROUTER-4; what it is told of after it has answered, or in its own answer, it can't be told of (ROUTER-3). */
  const failed = (error: unknown): void => {
    if (hasReplied || error instanceof MalformedError) return connection.fail(error)
    tellMistake(services.core, `${api.request.name} ${version} of ${context.clientHost}`, error)
    replyOnce(errorResponse(api, request, version))
  }
  let hasReplied = false
  const replyOnce = (response: unknown, throttleMs?: number): void => {
    hasReplied = true
    answerWith(response, throttleMs)
  }
  services.core.trace?.({ type: 'request', api: api.request.name, version, connection: connection.id })
  try {
    api.handle(services, request, context, replyOnce)
  } catch (error) {
    failed(error)
  }
  usage.pause()
  stopped()
}

/** One line in the log, and where it happened: what the client is told says only that it did (ROUTER-4). */
function tellMistake(core: Core, what: string, error: unknown): void {
  const stack = error instanceof Error ? { stack: error.stack } : {}
  core.log('error', `${what} failed: ${error instanceof Error ? error.message : String(error)}`, stack)
}

/** What a request costs: the time in its handler, and in its turns; a Fetch that waits for records costs nothing meanwhile. */
class RequestUsage implements Usage {
  readonly clientId: string | null
  readonly requestBytes: number
  private readonly clock: Clock
  private spentMs = 0
  private startMs: number | undefined
  private readonly counter: RequestCounter

  /** `counter`: of its API and version; gets its time. */
  constructor(clock: Clock, { clientId, requestBytes }: Call, counter: RequestCounter) {
    this.clock = clock
    this.counter = counter
    this.clientId = clientId
    this.requestBytes = requestBytes
    this.startMs = clock.monotonicMs()
  }

  threadTimeMs(): number {
    return this.spentMs + (this.startMs === undefined ? 0 : this.clock.monotonicMs() - this.startMs)
  }

  pause(): void {
    const spentMs = this.threadTimeMs()
    this.counter.localMs += spentMs - this.spentMs
    this.spentMs = spentMs
    this.startMs = undefined
  }

  /** `steps`, measured. */
  *measure<Result>(steps: Steps<Result>): Steps<Result> {
    try {
      for (;;) {
        const isInHandler = this.startMs !== undefined
        this.startMs ??= this.clock.monotonicMs()
        const step = steps.next()
        if (!isInHandler) this.pause()
        if (step.done) return step.value
        yield
      }
    } finally {
      steps.return(undefined as never)
    }
  }
}

/** Key, version and correlation id stand at the same place in every version of the header. */
function peek(frame: Uint8Array): [apiKey: number, version: number, correlationId: number] {
  const reader = new Reader(frame)
  return [reader.int16(), reader.int16(), reader.int32()]
}

type Envelope = Pick<Call, 'api' | 'version' | 'headerVersion' | 'correlationId'>

/** The bytes of a response; what can't be written is for `instead` to say, or thrown. */
function encode(
  envelope: Envelope,
  response: unknown,
  instead: (error: unknown) => Chunk[] = rethrow,
): Chunk[] {
  const writer = begun(envelope)
  try {
    envelope.api.response.encode(writer, envelope.version, response)
  } catch (error) {
    return instead(error)
  }
  return sized(writer)
}

function rethrow(error: unknown): never {
  throw error
}

/** The same in turns, for a response that may be large. */
function* encodeSteps(
  turns: Turns,
  envelope: Envelope,
  response: unknown,
  instead: (error: unknown) => Chunk[],
): Steps<Chunk[]> {
  const writer = begun(envelope)
  try {
    yield* envelope.api.response.encodeSteps(writer, envelope.version, response, turns)
  } catch (error) {
    return instead(error)
  }
  return sized(writer)
}

/** A writer with the header in it, and room for the size. */
function begun({ headerVersion, correlationId }: Envelope): Writer {
  const writer = new Writer(512)
  writer.int32(0)
  ResponseHeader.encode(writer, headerVersion, { correlationId })
  return writer
}

function sized(writer: Writer): Chunk[] {
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
  const inOldestVersion = { ...api, response: ApiVersionsResponse as Api['response'] }
  return encode({ api: inOldestVersion, version: 0, headerVersion: 0, correlationId }, response)
}
