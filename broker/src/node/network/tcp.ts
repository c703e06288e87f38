/**
 * A listener: connects Node's TCP sockets with the transports of the core, for one broker.
 *
 * The port is bound before the broker starts, because the broker registers it, and the system may choose it. Clients that
 * connect before the start wait. Backpressure goes both ways:
 *
 *   the broker is busy     connection.wantsBytes is false -> the socket is paused -> TCP's window closes
 *   the client is slow     send returns false -> the connection takes no further request until it is sent (outbox.ts)
 *
 * TCP-1  a connection holds at most one response, and what the system and Node buffer of its requests
 * TCP-2  an error of a socket closes its connection and nothing else
 * TCP-3  after `close` no socket and no handle of this listener is left
 * TCP-4  a client that does not read, and one that sends nothing, is disconnected after its timeout, whatever is unsent
 */
import { createServer, type Server, type Socket } from 'node:net'
import type { Connection, Transport } from '../../broker/connection.ts'
import type { Logger } from '../../core.ts'
import type { Descriptors } from '../descriptors.ts'
import { Outbox } from './outbox.ts'
import { descriptorOf } from './send-file.ts'
import { withSharedReads } from './socket-reads.ts'

/**
 * Kafka has a thread that only accepts, so a backlog of 50 is enough. Here, connections wait in the backlog while a
 * request is handled; if it is full, the client's system retries only after a whole second.
 */
const BACKLOG_MIN = 511

export interface ListenerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** How many connections the system queues before we accept them: socket.listen.backlog.size, at least 511. */
  readonly backlog: number
  /** Called for each connection: some limits may be changed while the broker runs. */
  readonly limits: () => ConnectionLimits
  readonly log: Logger
  /** Gets the descriptor of each connection. */
  readonly descriptors?: Pick<Descriptors, 'mayKeep'> | undefined
}

export interface ConnectionLimits {
  /** Further connections wait until one is closed, as in Kafka's acceptor. (max.connections) */
  readonly connectionsMax: number
  /** Further connections are closed. (max.connections.per.ip and its overrides) */
  readonly connectionsPerIpMax: (ip: string) => number
  /** A connection without traffic for so many ms is closed; 0 or less: never. (connections.max.idle.ms) */
  readonly idleMsMax: number
}

