/**
 * TCP: listeners whose bytes go into connections, and back.
 *
 * Backpressure goes both ways. A client that does not read its responses is not asked for more: its socket is left
 * unread until it has caught up, so it costs one response and no more. And a request's bytes are taken from the socket
 * only while the connection wants them.
 *
 * T1  a socket's error ends its connection, and nothing else
 * T2  `close` ends the listener and every socket; afterwards no handle is left
 */
import { createServer, type Server, type Socket } from 'node:net'
import type { Broker } from '../broker/broker.ts'
import type { Logger } from '../core.ts'

export interface Listener {
  readonly host: string
  readonly port: number
  /** Lets connections in; until then they wait in the operating system's queue. */
  serve(broker: Broker): void
  close(): Promise<void>
}

/** The port is taken, or may not be used: `code` is the operating system's. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: string
  readonly port: number
  constructor(code: string, host: string, port: number) {
    super(`cannot listen on ${host}:${port}: ${code}`)
    this.code = code
    this.port = port
  }
}

/** Takes a port (0: any that is free). Rejects with ListenError. */
export async function listen(host: string, port: number, log: Logger): Promise<Listener> {
  const sockets = new Set<Socket>()
  let broker: Broker | undefined
  const early: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (broker) join(socket, broker)
    else early.push(socket)
  })
  await bind(server, host, port)
  server.on('error', (error) => log('error', `listener ${host}:${port}: ${error.message}`))
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address ? address.port : port,
    serve: (serving) => {
      broker = serving
      for (const socket of early.splice(0)) join(socket, serving)
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new ListenError(error.code ?? 'UNKNOWN', host, port)))
    server.listen({ host, port, backlog: 511 }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function join(socket: Socket, broker: Broker): void {
  const connection = broker.connect({
    remoteHost: socket.remoteAddress ?? 'unknown',
    send: (chunks) => {
      socket.cork()
      for (const chunk of chunks) socket.write(chunk)
      socket.uncork()
      return !socket.writableNeedDrain
    },
    close: () => socket.destroy(),
    resume: () => socket.resume(),
  })
  socket.on('data', (bytes) => {
    connection.receive(bytes as Uint8Array)
    if (!connection.wantsBytes) socket.pause()
  })
  socket.on('drain', () => connection.drained())
  socket.on('error', () => connection.closed())
  socket.on('close', () => connection.closed())
}
