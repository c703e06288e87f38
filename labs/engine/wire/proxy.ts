/**
 * The proxy between a learner's client and the broker: it listens in the judge, on a port of its own, and every
 * connection begins with a line that says which client it belongs to and where it wants to go.
 *
 *   learner's kafkajs --"7 127.0.0.1 9092\n", frames--> proxy --frames--> broker (ours, or --bootstrap)
 *
 * It counts what is open, reads along (exchange.ts), and meddles: it can hold deliveries back (a broker may be slow, and
 * code that sleeps instead of waiting is right on a fast one only), cut a connection before or after the broker has done
 * what was asked (point.ts), cut a client off for a while, or let others write between the moment in which a record is
 * appended and the moment in which its sender hears of it.
 *
 * - bytes are passed on unchanged and in order, except that a fetch may be asked for in small portions
 * - a client counts as open until its own end of the connection is closed
 */
import net from 'node:net'
import { FetchRequest } from 'offset-zero-broker/src/messages/fetch.ts'
import { Reader } from 'offset-zero-broker/src/wire/reader.ts'
import { Writer } from 'offset-zero-broker/src/wire/writer.ts'
import type { Text } from '../text.ts'
import { type Exchange, FETCH, readRequest, readResponse } from './exchange.ts'
import { Lane } from './lane.ts'
import type { Fate } from './point.ts'
import { type Hold, ProxyClient } from './proxy-client.ts'

export class WireProxy {
  readonly port: number
  readonly #server: net.Server
  readonly #clients: Map<number, ProxyClient>

  private constructor(server: net.Server, port: number, clients: Map<number, ProxyClient>) {
    this.#server = server
    this.port = port
    this.#clients = clients
  }

  static async open(): Promise<WireProxy> {
    const clients = new Map<number, ProxyClient>()
    const server = net.createServer((socket) => greet(socket, clients))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    server.unref()
    return new WireProxy(server, (server.address() as net.AddressInfo).port, clients)
  }

  get clients(): Iterable<ProxyClient> {
    return this.#clients.values()
  }

  /** The groups that clients have asked to join. */
  get joinedGroups(): string[] {
    return [...this.#clients.values()].flatMap(({ exchanges }) =>
      exchanges.flatMap(({ api, group }) => (api === 'JoinGroup' && group !== undefined ? group : [])),
    )
  }

  client(hold?: Hold, name?: Text): ProxyClient {
    const client = new ProxyClient(this.#clients.size + 1, hold, name)
    this.#clients.set(client.id, client)
    return client
  }

  close(): void {
    this.#server.close()
    for (const client of this.#clients.values()) client.end()
  }
}

/** Reads the first line, and connects the rest to where it says. */
function greet(socket: net.Socket, clients: ReadonlyMap<number, ProxyClient>): void {
  let head = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  const onData = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf(10)
    if (end === -1) {
      if (head.length > 300) socket.destroy()
      return
    }
    socket.off('data', onData)
    const [id, host, port] = head.subarray(0, end).toString().split(' ')
    const client = clients.get(Number(id))
    if (client === undefined || client.isOver || host === undefined) socket.destroy()
    else
      new Connection(client, socket, net.connect({ host, port: Number(port) })).begin(head.subarray(end + 1))
  }
  socket.on('data', onData)
}

class Connection {
  readonly #client: ProxyClient
  readonly #near: net.Socket
  readonly #far: net.Socket
  readonly #waiting = new Map<number, Exchange>()
  #requests = Buffer.alloc(0)
  #responses = Buffer.alloc(0)
  readonly #toFar = new Lane()
  readonly #toNear = new Lane()

  constructor(client: ProxyClient, near: net.Socket, far: net.Socket) {
    this.#client = client
    this.#near = near
    this.#far = far
  }

