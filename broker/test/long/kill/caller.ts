/**
 * A client that survives its broker: requests without a response are sent again, in order, to the next broker.
 *
 *   call(…)          completes eventually, however often the broker is killed: like a client with retries
 *   call(…, once)    rejects with Gone if the connection ends before the response: the outcome is unknown
 *
 * Requests may be pipelined; responses come in the order of the requests.
 */
import { connect, type Socket } from 'node:net'
import { headerVersions } from '../../../src/messages/header.ts'
import { frameOf } from '../../../src/sim/sim-client.ts'
import { FrameAssembler } from '../../../src/wire/framing.ts'
import { Reader } from '../../../src/wire/reader.ts'
import type { Message } from '../../../src/wire/schema.ts'

/** The connection has ended before the answer. */
export class Gone extends Error {
  override readonly name = 'Gone'
}

export type Retry = 'once' | 'again'

interface Pending {
  readonly frame: Uint8Array
  readonly retry: Retry
  readonly resolve: (frame: Uint8Array) => void
  readonly reject: (error: Error) => void
}

export class Caller {
  /** Connections that were lost so far. */
  losses = 0
  private readonly address: () => Promise<string>
  private socket: Socket | undefined
  private pending: Pending[] = []
  private frames = new FrameAssembler(1 << 30)
  private ended = false

  /** `address` resolves to the broker's address as soon as there is one. */
  constructor(address: () => Promise<string>) {
    this.address = address
    void this.open()
  }

  async call<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
    retry: Retry = 'again',
  ): Promise<Out> {
    const headers = headerVersions(request.apiKey, version >= request.flexibleSince)
    const sent = frameOf(request, version, headers.request, 1, body)
    const frame = await new Promise<Uint8Array>((resolve, reject) => {
      if (this.ended || (retry === 'once' && !this.socket)) return reject(new Gone('no connection'))
      this.pending.push({ frame: sent, retry, resolve, reject })
      this.socket?.write(sent)
    })
    return response.decode(new Reader(frame, headers.response === 1 ? 5 : 4), version)
  }

  /** The first request that waits for its answer. */
  get waitsFor(): string {
    const frame = this.pending[0]?.frame
    return frame ? `an answer to API key ${(frame[4]! << 8) | frame[5]!}` : 'nothing'
  }

  /** Waits for a connection. */
  async connected(): Promise<void> {
    while (!this.socket && !this.ended) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  /** Closes the connection; waiting requests are rejected with Gone. */
  end(): void {
    this.ended = true
    this.socket?.destroy()
    for (const { reject } of this.pending.splice(0)) reject(new Gone('ended'))
  }

  private async open(): Promise<void> {
    while (!this.ended) {
      const [host, port] = (await this.address()).split(':')
      const socket = connect({ host: host!, port: Number(port), noDelay: true })
      socket.on('error', () => {})
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      socket.on('data', (bytes) => this.receive(bytes as Uint8Array))
      socket.once('connect', () => {
        if (this.ended) return socket.destroy()
        this.socket = socket
        for (const { frame } of this.pending) socket.write(frame)
      })
      await closed
      this.lose()
      // Refused, or closed by a kill that the campaign has not noticed yet.
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  private receive(bytes: Uint8Array): void {
    this.frames.push(bytes)
    for (let frame = this.frames.next(); frame; frame = this.frames.next()) {
      // Frames of 64 KiB share memory with the next ones, so callers copy what they keep.
      this.pending.shift()?.resolve(frame)
    }
  }

  private lose(): void {
    if (this.socket) this.losses++
    this.socket = undefined
    this.frames = new FrameAssembler(1 << 30)
    const waiting = this.pending
    this.pending = waiting.filter(({ retry }) => retry === 'again')
    for (const { retry, reject } of waiting) if (retry === 'once') reject(new Gone('the broker has gone'))
  }
}
