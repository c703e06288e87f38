/**
 * A listener: TCP connections of one broker, from Node's sockets to the core's transports and back.
 *
 * The address is taken before the broker starts, for a port of the system's choice must be known before the broker
 * registers it; who connects in the meantime waits. Backpressure goes both ways:
 *
 *   the broker is busy     connection.wantsBytes is false -> the socket is paused -> TCP's window closes
 *   the client is slow     send gives false -> the connection takes no further request -> until it is sent (outbox.ts)
 *
 * TCP-1  a connection holds at most one response and what the system and Node buffer of its requests
 * TCP-2  a socket's failure is its connection's end and nothing else's
 * TCP-3  after `close` no socket and no handle of this listener is left
 * TCP-4  a client that does not read, and one that does not go on, is ended when its time is up, whatever is unsent
 */
import { createServer, type Server, type Socket } from 'node:net'
import type { Connection, Transport } from '../../broker/connection.ts'
import type { Logger } from '../../core.ts'
import type { Descriptors } from '../descriptors.ts'
import { Outbox } from './outbox.ts'
import { descriptorOf } from './send-file.ts'
import { withSharedReads } from './socket-reads.ts'

/**
 * Kafka has a thread that does nothing but accept, and gets by with 50. Here, connections wait while a request is in
 * work; one that finds no place is tried again by its system after a whole second.
 */
const BACKLOG_MIN = 511

export interface ListenerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Connections that the system may hold before we accept them: socket.listen.backlog.size, and 511 at least. */
  readonly backlog: number
  /** Asked for each connection: some of them may be changed while the broker runs. */
  readonly limits: () => ConnectionLimits
  readonly log: Logger
  /** Told of the descriptor of each connection. */
  readonly descriptors?: Pick<Descriptors, 'mayKeep'> | undefined
}

export interface ConnectionLimits {
  /** Who comes above it waits until someone goes, as Kafka's acceptor does. (max.connections) */
  readonly connectionsMax: number
  /** Who comes above it is turned away. (max.connections.per.ip and its overrides) */
  readonly connectionsPerIpMax: (ip: string) => number
  /** A connection without traffic is ended after so many ms; 0 or less: never. (connections.max.idle.ms) */
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
  /** Who came before `serve`. */
  private early: Socket[] = []
  /** Who came when there were `connectionsMax` already. */
  private waiting: Socket[] = []
  private connect: ((transport: Transport) => Connection) | undefined
  private closing: Promise<void> | undefined

  private constructor(options: ListenerOptions) {
    this.options = options
    const sockets = { noDelay: true, keepAlive: true, pauseOnConnect: true, allowHalfOpen: true }
    this.server = createServer(sockets, (socket) => this.accept(withSharedReads(socket)))
  }

  /** Takes the address. Rejects with ListenError. */
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

  /** The port that is listened on. */
  get port(): number {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('tcp.port: the listener is closed')
    return address.port
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.sockets.size
  }

  /** From now on connections are handed to the broker; those that came early, first. */
  serve(connect: (transport: Transport) => Connection): void {
    this.connect = connect
    for (const socket of this.early.splice(0)) this.attach(socket, connect)
  }

  /** Lets nobody in any more; who is connected stays. */
  refuse(): void {
    this.closing ??= new Promise((resolve) => this.server.close(() => resolve()))
  }

  /** Ends every connection and gives the port back. Idempotent. */
  async close(): Promise<void> {
    this.refuse()
    for (const socket of [...this.sockets, ...this.waiting]) socket.destroy()
    await this.closing
  }

  private accept(socket: Socket): void {
    const ip = ipOf(socket)
    const fd = descriptorOf(socket)
    // Without a listener of its own, a connection that is reset would end the process.
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
    // Half open: what a client sent before it stopped sending is still done (CONNECTION-8).
    socket.once('end', () => connection.ended())
    socket.once('close', () => connection.closed())
    if (idleMsMax > 0 && idleMsMax < 2 ** 31) {
      socket.setTimeout(idleMsMax, () => {
        log('debug', `${socket.remoteAddress}: idle for ${idleMsMax} ms`)
        // At once: a client that does not read will not read what is unsent either (TCP-4).
        socket.destroy()
      })
    }
    socket.resume()
  }
}

/** IPv4 in its own form, also where the socket is one for both. */
function ipOf(socket: Socket): string {
  return socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
}

function transportOf(socket: Socket, outbox: Outbox): Transport {
  return {
    remoteHost: ipOf(socket),
    send: (chunks) => outbox.send(chunks),
    // What was sent already is still delivered.
    close: () => outbox.end(),
    resume: () => {
      if (!socket.destroyed) socket.resume()
    },
  }
}

/** Why an address cannot be listened on; `option` is the one that chooses another port. */
export function explainListening(
  error: NodeJS.ErrnoException,
  { host, port, option = '--port' }: { host: string; port: number; option?: string },
): ListenError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `port ${port} on ${host} is taken by another process; choose another with ${option}`,
      )
    case 'EACCES':
      return new ListenError(
        `port ${port} on ${host} needs more rights; choose one from 1024 on with ${option}`,
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
