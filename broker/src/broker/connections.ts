/**
 * The open connections of a broker, and what they share: memory for large requests, for responses that are not read, and
 * for frames.
 *
 *   a client's socket ----> PLAINTEXT ----> Connection --frames--> router, with the APIs for clients
 *   a broker's channel ---> CONTROLLER ---> Connection --frames--> router, with the APIs of the controller
 *
 * The limits on new connections hold for PLAINTEXT only: a broker must reach the controller whatever its clients do.
 *
 * - after `close` no connection is left
 */
import type { Services } from '../api/api.ts'
import { CONTROLLER_APIS } from '../api/controller-catalog.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import { Connection, type Transport } from './connection.ts'
import { FrameMemory } from './frame-memory.ts'
import { LargeRequests } from './large-requests.ts'
import { RequestMemory } from './request-memory.ts'
import { ResponseMemory } from './response-memory.ts'
import { type Gates, route } from './router.ts'

/** For clients and other brokers, or for what brokers ask of the controller. */
export type ListenerName = 'PLAINTEXT' | 'CONTROLLER'

/** Unread responses of all clients together. */
const UNREAD_BYTES_MAX = 128 * 1_048_576

export class Connections {
  private readonly services: Readonly<Record<ListenerName, Services>>
  private readonly open: Readonly<Record<ListenerName, Set<Connection>>> = {
    PLAINTEXT: new Set(),
    CONTROLLER: new Set(),
  }
  private readonly requestMemory: RequestMemory
  private readonly responses = new ResponseMemory(UNREAD_BYTES_MAX)
  private readonly frameMemory = new FrameMemory()
  private readonly gates: Gates
  private nextId = 1

  constructor(services: Services) {
    const { config, core } = services
    this.services = { PLAINTEXT: services, CONTROLLER: { ...services, apis: CONTROLLER_APIS } }
    this.requestMemory = new RequestMemory(queuedBytesMax(config), core.timers)
    this.gates = { requests: new LargeRequests(core.timers), decisions: new LargeRequests(core.timers, 0) }
  }

  /** Of clients and brokers. */
  get count(): number {
    return this.open.PLAINTEXT.size
  }

  /** Called for a new client. Pass the client's bytes to the returned connection. */
  connect(transport: Transport, listener: ListenerName = 'PLAINTEXT'): Connection {
    const services = this.services[listener]
    const open = this.open[listener]
    const connection = new Connection({
      id: this.nextId++,
      core: services.core,
      turns: services.turns,
      transport,
      frameBytesMax: services.config.get('socket.request.max.bytes'),
      memory: this.requestMemory,
      responses: this.responses,
      frameMemory: this.frameMemory,
      handle: (frame, from, reply) => route(services, this.gates, frame, from, reply),
      onClosed: (closed) => open.delete(closed),
    })
    open.add(connection)
    if (listener === 'PLAINTEXT') this.limit(connection)
    return connection
  }

  /** The quotas on new connections: of the client's address, and of the whole broker (KIP-612). */
  private limit(connection: Connection): void {
    const { quotas, config } = this.services.PLAINTEXT
    const throttleMs = quotas.connected(connection.transport.remoteHost)
    if (throttleMs > 0) return connection.closeAfter(throttleMs)
    const waitMs = quotas.admitted(config.get('max.connection.creation.rate'))
    if (waitMs > 0) connection.holdBack(waitMs)
  }

  close(): void {
    for (const open of Object.values(this.open)) for (const connection of [...open]) connection.close()
  }
}

/** queued.max.request.bytes. If only socket.request.max.bytes was raised: one frame of that size (request-memory.ts). */
function queuedBytesMax(config: BrokerConfig): number {
  const bytesMax = config.get('queued.max.request.bytes')
  return bytesMax > 0 ? Math.max(bytesMax, config.get('socket.request.max.bytes')) : bytesMax
}
