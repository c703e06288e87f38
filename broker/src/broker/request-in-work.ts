/**
 * A request in work: from its decoded body to the bytes of its response.
 *
 *   router --Call, body--> handle --reply, now or later--> encode --> connection
 *                            |
 *                            '--inTurns: one slice now, the others later (turns.ts); each slice is measured for quotas
 *
 * The broker may handle fifty thousand requests a second, most of them small. So a request is one object, which is also
 * the context of its handler, and rarely needed parts are created on demand. Its promises are listed in router.ts.
 */
import type { Api, Reply, RequestContext, Services, Silence } from '../api/api.ts'
import { errorResponse } from '../api/error-response.ts'
import { forward } from '../api/forwarding.ts'
import { bytesOf, type Chunk, type Core } from '../core.ts'
import type { RequestCounter } from '../counters.ts'
import { ResponseHeader } from '../messages/header.ts'
import type { Usage } from '../quota/client-quotas.ts'
import { newPlace, type Place } from '../turn-queue.ts'
import type { Meter, PlaceOwner, Steps } from '../turns.ts'
import { putInt32 } from '../wire/big-endian.ts'
import { MalformedError } from '../wire/reader.ts'
import { StringTooLongError, Writer } from '../wire/writer.ts'
import type { Answer, Connection } from './connection.ts'
import type { LargeRequest } from './large-requests.ts'

/** A request without its body. */
export interface Call {
  readonly services: Services
  readonly api: Api
  readonly version: number
  /** Version of the response's header. */
  readonly headerVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly requestBytes: number
  readonly connection: Connection
  readonly reply: (answer: Answer, throttleMs?: number) => void
}

const ENDS = { goesOn: false }

export class RequestInWork implements RequestContext, Usage, Meter, PlaceOwner {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly requestBytes: number
  private readonly call: Call
  private readonly request: unknown
  /** Set if the request was decoded in turns. */
  private readonly large: LargeRequest | undefined
  private readonly counter: RequestCounter
  private spentMs = 0
  private startMs = 0
  /** How many slices run now: the handler, and slices nested in it. */
  private depth = 0
  /** How many jobs in turns are running, the handler included. A large request is in work while there are any. */
  private working = 0
  /** Whether it stays in work until it is answered. */
  private isKept = false
  /** The place of all its jobs among the large requests, from the first slice to the end of the encoding (TURNS-7). */
  private ownPlace: Place | undefined
  private hasReplied = false
  private isAnswered = false

  constructor(call: Call, request: unknown, large: LargeRequest | undefined) {
    const { services, api, version } = call
    this.call = call
    this.request = request
    this.large = large
    this.apiVersion = version
    this.clientId = call.clientId
    this.requestBytes = call.requestBytes
    this.counter = services.replicas.counters.ofRequest(api.request.apiKey, version)
  }

  handle(): void {
    const { services, api, version, connection } = this.call
    this.counter.count++
    services.core.trace?.({ type: 'request', api: api.request.name, version, connection: connection.id })
    this.working++
    this.resume()
    try {
      const reply: Reply<unknown> = (response, throttleMs) => this.reply(response, throttleMs)
      if (api.forwards === true && !services.isController()) forward(services, api, this.request, this, reply)
      else api.handle(services, this.request, this, reply)
    } catch (error) {
      this.fail(error)
    }
    this.pause()
    this.stopped()
  }

  get clientHost(): string {
    return `/${this.call.connection.transport.remoteHost}`
  }
  get connectionId(): number {
    return this.call.connection.id
  }
  get isLarge(): boolean {
    const { api, services } = this.call
    return api.isLarge?.(services, this.request, this) ?? false
  }
  get place(): Place {
    this.ownPlace ??= newPlace(this.isLarge)
    return this.ownPlace
  }
  get usage(): Usage {
    return this
  }

  onDisconnect(forget: () => void): void {
    if (this.isAnswered) return
    this.call.connection.onDisconnect(() => {
      this.large?.over()
      forget()
      this.leavePlace()
    })
  }

  staysInWork(): void {
    if (this.isKept || this.isAnswered) return
    this.isKept = true
    this.working++
    this.call.connection.onDisconnect(() => {})
  }

  /** The request is answered: what it names is not needed any more. */
  private endKeeping(): void {
    if (!this.isKept) return
    this.isKept = false
    this.stopped()
  }

  inTurns<Result>(steps: Steps<Result>, done: (result: Result) => void, { goesOn } = ENDS): void {
    let isDone = false
    this.working++
    const job = this.call.services.turns.run(
      steps,
      (result) => {
        isDone = true
        done(result)
        this.stopped()
      },
      (error) => {
        isDone = true
        this.fail(error)
        this.stopped()
      },
      { meter: this, owner: this },
    )
    if (!isDone && !goesOn) this.onDisconnect(() => job.cancel())
  }

