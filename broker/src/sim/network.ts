/**
 * A simulated network: connections between clients and brokers, with delays and cut pieces.
 *
 *   client --bytes--> | piece | piece | ----2 ms----> broker
 *   client <--------- | piece | <------ 5 ms -------- broker
 *
 * TCP keeps the bytes of one direction in order and guarantees nothing else: neither the delay nor where they are cut.
 * Random numbers decide both.
 *
 * SIM-NETWORK-1  one direction of a connection delivers its bytes in the order in which they were sent
 * SIM-NETWORK-2  bytes in flight when an end closes do not arrive
 * SIM-NETWORK-3  nodes reach each other at the address of a listener; without one the connection is refused
 */
import type { Connection, Transport } from '../broker/connection.ts'
import { bytesOf, type Link, type LinkEvents } from '../core.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { VirtualTime } from './virtual-time.ts'

const DELAY_MS_MAX = 5
/** The share of deliveries that are cut in two. */
const CUT_PERCENT = 20

/** The client's end of a connection. */
export interface ClientSocket {
  send(bytes: Uint8Array): void
  /** Gets the broker's bytes, piece by piece. */
  onData: (bytes: Uint8Array) => void
  /** Called when the broker closes the connection. */
  onClose: () => void
  close(): void
}

/** Called for a connection; usually a broker's `connect`. */
export type Accept = (transport: Transport) => Connection

/** Gets everything that is delivered: the connection, the direction, and the bytes. */
export type Wiretap = (connection: number, way: '>' | '<', bytes: Uint8Array) => void

export class Network {
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly tap: Wiretap
  private nextId = 1
  private readonly cables = new Set<Cable>()
  private readonly listeners = new Map<string, Accept>()
  /** Connections between nodes: they can be broken one by one. */
  private readonly links = new Set<() => void>()

  constructor(time: VirtualTime, random: SeededRandom, tap: Wiretap) {
    this.time = time
    this.random = random
    this.tap = tap
  }

  /** Connects a client to `accept`, usually a broker. */
  connect(accept: Accept): ClientSocket {
    const id = this.nextId++
    const cable = new Cable(this.time, this.random)
    this.cables.add(cable)
    const socket: ClientSocket = {
      onData: () => {},
      onClose: () => {},
      send: (bytes) => toBroker.send(bytes),
      close: () => cable.cut(() => connection.closed()),
    }
    const toClient = cable.lane((bytes) => {
      this.tap(id, '<', bytes)
      socket.onData(bytes)
    })
    const connection = accept({
      remoteHost: '127.0.0.1',
      send: (chunks) => {
        for (const chunk of chunks) toClient.send(bytesOf(chunk))
        return true
      },
      close: () => cable.cut(() => socket.onClose()),
    })
    const toBroker = cable.lane((bytes) => {
      this.tap(id, '>', bytes)
      connection.receive(bytes)
    })
    return socket
  }

  /** Accepts connections of nodes to this address, until `cutAll`. */
  listen(host: string, port: number, accept: Accept): void {
    this.listeners.set(`${host}:${port}`, accept)
  }

  /** Opens a connection from one node to another (core.ts, Dial). */
  dial(host: string, port: number, events: LinkEvents): Link {
    let isOpen = true
    let socket: ClientSocket | undefined
    const lost = (reason: string): void => {
      this.links.delete(breakIt)
      if (isOpen) events.closed(reason)
      isOpen = false
    }
    const breakIt = (): void => {
      socket?.close()
      lost('the link is broken')
    }
    this.links.add(breakIt)
    this.time.after(1 + this.random.int(DELAY_MS_MAX), () => {
      if (!isOpen || !this.links.has(breakIt)) return
      const accept = this.listeners.get(`${host}:${port}`)
      if (!accept) return lost(`${host}:${port} refuses connections`)
      socket = this.connect(accept)
      socket.onData = (bytes) => events.received(bytes)
      socket.onClose = () => lost('closed by the other node')
      events.connected()
    })
    return {
      send: (bytes) => socket?.send(bytes),
      close: () => {
        isOpen = false
        this.links.delete(breakIt)
        socket?.close()
      },
    }
  }

  /** Breaks every connection between nodes; both ends are informed, and may connect again. */
  breakLinks(): void {
    for (const breakIt of [...this.links]) breakIt()
  }

  /** Closes all connections at once, as when the brokers' machine loses power. */
  cutAll(): void {
    for (const cable of this.cables) cable.dead = true
    this.cables.clear()
    this.listeners.clear()
    this.links.clear()
  }
}

/** Both directions of one connection, which close together. */
class Cable {
  dead = false
  private readonly time: VirtualTime
  private readonly random: SeededRandom

  constructor(time: VirtualTime, random: SeededRandom) {
    this.time = time
    this.random = random
  }

  lane(deliver: (bytes: Uint8Array) => void): { send(bytes: Uint8Array): void } {
    let latest = 0
    const post = (bytes: Uint8Array): void => {
      const due = this.time.now() + 1 + this.random.int(DELAY_MS_MAX)
      latest = Math.max(latest, due)
      this.time.after(latest - this.time.now(), () => {
        if (!this.dead) deliver(bytes)
      })
    }
    return {
      send: (bytes) => {
        // A copy, because the sender may reuse its buffer.
        const copy = bytes.slice()
        const at = this.random.chance(CUT_PERCENT) ? this.random.int(copy.length + 1) : copy.length
        for (const piece of [copy.subarray(0, at), copy.subarray(at)]) if (piece.length > 0) post(piece)
      },
    }
  }

  /** One end closes (SIM-NETWORK-2); the other end is informed later. */
  cut(tellOther: () => void): void {
    if (this.dead) return
    this.dead = true
    this.time.after(1 + this.random.int(DELAY_MS_MAX), tellOther)
  }
}