/** The address can't be listened on; `message` is one line for people. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export class TcpListener {
  private readonly options: ListenerOptions
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private readonly countByIp = new Map<string, number>()
  /** Connections that came before `serve`. */
  private early: Socket[] = []
  /** Connections above `connectionsMax`. */
  private waiting: Socket[] = []
  private connect: ((transport: Transport) => Connection) | undefined
  private closing: Promise<void> | undefined

  private constructor(options: ListenerOptions) {
    this.options = options
    const sockets = { noDelay: true, keepAlive: true, pauseOnConnect: true, allowHalfOpen: true }
    this.server = createServer(sockets, (socket) => this.accept(withSharedReads(socket)))
  }

  /** Binds the address. Rejects with ListenError. */
  static open(options: ListenerOptions): Promise<TcpListener> {
    const listener = new TcpListener(options)
    const { host, port } = options
    const backlog = Math.max(options.backlog, BACKLOG_MIN)
    return new Promise((resolve, reject) => {
      listener.server.once('error', (error) => reject(explainListening(error, { host, port })))
      listener.server.listen({ host, port, backlog }, () => {
        listener.server.removeAllListeners('error')
        listener.server.on('error', (error) =>
          options.log('error', `listener ${host}:${port}: ${error.message}`),
        )
        resolve(listener)
      })
    })
  }

  /** The bound port. */
  get port(): number {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('tcp.port: the listener is closed')
    return address.port
  }

  /** The number of open connections. */
  get connectionCount(): number {
    return this.sockets.size
  }

  /** From now on connections go to the broker, those that came before first. */
  serve(connect: (transport: Transport) => Connection): void {
    this.connect = connect
    for (const socket of this.early.splice(0)) this.attach(socket, connect)
  }

  /** Accepts no further connections; open ones stay open. */
  refuse(): void {
    this.closing ??= new Promise((resolve) => this.server.close(() => resolve()))
  }

  /** Closes every connection and releases the port. Idempotent. */
  async close(): Promise<void> {
    this.refuse()
    for (const socket of [...this.sockets, ...this.waiting]) socket.destroy()
    await this.closing
  }

  private accept(socket: Socket): void {
    const ip = ipOf(socket)
    const fd = descriptorOf(socket)
    // Without a listener, the error of a reset connection would end the process.
    socket.on('error', (error) => this.options.log('debug', `${ip}: ${error.message}`))
    if (fd !== undefined && this.options.descriptors?.mayKeep(fd) === false) {
      socket.destroy()
      return
    }
    const { connectionsMax, connectionsPerIpMax } = this.options.limits()
    const perIpMax = connectionsPerIpMax(ip)
    if ((this.countByIp.get(ip) ?? 0) >= perIpMax) {
      this.options.log('warn', `refused ${ip}: max.connections.per.ip is ${perIpMax}`)
      socket.destroy()
    } else if (this.sockets.size < connectionsMax) this.admit(socket)
    else this.wait(socket)
  }

  private admit(socket: Socket): void {
    this.count(socket, ipOf(socket))
    if (this.connect) this.attach(socket, this.connect)
    else this.early.push(socket)
  }

  private wait(socket: Socket): void {
    if (this.waiting.length >= Math.max(this.options.backlog, BACKLOG_MIN)) {
      socket.destroy()
      return
    }
    this.waiting.push(socket)
    socket.once('close', () => {
      this.waiting = this.waiting.filter((each) => each !== socket)
    })
  }

  private admitWaiting(): void {
    while (this.sockets.size < this.options.limits().connectionsMax) {
      const next = this.waiting.shift()
      if (!next) return
      if (!next.destroyed) this.admit(next)
    }
  }

  private count(socket: Socket, ip: string): void {
    this.sockets.add(socket)
    this.countByIp.set(ip, (this.countByIp.get(ip) ?? 0) + 1)
    socket.once('close', () => {
      this.sockets.delete(socket)
      const left = this.countByIp.get(ip)! - 1
      if (left > 0) this.countByIp.set(ip, left)
      else this.countByIp.delete(ip)
      if (!this.closing) this.admitWaiting()
    })
  }

  private attach(socket: Socket, connect: (transport: Transport) => Connection): void {
    if (socket.destroyed) return
    const { log } = this.options
    const { idleMsMax } = this.options.limits()
    const outbox = new Outbox(
      socket,
      () => connection.drained(),
      ({ message }) => log('error', `closed ${socket.remoteAddress} in the middle of a response: ${message}`),
    )
    const connection = connect(transportOf(socket, outbox))
    socket.on('data', (bytes: Buffer) => {
      connection.receive(bytes)
      if (!connection.wantsBytes) socket.pause()
    })
    // Half open: requests that a client sent before its FIN are still handled (CONNECTION-8).
    socket.once('end', () => connection.ended())
    socket.once('close', () => connection.closed())
    if (idleMsMax > 0 && idleMsMax < 2 ** 31) {
      socket.setTimeout(idleMsMax, () => {
        log('debug', `${socket.remoteAddress}: idle for ${idleMsMax} ms`)
        // At once: a client that does not read would not read the unsent bytes either (TCP-4).
        socket.destroy()
      })
    }
    socket.resume()
  }
}

/** IPv4 in its own form, also on a socket for both IP versions. */
function ipOf(socket: Socket): string {
  return socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
}

function transportOf(socket: Socket, outbox: Outbox): Transport {
  return {
    remoteHost: ipOf(socket),
    send: (chunks) => outbox.send(chunks),
    // Bytes that are already sent are still delivered.
    close: () => outbox.end(),
    abort: () => void socket.destroy(),
    resume: () => {
      if (!socket.destroyed) socket.resume()
    },
  }
}

/** Why an address can't be bound; `option` is the one that chooses another port. */
export function explainListening(
  error: NodeJS.ErrnoException,
  { host, port, option = '--port' }: { host: string; port: number; option?: string },
): ListenError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `port ${port} on ${host} is in use by another process; choose another with ${option}`,
      )
    case 'EACCES':
      return new ListenError(
        `port ${port} on ${host} needs more privileges; choose one from 1024 on with ${option}`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      const hostOption = option === '--port' ? '--host' : option
      return new ListenError(`${host} is no address of this machine; choose another with ${hostOption}`)
    }
    default:
      return new ListenError(`cannot listen on ${host}:${port}: ${error.message}`)
  }
}