  begin(first: Buffer): void {
    const [client, near, far] = [this.#client, this.#near, this.#far]
    near.setNoDelay(true)
    far.setNoDelay(true)
    client.sockets.add(near)
    near.once('close', () => {
      client.sockets.delete(near)
      far.destroy()
    })
    // The client has hung up: its end is closed, whatever is still on its way to it.
    near.once('end', () => client.sockets.delete(near))
    far.on('error', () => near.destroy())
    far.once('close', () => this.#toNear.push(() => void near.end()))
    near.on('data', (chunk: Buffer) => this.#fromClient(chunk))
    far.on('data', (chunk: Buffer) => this.#fromBroker(chunk))
    if (first.length > 0) this.#fromClient(first)
  }

  #fromClient(chunk: Buffer): void {
    this.#requests = Buffer.concat([this.#requests, chunk])
    for (let frame = this.#nextOf('requests'); frame !== undefined; frame = this.#nextOf('requests')) {
      const whole = frame
      const { exchange, correlationId, bodyAt } = readRequest(whole.subarray(4))
      this.#client.exchanges.push(exchange)
      this.#waiting.set(correlationId, exchange)
      this.#toFar.push(() => this.#ask(whole, exchange, bodyAt))
      this.#client.onNews()
    }
  }

  #fromBroker(chunk: Buffer): void {
    this.#responses = Buffer.concat([this.#responses, chunk])
    for (let next = this.#nextOf('responses'); next !== undefined; next = this.#nextOf('responses')) {
      const frame = next
      const correlationId = frame.readInt32BE(4)
      const exchange = this.#waiting.get(correlationId)
      this.#waiting.delete(correlationId)
      if (exchange !== undefined) readResponse(frame.subarray(4), exchange)
      this.#toNear.push(() => this.#answer(frame, exchange))
      this.#client.onNews()
    }
  }

  /** Passes a request on to the broker, when nothing holds it. */
  #ask(frame: Buffer, exchange: Exchange, bodyAt: number): void | Promise<void> {
    const client = this.#client
    const pass = () => {
      if (this.#far.destroyed || this.#near.destroyed) return
      const isCut = client.hold?.isHeld !== undefined && exchange.apiKey === FETCH
      this.#far.write(isCut ? smallPortion(frame, exchange.version, bodyAt) : frame)
    }
    return this.#afterFate(client.fateOf(exchange, 'request'), pass)
  }

  /** Passes an answer on to the client, when nothing holds it. */
  #answer(frame: Buffer, exchange: Exchange | undefined): void | Promise<void> {
    const client = this.#client
    const { hold } = client
    const pass = () => {
      if (!this.#near.destroyed && this.#near.writable) this.#near.write(frame)
    }
    if (exchange === undefined) return pass()
    const fate = () => this.#afterFate(client.fateOf(exchange, 'answer'), pass)
    return hold === undefined ? fate() : this.#held(exchange, hold).then(fate)
  }

  /** Does what a point wants of a frame, and waits where the client is cut off. */
  #afterFate(fate: Fate | Promise<Fate> | undefined, pass: () => void): void | Promise<void> {
    const { passage } = this.#client
    if (fate === undefined && passage === undefined) return pass()
    const go = async () => {
      const become = await fate
      while (this.#client.passage !== undefined) await this.#client.passage
      if (become === 'cut') {
        this.#near.destroy()
        this.#far.destroy()
      } else if (become !== 'lose') pass()
    }
    return go()
  }

  /** What the whole client's traffic is held by. */
  async #held(exchange: Exchange, hold: Hold): Promise<void> {
    const client = this.#client
    if (hold.beforeAnswer !== undefined) await hold.beforeAnswer(exchange, client.countAnswer(exchange.api))
    if (exchange.apiKey !== FETCH || exchange.records === 0 || hold.isHeld === undefined) return
    const nth = ++client.deliveries
    const since = performance.now()
    if (hold.isHeld(0, nth)) client.kept++
    while (hold.isHeld(performance.now() - since, nth) && !this.#near.destroyed)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  /** Takes a whole frame, size included, from the front of a buffer. */
  #nextOf(which: 'requests' | 'responses'): Buffer | undefined {
    const buffer = which === 'requests' ? this.#requests : this.#responses
    if (buffer.length < 4) return undefined
    const size = 4 + buffer.readInt32BE(0)
    if (buffer.length < size) return undefined
    const rest = buffer.subarray(size)
    if (which === 'requests') this.#requests = rest
    else this.#responses = rest
    return buffer.subarray(0, size)
  }
}

/** The same fetch, for one batch at a time (KIP-74: the first comes however big), so that records come piece by piece. */
function smallPortion(frame: Buffer, version: number, bodyAt: number): Buffer {
  try {
    const body = FetchRequest.decode(new Reader(frame.subarray(4), bodyAt), version)
    const topics = body.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({ ...partition, partitionMaxBytes: 1 })),
    }))
    const writer = new Writer()
    FetchRequest.encode(writer, version, { ...body, maxBytes: 1, topics })
    const bytes = Buffer.concat([frame.subarray(4, 4 + bodyAt), writer.toBytes()])
    const size = Buffer.alloc(4)
    size.writeInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
  } catch {
    return frame
  }
}
