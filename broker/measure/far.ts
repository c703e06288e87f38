import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * A connection over a longer way: what is written and what comes is kept for some milliseconds, as a network does. Its
 * throughput is not limited by that. Of a socket kafkajs uses what every stream has, and `unref`.
 */
export function connectFar(host: string, port: number, wayMs: number, onConnect: () => void): Socket {
  const socket = connect({ host, port }, onConnect)
  const after = (act: () => void) => void setTimeout(act, wayMs)
  const far = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => {
      after(() => socket.write(chunk))
      done()
    },
    final: (done) => {
      after(() => socket.end())
      done()
    },
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (chunk) => after(() => far.push(chunk)))
  socket.on('end', () => after(() => far.push(null)))
  socket.on('error', (error) => far.destroy(error))
  return Object.assign(far, { unref: () => socket.unref() }) as unknown as Socket
}
