import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { LinkEvents } from '../../core.ts'
import { TcpDialer } from './tcp-dialer.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server, and its port. */
async function serve(accept: (socket: Socket) => void): Promise<number> {
  const server = createServer(accept)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

/** Records events; `next` resolves with the next one. */
function recorder() {
  const story: string[] = []
  const waiting: ((line: string) => void)[] = []
  const tell = (line: string): void => {
    const take = waiting.shift()
    if (take) take(line)
    else story.push(line)
  }
  const events: LinkEvents = {
    connected: () => tell('connected'),
    received: (bytes) => tell(`got ${Buffer.from(bytes)}`),
    closed: (reason) => tell(reason),
  }
  const next = (): Promise<string> =>
    story.length > 0 ? Promise.resolve(story.shift()!) : new Promise((resolve) => waiting.push(resolve))
  return { events, next, story }
}

test('connects, sends and receives, and hears that the other end has closed', async () => {
  const port = await serve((socket) => socket.once('data', (bytes) => socket.end(bytes)))
  const dialer = new TcpDialer(() => {})
  const { events, next } = recorder()
  const link = dialer.dial('127.0.0.1', port, events)
  expect(await next()).toBe('connected')
  link.send(Buffer.from('hello'))
  expect(await next()).toBe('got hello')
  expect(await next()).toBe('closed by the other node')
  dialer.close()
})

test('TCP-DIALER-1: a refused connection is an event with the cause', async () => {
  const port = await serve(() => {})
  servers.pop()!.close()
  const { events, next } = recorder()
  new TcpDialer(() => {}).dial('127.0.0.1', port, events)
  expect(await next()).toMatch(/ECONNREFUSED/)
})

test('TCP-DIALER-1: an error of a callback is logged', async () => {
  const port = await serve((socket) => socket.on('error', () => {}))
  const log: string[] = []
  const dialer = new TcpDialer((level, message) => void log.push(`${level} ${message.split('\n')[0]}`))
  const connected = new Promise<void>((resolve) => {
    const events: LinkEvents = {
      connected: () => {
        resolve()
        throw new Error('a bug')
      },
      received: () => {},
      closed: () => {},
    }
    dialer.dial('127.0.0.1', port, events)
  })
  await connected
  expect(log).toEqual(['error unexpected: Error: a bug'])
  dialer.close()
})

test('TCP-DIALER-2: after close no event comes, neither of open connections nor of new ones', async () => {
  let farClosed = (): void => {}
  const closed = new Promise<void>((resolve) => {
    farClosed = resolve
  })
  const port = await serve((socket) => socket.on('close', farClosed).on('error', () => {}))
  const { events, next, story } = recorder()
  const dialer = new TcpDialer(() => {})
  dialer.dial('127.0.0.1', port, events)
  expect(await next()).toBe('connected')
  dialer.close()
  dialer.dial('127.0.0.1', port, events)
  await closed
  expect(story).toEqual([])
})

test('an advertised address may stand for another one', async () => {
  const port = await serve(() => {})
  const dialer = new TcpDialer(
    () => {},
    (host) => (host === 'advertised' ? { host: '127.0.0.1', port } : { host, port: 1 }),
  )
  const { events, next } = recorder()
  dialer.dial('advertised', 9092, events)
  expect(await next()).toBe('connected')
  dialer.close()
})
