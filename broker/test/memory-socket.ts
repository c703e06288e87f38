/**
 * A socket without a network: for a client it is like net.Socket, and behind it is a connection of a broker.
 *
 * kafkajs has an option `socketFactory`; with this factory it uses a broker in the same process without a port.
 */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Broker } from '../src/broker/broker.ts'
import type { Connection } from '../src/broker/connection.ts'
import { bytesOf } from '../src/core.ts'

class MemorySocket extends EventEmitter {
  private readonly connection: Connection
  private ended = false

  constructor(broker: Broker) {
    super()
    this.connection = broker.connect({
      remoteHost: '127.0.0.1',
      send: (chunks) => {
        const bytes = Buffer.concat(chunks.map(bytesOf))
        setImmediate(() => this.ended || this.emit('data', bytes))
        return true
      },
      close: () => this.hangUp(),
    })
  }

  write(bytes: Uint8Array): boolean {
    // A copy, because the client may reuse its buffer.
    const copy = Uint8Array.from(bytes)
    setImmediate(() => this.connection.receive(copy))
    return true
  }

  end(): this {
    this.connection.closed()
    this.hangUp()
    return this
  }

  destroy(): this {
    return this.end()
  }

  private hangUp(): void {
    if (this.ended) return
    this.ended = true
    setImmediate(() => {
      this.emit('end')
      this.emit('close')
    })
  }

  // Options of a real socket have no effect here.
  setKeepAlive(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setTimeout(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}

/** A socket to `broker`; calls `onConnect` in an event of its own, as net.connect does. */
export function memorySocket(broker: Broker, onConnect: () => void): Socket {
  setImmediate(onConnect)
  return new MemorySocket(broker) as unknown as Socket
}
