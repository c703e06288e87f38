import { ApiVersionsRequest, ApiVersionsResponse } from '../../../broker/src/messages/api-versions'
import { headerVersions, RequestHeader, ResponseHeader } from '../../../broker/src/messages/header'
import { Reader } from '../../../broker/src/wire/reader'
import type { Message } from '../../../broker/src/wire/schema'
import { Writer } from '../../../broker/src/wire/writer'
import { type FrameKind, type FramePart, framePartsOf } from './frame-parts'

/**
 * A small Kafka client: one connection, requests in, responses out, in order. It frames and unframes just as a client
 * over TCP does; only the wire is a function call.
 */

/** One end of a connection to a broker. */
export interface Wire {
  send(bytes: Uint8Array): void
  onData(listener: (bytes: Uint8Array) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** A frame that went over the wire, for the reader to look at. */
export interface SeenFrame {
  /** The client id of whose connection it is. */
  client: string
  direction: 'out' | 'in'
  api: string
  version: number
  correlationId: number
  bytes: Uint8Array
  parts: FramePart[]
}

interface Waiting {
  kind: FrameKind
  headerVersion: number
  resolve: (reader: Reader) => void
  reject: (error: Error) => void
}

export class KafkaClient {
  private readonly wire: Wire
  private readonly clientId: string
  private readonly onFrame: (frame: SeenFrame) => void
  private readonly waiting = new Map<number, Waiting>()
  private received = new Uint8Array(0)
  private nextId = 0

  constructor(wire: Wire, clientId: string, onFrame: (frame: SeenFrame) => void) {
    this.wire = wire
    this.clientId = clientId
    this.onFrame = onFrame
    wire.onData((bytes) => this.receive(bytes))
    wire.onClose(() => this.hungUp())
  }

  /** What clients say first: which versions do you speak? */
  hello() {
    const name = { clientSoftwareName: 'offset-zero-playground', clientSoftwareVersion: '1' }
    return this.call(ApiVersionsRequest, ApiVersionsResponse, 3, name)
  }

  /** Sends one request and waits for its response. */
  async call<Asked, Body, Answer, AnswerBody>(
    request: Message<Asked, Body>,
    response: Message<Answer, AnswerBody>,
    version: number,
    body: NoInfer<Body>,
  ): Promise<Answer> {
    const correlationId = this.nextId++
    const headers = headerVersions(request.apiKey, version >= request.flexibleSince)
    const writer = new Writer()
    RequestHeader.encode(writer, headers.request, {
      requestApiKey: request.apiKey,
      requestApiVersion: version,
      correlationId,
      clientId: this.clientId,
    })
    request.encode(writer, version, body)
    const kind: FrameKind = { direction: 'in', message: response, version }
    const answer = new Promise<Reader>((resolve, reject) => {
      this.waiting.set(correlationId, { kind, headerVersion: headers.response, resolve, reject })
    })
    this.send(writer.toBytes(), { direction: 'out', message: request, version }, correlationId)
    return response.decode(await answer, version)
  }

  private send(body: Uint8Array, kind: FrameKind, correlationId: number): void {
    const bytes = new Uint8Array(4 + body.length)
    new DataView(bytes.buffer).setInt32(0, body.length)
    bytes.set(body, 4)
    this.show(bytes.slice(), kind, correlationId)
    this.wire.send(bytes)
  }

  private show(bytes: Uint8Array, kind: FrameKind, correlationId: number): void {
    const { direction, version } = kind
    const parts = framePartsOf(bytes, kind)
    this.onFrame({ client: this.clientId, direction, api: apiOf(kind), version, correlationId, bytes, parts })
  }

  /** A broker that cannot make sense of a frame closes the connection: all pending calls fail. */
  private hungUp(): void {
    for (const { kind, reject } of this.waiting.values())
      reject(new Error(`${apiOf(kind)}: the broker has closed the connection`))
    this.waiting.clear()
  }

  /** Bytes come in pieces of any size: a frame is complete when its length says so. */
  private receive(bytes: Uint8Array): void {
    const all = new Uint8Array(this.received.length + bytes.length)
    all.set(this.received)
    all.set(bytes, this.received.length)
    let at = 0
    while (all.length - at >= 4) {
      const end = at + 4 + new DataView(all.buffer).getInt32(at)
      if (end > all.length) break
      this.answer(all.slice(at, end))
      at = end
    }
    this.received = all.slice(at)
  }

  private answer(frame: Uint8Array): void {
    const reader = new Reader(frame.subarray(4))
    const correlationId = new DataView(frame.buffer).getInt32(4)
    const waiting = this.waiting.get(correlationId)
    if (waiting === undefined) throw new Error(`client: no request has the correlation id ${correlationId}`)
    this.waiting.delete(correlationId)
    ResponseHeader.decode(reader, waiting.headerVersion)
    this.show(frame, waiting.kind, correlationId)
    waiting.resolve(reader)
  }
}

function apiOf({ message }: FrameKind): string {
  return message.name.replace(/(Request|Response)$/, '')
}
