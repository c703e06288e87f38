/**
 * The engine's own small client: one request and its answer, with the broker's message schemas. What a suite wants to know
 * of a cluster, ours or Apache Kafka, costs one request this way, and no consumer joins a group to find out.
 *
 * - versions are fixed to ones that our broker and Apache Kafka 4 both speak, with topics by name
 *
 * RAW-1  an answer is given to whom its correlation id belongs; a connection that closes rejects what waits
 */
import net from 'node:net'
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from 'offset-zero-broker/src/messages/find-coordinator.ts'
import { headerVersions, RequestHeader } from 'offset-zero-broker/src/messages/header.ts'
import { MetadataRequest, MetadataResponse } from 'offset-zero-broker/src/messages/metadata.ts'
import { ErrorCode, errorName } from 'offset-zero-broker/src/wire/errors.ts'
import { Reader } from 'offset-zero-broker/src/wire/reader.ts'
import type { Message } from 'offset-zero-broker/src/wire/schema.ts'
import { Writer } from 'offset-zero-broker/src/wire/writer.ts'

interface Waiting {
  resolve(frame: Buffer): void
  reject(error: Error): void
}

/** One connection to one broker. */
export class RawConnection {
  readonly #socket: net.Socket
  readonly #waiting = new Map<number, Waiting>()
  #bytes: Buffer = Buffer.alloc(0)
  #sent = 0
  isClosed = false

  constructor(host: string, port: number) {
    this.#socket = net.connect({ host, port })
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#socket.on('error', (error) => this.#end(error))
    this.#socket.on('close', () => this.#end(new Error('the connection was closed')))
  }

  async ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, unknown>,
    version: number,
    body: In,
  ): Promise<Out> {
    const flexible = version >= request.flexibleSince
    const headers = headerVersions(request.apiKey, flexible)
    const correlationId = ++this.#sent
    const writer = new Writer()
    RequestHeader.encode(writer, headers.request, {
      requestApiKey: request.apiKey,
      requestApiVersion: version,
      correlationId,
      clientId: 'offset-zero-bench',
    })
    request.encode(writer, version, body)
    const bytes = writer.toBytes()
    const size = Buffer.alloc(4)
    size.writeInt32BE(bytes.length)
    const frame = await new Promise<Buffer>((resolve, reject) => {
      if (this.isClosed) return reject(new Error('the connection was closed'))
      this.#waiting.set(correlationId, { resolve, reject })
      this.#socket.write(Buffer.concat([size, bytes]))
    })
    const reader = new Reader(frame, 4)
    if (headers.response === 1) reader.skip(1)
    return response.decode(reader, version)
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 8) {
      const size = this.#bytes.readInt32BE(0)
      if (this.#bytes.length < 4 + size) return
      const frame = this.#bytes.subarray(4, 4 + size)
      this.#bytes = this.#bytes.subarray(4 + size)
      const correlationId = frame.readInt32BE(0)
      this.#waiting.get(correlationId)?.resolve(frame)
      this.#waiting.delete(correlationId)
    }
  }

  #end(error: Error): void {
    this.isClosed = true
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

/** An error code in an answer. */
export class Refused extends Error {
  readonly code: number
  readonly codeName: string
  constructor(what: string, code: number) {
    super(`${what}: ${errorName(code)}`)
    this.code = code
    this.codeName = errorName(code)
  }
}

/** Throws when an answer holds an error. */
export function accepted(what: string, code: number): void {
  if (code !== 0) throw new Refused(what, code)
}

/** Errors that pass when one asks again: a coordinator or a leader that is not there yet, or has moved. */
const passing: ReadonlySet<number> = new Set([
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.CONCURRENT_TRANSACTIONS,
])
const triesMax = 60
const restMs = 50

/** A cluster, ours or any other: one connection to each broker that is needed. */
export class RawCluster {
  readonly #bootstrap: string
  readonly #connections = new Map<string, RawConnection>()
  /** Addresses of leaders, by topic and partition. */
  readonly #leaders = new Map<string, string>()
  readonly #coordinators = new Map<string, string>()

  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap.split(',')[0] ?? bootstrap
  }

  /** Any broker. */
  any(): RawConnection {
    return this.#at(this.#bootstrap)
  }

  /** Every broker that the cluster knows now. */
  async all(): Promise<RawConnection[]> {
    const { brokers } = await this.any().ask(MetadataRequest, MetadataResponse, 7, {
      topics: [],
      allowAutoTopicCreation: false,
    })
    return brokers.map(({ host, port }) => this.#at(`${host}:${port}`))
  }

  /** The partitions of a topic, as the cluster knows them now, sorted. */
  async partitionsOf(topic: string): Promise<number[]> {
    const { brokers, topics } = await this.any().ask(MetadataRequest, MetadataResponse, 7, {
      topics: [{ name: topic }],
      allowAutoTopicCreation: false,
    })
    accepted(topic, topics[0]?.errorCode ?? 0)
    const partitions = topics[0]?.partitions ?? []
    for (const one of partitions) {
      const leader = brokers.find(({ nodeId }) => nodeId === one.leaderId)
      if (leader !== undefined)
        this.#leaders.set(`${topic} ${one.partitionIndex}`, `${leader.host}:${leader.port}`)
    }
    return partitions.map(({ partitionIndex }) => partitionIndex).sort((a, b) => a - b)
  }

  /** The broker that leads a partition. */
  async leaderOf(topic: string, partition: number): Promise<RawConnection> {
    const name = `${topic} ${partition}`
    if (!this.#leaders.has(name)) await this.partitionsOf(topic)
    const found = this.#leaders.get(name)
    if (found === undefined) throw new Refused(`${topic}-${partition}`, ErrorCode.LEADER_NOT_AVAILABLE)
    return this.#at(found)
  }

  /** Partitions by the broker that leads them. */
  async byLeader(topic: string, partitions: readonly number[]): Promise<Map<RawConnection, number[]>> {
    const led = new Map<RawConnection, number[]>()
    for (const partition of partitions) {
      const leader = await this.leaderOf(topic, partition)
      led.set(leader, [...(led.get(leader) ?? []), partition])
    }
    return led
  }

  /** The coordinator of a group or of a transactional id. */
  async coordinatorOf(key: string, of: 'group' | 'transaction'): Promise<RawConnection> {
    const name = `${of} ${key}`
    const known = this.#coordinators.get(name)
    if (known !== undefined) return this.#at(known)
    const keyType = of === 'group' ? 0 : 1
    const found = await this.any().ask(FindCoordinatorRequest, FindCoordinatorResponse, 2, { key, keyType })
    accepted(`the coordinator of ${key}`, found.errorCode)
    this.#coordinators.set(name, `${found.host}:${found.port}`)
    return this.#at(`${found.host}:${found.port}`)
  }

  /** Asks again while an error comes that passes; forgets where leaders and coordinators were. */
  async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof Refused) || !passing.has(error.code) || tries === triesMax) throw error
        this.#leaders.clear()
        this.#coordinators.clear()
        await new Promise((resolve) => setTimeout(resolve, restMs))
      }
    }
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close()
  }

  #at(address: string): RawConnection {
    const known = this.#connections.get(address)
    if (known !== undefined && !known.isClosed) return known
    const colon = address.lastIndexOf(':')
    const made = new RawConnection(address.slice(0, colon), Number(address.slice(colon + 1)))
    this.#connections.set(address, made)
    return made
  }
}
