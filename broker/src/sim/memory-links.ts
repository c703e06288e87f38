/**
 * Connections in memory: how nodes of one page, worker or test reach each other without a network.
 *
 *   node 1: dial('browser', 9093) ---->  the listener of that address  ---->  node 2: broker.connect(transport)
 *
 * Bytes are copied, and every event comes in a call of its own, as with TCP: a node that is called back while it is still
 * working would find itself in the middle of a change.
 *
 * MEMORY-LINKS-1  bytes arrive in order; what was sent before one end closes arrives, what is sent afterwards does not
 * MEMORY-LINKS-2  without a listener at the address a connection is refused
 */
import type { Connection, Transport } from '../broker/connection.ts'
import { bytesOf, type Dial, type Link, type LinkEvents } from '../core.ts'

/** A node's end of its listener: called for each connection. */
export type Accept = (transport: Transport) => Pick<Connection, 'receive' | 'closed'>

export class MemoryLinks {
  private readonly soon: (event: () => void) => void
  private readonly listeners = new Map<string, Accept>()

  /** `soon`: calls back later, in the order of the calls. */
  constructor(soon: (event: () => void) => void) {
    this.soon = soon
  }

  /** Accepts connections to an address; returns a function that ends this. Open connections stay open. */
  listen(host: string, port: number, accept: Accept): () => void {
    const address = `${host}:${port}`
    this.listeners.set(address, accept)
    return () => this.listeners.delete(address)
  }

  readonly dial: Dial = (host, port, events) => {
    let isOpen = true
    let far: ReturnType<Accept> | undefined
    /** Calls back later, unless this end has closed. */
    const later = (event: () => void): void =>
      this.soon(() => {
        if (isOpen) event()
      })
    const close = (reason: string): void =>
      later(() => {
        isOpen = false
        events.closed(reason)
      })
    const link: Link = {
      send: (bytes) => {
        const copy = bytes.slice()
        if (isOpen) this.soon(() => far?.receive(copy))
      },
      close: () => {
        if (!isOpen) return
        isOpen = false
        this.soon(() => far?.closed())
      },
    }
    later(() => {
      const accept = this.listeners.get(`${host}:${port}`)
      if (!accept) return close(`${host}:${port} refuses connections`)
      far = accept(transportOf(events, later, close))
      events.connected()
    })
    return link
  }
}

/** The far node's end. */
function transportOf(
  events: LinkEvents,
  later: (event: () => void) => void,
  close: (reason: string) => void,
): Transport {
  return {
    remoteHost: '127.0.0.1',
    send: (chunks) => {
      for (const chunk of chunks) {
        const copy = chunk instanceof Uint8Array ? chunk.slice() : bytesOf(chunk)
        later(() => events.received(copy))
      }
      return true
    },
    close: () => close('closed by the other node'),
  }
}
