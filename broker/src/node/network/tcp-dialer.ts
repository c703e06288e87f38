/**
 * The client end of TCP connections: how a node opens connections to other nodes (core.ts, Dial).
 *
 * Clients of a broker are accepted in tcp.ts; here the broker is the client. A request is small and at most one or a few
 * are unanswered, so what is sent is left to the system and Node, without an outbox.
 *
 * TCP-DIALER-1  an error of a connection, or of a callback, ends or affects nothing but this connection
 * TCP-DIALER-2  after `close` no socket is left, and no event comes
 */
import { connect, type Socket } from 'node:net'
import type { Dial, Link, Logger } from '../../core.ts'

/** The address at which a node listens, which may differ from the one that it advertises. */
export type AddressOf = (host: string, port: number) => { readonly host: string; readonly port: number }

export class TcpDialer {
  private readonly log: Logger
  private readonly addressOf: AddressOf
  private readonly sockets = new Set<Socket>()
  private isClosed = false

  /** `addressOf`: where to connect for an advertised address; default: there. */
  constructor(log: Logger, addressOf: AddressOf = (host, port) => ({ host, port })) {
    this.log = log
    this.addressOf = addressOf
  }

  readonly dial: Dial = (host, port, events): Link => {
    const socket = connect({ ...this.addressOf(host, port), noDelay: true, keepAlive: true })
    this.sockets.add(socket)
    let isOpen = !this.isClosed
    let reason = 'closed by the other node'
    const guarded = (event: () => void): void => {
      if (!isOpen || this.isClosed) return
      try {
        event()
      } catch (error) {
        this.log('error', `unexpected: ${error instanceof Error ? error.stack : String(error)}`)
      }
    }
    socket.on('connect', () => guarded(() => events.connected()))
    socket.on('data', (bytes) => guarded(() => events.received(bytes)))
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.once('close', () => {
      this.sockets.delete(socket)
      guarded(() => {
        isOpen = false
        events.closed(reason)
      })
    })
    if (this.isClosed) socket.destroy()
    return {
      send: (bytes) => void socket.write(bytes),
      close: () => {
        isOpen = false
        socket.destroy()
      },
    }
  }

  /** Closes all connections, without events. Idempotent. */
  close(): void {
    this.isClosed = true
    for (const socket of this.sockets) socket.destroy()
  }
}
