/**
 * A client that sends any bytes over TCP, valid or not, and returns the responses.
 */
import { connect, type Socket } from 'node:net'
import { headerVersions } from '../src/messages/header.ts'
import { frameOf } from '../src/sim/sim-client.ts'
import { FrameAssembler } from '../src/wire/framing.ts'
import { Reader } from '../src/wire/reader.ts'
import type { Message } from '../src/wire/schema.ts'

export class RawClient {
  readonly socket: Socket
  /** The client id in the header of its requests. */
  clientId = 'sim'
  /** Resolves when the connection has ended, whichever side closed it. */
  readonly closed: Promise<void>
  private readonly frames = new FrameAssembler(1 << 30)
  private waiting: (() => void) | undefined
  private ended = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      this.frames.push(bytes as Uint8Array)
      this.waiting?.()
    })
    socket.on('error', () => {})
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.ended = true
        this.waiting?.()
        resolve()
      }),
    )
  }

  /** Connects to `host:port`. */
  static async to(bootstrap: string): Promise<RawClient> {
    const [host, port] = bootstrap.split(':')
    const socket = connect({ host: host!, port: Number(port), noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawClient(socket)
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** The next frame, without its size; undefined if the broker has closed the connection. */
  async frame(): Promise<Uint8Array | undefined> {
    for (;;) {
      const frame = this.frames.next()
      if (frame || this.ended) return frame
      await new Promise<void>((resolve) => {
        this.waiting = resolve
      })
    }
  }

  /** Sends a request and reads its response; undefined if the broker closed the connection. */
  async call<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
  ): Promise<Out | undefined> {
    const headers = headerVersions(request.apiKey, version >= request.flexibleSince)
    this.send(frameOf(request, version, headers.request, 1, body, this.clientId))
    const frame = await this.frame()
    return frame && response.decode(new Reader(frame, headers.response === 1 ? 5 : 4), version)
  }

  end(): void {
    this.socket.destroy()
  }
}
