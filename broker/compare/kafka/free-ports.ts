/**
 * Finds free ports.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'

const given = new Set<number>()

/** A free port, a different one at each call. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    server.close()
    await once(server, 'close')
    if (address === null || typeof address === 'string') throw new Error('freePort: no port')
    if (given.has(address.port)) continue
    given.add(address.port)
    return address.port
  }
}

/** Whether the port can be bound. */
export async function isFree(port: number): Promise<boolean> {
  if (port > 65_535) return false
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen(port, '127.0.0.1')
  try {
    await listening
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
