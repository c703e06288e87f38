/**
 * A request in its handler, from its decoded body to the bytes of its response.
 *
 *   router --Call, body--> handle --reply, now or later--> encode --> connection
 *                            |
 *                            '--inTurns: a slice now, the others later (turns.ts); each is measured, for quotas
 *
 * There may be fifty thousand requests a second, most of them small. So a request is one object, which its handler has as
 * its context, and what few requests need is made when they need it. The promises are those of router.ts.
 */
import type { Api, RequestContext, Services, Silence } from '../api/api.ts'
import { errorResponse } from '../api/error-response.ts'
import { bytesOf, type Chunk, type Core } from '../core.ts'
import type { RequestCounter } from '../counters.ts'
import { ResponseHeader } from '../messages/header.ts'
import type { Usage } from '../quota/client-quotas.ts'
import type { Meter, Steps } from '../turns.ts'
import { putInt32 } from '../wire/big-endian.ts'
import { MalformedError } from '../wire/reader.ts'
import { StringTooLongError, Writer } from '../wire/writer.ts'
import type { Answer, Connection } from './connection.ts'
import type { LargeRequest } from './large-requests.ts'

/** A request as it came, but for its body. */
export interface Call {
  readonly services: Services
  readonly api: Api
  readonly version: number
  /** Of the response. */
  readonly headerVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly requestBytes: number
  readonly connection: Connection
  readonly reply: (answer: Answer, throttleMs?: number) => void
}

const ENDS = { goesOn: false }

export class RequestInWork implements RequestContext, Usage, Meter {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly requestBytes: number
  private readonly call: Call
  private readonly request: unknown
  /** If it was decoded in turns. */
  private readonly large: LargeRequest | undefined
  private readonly counter: RequestCounter
  private spentMs = 0
  private startMs = 0
  /** The handler, and slices within it, that are under way. */
  private depth = 0
  /** Jobs in turns that are under way, and the handler itself: while there are any a large request is in work. */
  private working = 0
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
      api.handle(services, this.request, this, (response, throttleMs) => this.reply(response, throttleMs))
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
  get usage(): Usage {
    return this
  }

  whenGone(forget: () => void): void {
    if (this.isAnswered) return
    this.call.connection.whenGone(() => {
      this.large?.over()
      forget()
    })
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
      { meter: this },
    )
    if (!isDone && !goesOn) this.whenGone(() => job.cancel())
  }

  private stopped(): void {
    this.working--
    if (this.working > 0 || !this.large) return
    this.large.over()
    this.call.connection.release()
  }

  private reply(response: unknown, throttleMs?: number): void {
    this.hasReplied = true
    this.answerWith(response, throttleMs)
  }

  /** ROUTER-4; what it is told of after it has answered, or in its own answer, it can't be told of. */
  private fail(error: unknown): void {
    const { services, api, version, connection } = this.call
    if (this.hasReplied || error instanceof MalformedError) return connection.fail(error)
    tellMistake(services.core, `${api.request.name} ${version} of ${this.clientHost}`, error)
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
      return this.instead(error)
    }
  }

  /** The same in turns, for a response that may be large. */
  private *encodeSteps(response: unknown): Steps<Chunk[]> {
    const { api, version, services } = this.call
    const writer = begun(this.call)
    try {
      yield* api.response.encodeSteps(writer, version, response, services.turns)
    } catch (error) {
      return this.instead(error)
    }
    return sized(writer)
  }

  /** In the place of an answer that can't be written: a client's own name in a longer text may no longer fit. */
  private instead(error: unknown): Chunk[] {
    const { services, api, version } = this.call
    if (!(error instanceof StringTooLongError)) throw error
    services.core.log('warn', `${api.request.name} ${version}: an answer with a ${error.message}`)
    return encode(this.call, errorResponse(api, this.request, version))
  }

  /**
   * What a request costs: the time in its handler, and in its turns; a Fetch that waits for records costs nothing
   * meanwhile. It is counted once, however many slices lie within each other.
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

/** One line in the log, and where it happened: what the client is told says only that it did (ROUTER-4). */
function tellMistake(core: Core, what: string, error: unknown): void {
  const stack = error instanceof Error ? { stack: error.stack } : {}
  core.log('error', `${what} failed: ${error instanceof Error ? error.message : String(error)}`, stack)
}

type Envelope = Pick<Call, 'api' | 'version' | 'headerVersion' | 'correlationId'>

/** The bytes of a response. Throws what can't be written. */
export function encode(envelope: Envelope, response: unknown): Chunk[] {
  const writer = begun(envelope)
  envelope.api.response.encode(writer, envelope.version, response)
  return sized(writer)
}

/** A writer with the header in it, and room for the size. */
function begun({ headerVersion, correlationId }: Envelope): Writer {
  const writer = Writer.forSending()
  writer.int32(0)
  ResponseHeader.encode(writer, headerVersion, { correlationId })
  return writer
}

function sized(writer: Writer): Chunk[] {
  const size = writer.length - 4
  const chunks = writer.chunks()
  // The size and the header come first, and they are in memory.
  putInt32(bytesOf(chunks[0]!), 0, size)
  return chunks
}