  private stopped(): void {
    this.working--
    if (this.working > 0) return
    this.leavePlace()
    if (!this.large) return
    this.large.over()
    this.call.connection.release()
  }

  private leavePlace(): void {
    if (this.ownPlace) this.call.services.turns.leave(this.ownPlace)
  }

  private reply(response: unknown, throttleMs?: number): void {
    this.hasReplied = true
    this.answerWith(response, throttleMs)
    this.endKeeping()
  }

  /** Handles ROUTER-4. After the answer, or while the answer is being written, the client can't be informed any more. */
  private fail(error: unknown): void {
    const { services, api, version, connection } = this.call
    if (this.hasReplied || error instanceof MalformedError) {
      connection.fail(error)
      return this.endKeeping()
    }
    logFailure(services.core, `${api.request.name} ${version} of ${this.clientHost}`, error)
    this.reply(errorResponse(api, this.request, version))
  }

  private answerWith(response: unknown, asked: number | undefined): void {
    const { call } = this
    const { services, connection } = call
    const throttleMs = asked ?? services.quotas.handled(this)
    if (response === 'no response' || response === 'close the connection')
      return this.send(response as Silence, throttleMs)
    if (connection.isClosed) return
    const told = throttleMs > 0 ? { ...(response as object), throttleTimeMs: throttleMs } : response
    if (this.large || (call.api.inTurns && !call.api.response.isShort(call.version, told)))
      return this.inTurns(this.encodeSteps(told), (answer) => this.send(answer, throttleMs))
    let answer: Chunk[]
    try {
      answer = this.encode(told)
    } catch (error) {
      return connection.fail(error)
    }
    this.send(answer, throttleMs)
  }

  private send(answer: Answer, throttleMs: number): void {
    this.isAnswered = true
    this.call.reply(answer, throttleMs)
  }

  private encode(response: unknown): Chunk[] {
    try {
      return encode(this.call, response)
    } catch (error) {
      return this.encodeErrorResponse(error)
    }
  }

  /** The same in turns, for a response that may be large. */
  private *encodeSteps(response: unknown): Steps<Chunk[]> {
    const { api, version, services } = this.call
    const writer = begun(this.call)
    try {
      yield* api.response.encodeSteps(writer, version, response, services.turns)
    } catch (error) {
      return this.encodeErrorResponse(error)
    }
    return sized(writer)
  }

  /** The error response for an answer that can't be encoded: an error message that quotes a client's name may be too long. */
  private encodeErrorResponse(error: unknown): Chunk[] {
    const { services, api, version } = this.call
    if (!(error instanceof StringTooLongError)) throw error
    services.core.log(
      'warn',
      `${api.request.name} ${version}: the response can't be encoded: ${error.message}`,
    )
    return encode(this.call, errorResponse(api, this.request, version))
  }

  /**
   * Thread time of a request, for quotas: the time in its handler and in its turns. A delayed Fetch costs nothing while it
   * waits. Time is counted once, also when slices are nested.
   */
  threadTimeMs(): number {
    return this.spentMs + (this.depth > 0 ? this.nowMs() - this.startMs : 0)
  }

  resume(): void {
    if (this.depth++ === 0) this.startMs = this.nowMs()
  }

  pause(): void {
    if (--this.depth > 0) return
    const ms = this.nowMs() - this.startMs
    this.spentMs += ms
    this.counter.localMs += ms
  }

  private nowMs(): number {
    return this.call.services.core.clock.monotonicMs()
  }
}

/** Logs one line with the stack. The client gets an error code only (ROUTER-4). */
function logFailure(core: Core, what: string, error: unknown): void {
  const stack = error instanceof Error ? { stack: error.stack } : {}
  core.log('error', `${what} failed: ${error instanceof Error ? error.message : String(error)}`, stack)
}

type Envelope = Pick<Call, 'api' | 'version' | 'headerVersion' | 'correlationId'>

/** The bytes of a response. Throws if it can't be encoded. */
export function encode(envelope: Envelope, response: unknown): Chunk[] {
  const writer = begun(envelope)
  envelope.api.response.encode(writer, envelope.version, response)
  return sized(writer)
}

/** A writer that holds the header, with room for the size before it. */
function begun({ headerVersion, correlationId }: Envelope): Writer {
  const writer = Writer.forSending()
  writer.int32(0)
  ResponseHeader.encode(writer, headerVersion, { correlationId })
  return writer
}

function sized(writer: Writer): Chunk[] {
  const size = writer.length - 4
  const chunks = writer.chunks()
  // The first chunk holds the size and the header, and is always in memory.
  putInt32(bytesOf(chunks[0]!), 0, size)
  return chunks
}
