/**
 * The endpoint for Prometheus: GET /metrics, on its own address (`--metrics PORT`).
 *
 * The metrics show who uses the broker and how much, to everyone who can reach the endpoint. So it listens on 127.0.0.1
 * unless another address is given.
 *
 * METRICS-SERVER-1  a scrape of many partitions is written in pieces, and other events are handled between them
 * METRICS-SERVER-2  a client that does not read, or sends no request, is disconnected after a timeout; the number of
 *     clients is limited
 * METRICS-SERVER-3  after `close` nothing of it is left
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Metric } from '../../broker/metrics.ts'
import type { Logger } from '../../core.ts'
import { explainListening } from '../network/tcp.ts'
import { CONTENT_TYPE, prometheusText } from './prometheus-text.ts'

const CONNECTIONS_MAX = 16
/** For a request to come, and for its answer to be read: a scrape takes some ms, and Prometheus gives it ten seconds. */
const PATIENCE_MS = 10_000

export interface MetricsOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly metrics: () => Iterable<Metric>
  readonly log: Logger
}

export class MetricsServer {
  private readonly server: Server

  private constructor(server: Server) {
    this.server = server
  }

  /** Binds the address and serves. Rejects with ListenError. */
  static open({ host, port, metrics, log }: MetricsOptions): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      answer(request, response, metrics).catch((error) => {
        log(
          'error',
          `a scrape of the metrics failed: ${error instanceof Error ? error.message : String(error)}`,
        )
        response.destroy()
      })
    })
    server.on('connection', keepFew())
    server.headersTimeout = PATIENCE_MS
    server.requestTimeout = PATIENCE_MS
    server.setTimeout(PATIENCE_MS)
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(explainListening(error, { host, port, option: '--metrics' })))
      server.listen({ host, port }, () => {
        server.removeAllListeners('error')
        server.on('error', (error) => log('error', `metrics ${host}:${port}: ${error.message}`))
        resolve(new MetricsServer(server))
      })
    })
  }

  /** The URL for Prometheus. */
  get url(): string {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('metrics: the server is closed')
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
    return `http://${host}:${address.port}/metrics`
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }
}

/** Ends the oldest connection when there is one too many. */
function keepFew(): (socket: Socket) => void {
  const sockets = new Set<Socket>()
  return (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const [oldest] = sockets
    if (sockets.size > CONNECTIONS_MAX) oldest?.destroy()
  }
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  metrics: () => Iterable<Metric>,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'only GET')
  if (url?.split('?')[0] !== '/metrics') return refuse(response, 404, 'the metrics are at /metrics')
  // One that reads a byte now and then is never idle.
  const deadline = setTimeout(() => response.destroy(), PATIENCE_MS)
  response.once('close', () => clearTimeout(deadline))
  // It does not keep its place until the next scrape.
  response.writeHead(200, { 'content-type': CONTENT_TYPE, connection: 'close' })
  if (method === 'HEAD') return void response.end()
  for (const piece of prometheusText(metrics())) {
    if (response.destroyed) return
    const hasRoom = response.write(piece)
    await (hasRoom ? nextTurn() : drained(response))
  }
  response.end()
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  })
  response.end(`${why}\n`)
}

/** Lets all other pending events run first (METRICS-SERVER-1). */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve)
    response.once('close', resolve)
  })
}
