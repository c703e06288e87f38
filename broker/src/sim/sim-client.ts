/**
 * A client for the simulator: it sends frames, and its calls return with the response, in virtual time.
 *
 *   client.call(FetchRequest, FetchResponse, 12, { … })     runs the simulation until the response arrives
 *   const join = client.send(JoinGroupRequest, …)           for delayed requests: others may act meanwhile
 *   join.wait()
 *
 * It does nothing on its own, neither retries nor metadata: every request is visible in the test.
 */

import { headerVersions, RequestHeader, ResponseHeader } from '../messages/header.ts'
import { FrameAssembler } from '../wire/framing.ts'
import { Reader } from '../wire/reader.ts'
import type { Message } from '../wire/schema.ts'
import { Writer } from '../wire/writer.ts'
import type { ClientSocket } from './network.ts'

const FRAME_BYTES_MAX = 64 * 1024 * 1024
const CLIENT_ID = 'sim'

/** A request that was sent. */
export interface Asked<Response> {
  /** The response, when it has arrived. */
  answer: Response | undefined
  /** Runs the simulation until it arrives. */
  wait(): Response
}

export class SimClient {
  closed = false
  private readonly socket: ClientSocket
  private readonly until: (isSo: () => boolean, what: string) => void
  private readonly frames = new FrameAssembler(FRAME_BYTES_MAX)
  private readonly waiting: ((frame: Uint8Array) => void)[] = []
  private readonly clientId: string
  private nextCorrelationId = 1

  /** `until` runs the simulation until a condition is true. */
  constructor(
    socket: ClientSocket,
    until: (isSo: () => boolean, what: string) => void,
    clientId = CLIENT_ID,
  ) {
    this.socket = socket
    this.until = until
    this.clientId = clientId
    socket.onData = (bytes) => this.receive(bytes)
    socket.onClose = () => {
      this.closed = true
    }
  }

  /** Sends a request of `version`; returns its response. */
  call<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
  ): Out {
    return this.send(request, response, version, body).wait()
  }

  /** Sends a request of `version` without waiting. */
  send<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
  ): Asked<Out> {
    const correlationId = this.nextCorrelationId++
    const headers = headerVersions(request.apiKey, version >= request.flexibleSince)
    this.socket.send(frameOf(request, version, headers.request, correlationId, body, this.clientId))
    const asked: Asked<Out> = {
      answer: undefined,
      wait: () => {
        this.until(() => asked.answer !== undefined || this.closed, `the answer to ${request.name}`)
        if (asked.answer === undefined) throw new Error(`${request.name}: the broker hung up`)
        return asked.answer
      },
    }
    this.waiting.push((frame) => {
      const reader = new Reader(frame)
      const header = ResponseHeader.decode(reader, headers.response)
      if (header.correlationId !== correlationId) {
        throw new Error(`simClient: answer ${header.correlationId} came for request ${correlationId}`)
      }
      asked.answer = response.decode(reader, version)
    })
    return asked
  }

  /** Sends arbitrary bytes. */
  sendRaw(bytes: Uint8Array): void {
    this.socket.send(bytes)
  }

  close(): void {
    this.closed = true
    this.socket.close()
  }

  private receive(bytes: Uint8Array): void {
    this.frames.push(bytes)
    for (let frame = this.frames.next(); frame; frame = this.frames.next()) {
      const take = this.waiting.shift()
      if (!take) throw new Error('simClient: a response without a request')
      take(frame)
    }
  }
}

/** A complete request: size, header, body. */
export function frameOf<In>(
  request: Message<unknown, In>,
  version: number,
  headerVersion: number,
  correlationId: number,
  body: In,
  clientId = CLIENT_ID,
): Uint8Array {
  const writer = new Writer()
  const header = { requestApiKey: request.apiKey, requestApiVersion: version, correlationId, clientId }
  RequestHeader.encode(writer, headerVersion, header)
  request.encode(writer, version, body)
  const message = writer.toBytes()
  const frame = new Uint8Array(4 + message.length)
  new DataView(frame.buffer).setInt32(0, message.length)
  frame.set(message, 4)
  return frame
}
