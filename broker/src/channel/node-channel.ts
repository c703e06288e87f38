/**
 * The channel to another node: requests go out in order over one connection, and each gets its response or a failure.
 *
 *   idle --request--> backoff --its end--> connecting --accepted--> agreeing --ApiVersions--> ready
 *    ^                                         |                        |                       |
 *    |-- no connection: all requests that wait fail as 'not connected' -'                       |
 *    '-- broken: requests that were sent fail as 'disconnected'; those that wait go on waiting -'
 *
 * The connection is opened when there is a request to send. Its first request is ApiVersions: every other one goes out in
 * the highest version that both nodes know. A node that does not know our version of ApiVersions answers in version 0
 * with the range that it knows, and is asked again (KIP-511).
 *
 *   waiting  [ request, request, … ]     in the order of `send`
 *   sent     [ request ]                 at most `inFlightMax`; a response belongs to the first of them
 *
 * CHANNEL-1  requests are sent in the order of `send`, each one once
 * CHANNEL-2  `done` is called once for each request, never within `send`; not at all after `close`
 * CHANNEL-3  a failure says whether the request may have been executed (rpc.ts)
 * CHANNEL-4  connections are opened at least a backoff apart, however soon a caller tries again: it grows while no
 *     connection can be made, and begins anew after ApiVersions was answered
 * CHANNEL-5  a response with another correlation id than expected, one for which no request was sent, or one that can't be
 *     decoded, ends the connection: the rest of the stream can't be trusted
 * CHANNEL-6  a request without a response within its timeout ends the connection: the response may still come, and would
 *     be taken for another one's
 * CHANNEL-7  after `close` no timer and no connection is left
 * CHANNEL-8  a node that is found at another address is called there from the next request on
 *
 * (NetworkClient, ClusterConnectionStates, InFlightRequests)
 */
import type { Core, Link, Timer } from '../core.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../messages/api-versions.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../messages/header.ts'
import { int16At, putInt32 } from '../wire/big-endian.ts'
import { ErrorCode } from '../wire/errors.ts'
import { FrameAssembler } from '../wire/framing.ts'
import { Reader } from '../wire/reader.ts'
import { stableVersions, type VersionRange } from '../wire/schema.ts'
import { Writer } from '../wire/writer.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import type { Failure, Rpc, RpcResult } from './rpc.ts'

/** The address of a node's listener. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

export interface ChannelSettings {
  /** request.timeout.ms: for a request that gives none. */
  readonly requestTimeoutMs: number
  /** How many requests may be unanswered at a time. Default: 1, as in all of Kafka's clients between nodes. */
  readonly inFlightMax?: number
  /** Between connections. Default: 50 ms to 500 ms, as in Kafka's quorum. */
  readonly reconnect?: Backoff
  /** How long the other end may take to accept: socket.connection.setup.timeout.ms and its maximum. */
  readonly setup?: Backoff
}

export interface ChannelOptions {
  readonly core: Core
  readonly nodeId: number
  /** What this channel calls itself in its requests: `broker-1-txn-marker-sender`. */
  readonly clientId: string
  /** The current address of the node; undefined if it has none. */
  readonly endpoint: () => Endpoint | undefined
  readonly settings: ChannelSettings
}

type State = 'idle' | 'backoff' | 'connecting' | 'agreeing' | 'ready' | 'closed'

/** A request that is not answered yet. */
interface Pending {
  readonly name: string
  readonly apiKey: number
  readonly flexibleSince: number
  readonly versions: VersionRange
  readonly timeoutMs: number
  /** The only timer of the request: until it is sent, then until it is answered. */
  timer: Timer | undefined
  correlationId: number
  version: number
  write(writer: Writer, version: number): void
  /** Decodes the response; returns the call of `done`. */
  read(reader: Reader, version: number): () => void
  fail(failure: Failure, reason: string): void
}

const RECONNECT: Backoff = { initialMs: 50, maxMs: 500 }
const SETUP: Backoff = { initialMs: 10_000, maxMs: 30_000 }
/** Responses may be as large as a frame can be (Kafka: NetworkReceive.UNLIMITED). */
const FRAME_BYTES_MAX = 0x7fff_ffff
const SIZE_BYTES = 4
/** How this node names itself in ApiVersions (KIP-511). */
const SOFTWARE = { clientSoftwareName: 'offset-zero', clientSoftwareVersion: '1' }

export class NodeChannel {
  private readonly options: ChannelOptions
  private readonly core: Core
  private state: State = 'idle'
  private waiting: Pending[] = []
  private sent: Pending[] = []
  private readonly failing = new Set<Pending>()
  private link: Link | undefined
  /** The address of `link`. */
  private connectedTo: Endpoint | undefined
  private frames = new FrameAssembler(FRAME_BYTES_MAX)
  /** By API key: what the node serves. */
  private versions: ReadonlyMap<number, VersionRange> = new Map()
  private nextCorrelationId = 0
  /** The end of the backoff, or the limit for connecting. */
  private timer: Timer | undefined
  /** No connection is opened before (monotonic ms). */
  private notBeforeMs = 0
  /** Failed or broken connections since ApiVersions was last answered. */
  private failures = 0
  /** Connections in a row that the other end did not accept. */
  private setupFailures = 0

  constructor(options: ChannelOptions) {
    this.options = options
    this.core = options.core
  }

  /** Sends a request (rpc.ts, Rpcs.send). */
  send<In, Out>(
    rpc: Rpc<In, Out>,
    body: (version: number) => In,
    done: (result: RpcResult<Out>) => void,
    timeoutMs: number = this.options.settings.requestTimeoutMs,
  ): void {
    if (this.state === 'closed') return
    const { request, response } = rpc
    const pending: Pending = {
      name: request.name,
      apiKey: request.apiKey,
      flexibleSince: request.flexibleSince,
      versions: rpc.versions ?? stableVersions(request),
      timeoutMs,
      timer: undefined,
      correlationId: -1,
      version: -1,
      write: (writer, version) => request.encode(writer, version, body(version)),
      read: (reader, version) => {
        const decoded = response.decode(reader, version)
        return () => done({ ok: true, response: decoded, version })
      },
      fail: (failure, reason) => done({ ok: false, failure, reason }),
    }
    this.setTimer(pending, () => this.expireWaiting(pending))
    this.waiting.push(pending)
    this.pump()
  }

  /** Closes the connection and forgets all requests (CHANNEL-2, CHANNEL-7). */
  close(): void {
    this.state = 'closed'
    this.timer?.cancel()
    for (const pending of [...this.waiting, ...this.sent, ...this.failing]) pending.timer?.cancel()
    this.waiting = []
    this.sent = []
    this.failing.clear()
    this.dropLink()
  }

  /** Sends what may be sent, or opens a connection. */
  private pump(): void {
    if (this.state === 'idle' && this.waiting.length > 0) this.connectLater()
    if (this.state === 'ready' && this.waiting.length > 0 && this.hasMoved()) {
      this.dropLink()
      this.connect()
    }
    const inFlightMax = this.options.settings.inFlightMax ?? 1
    while (this.state === 'ready' && this.waiting.length > 0 && this.sent.length < inFlightMax) {
      const pending = this.waiting.shift()!
      const version = this.versionFor(pending)
      if (version !== undefined) this.transmit(pending, version)
      else this.failLater(pending, 'unsupported version', this.disagreement(pending))
    }
  }

  /** The highest version that both nodes know. */
  private versionFor({ apiKey, versions }: Pending): number | undefined {
    const theirs = this.versions.get(apiKey)
    if (!theirs) return undefined
    const version = Math.min(versions.max, theirs.max)
    return version >= Math.max(versions.min, theirs.min) ? version : undefined
  }

  private disagreement({ name, apiKey, versions }: Pending): string {
    const theirs = this.versions.get(apiKey)
    const served = theirs ? `serves versions ${theirs.min} to ${theirs.max}` : 'does not serve it'
    return `${name}: node ${this.options.nodeId} ${served}, this one knows ${versions.min} to ${versions.max}`
  }

  private transmit(pending: Pending, version: number): void {
    const writer = new Writer()
    const correlationId = this.nextCorrelationId
    const { request } = headerVersions(pending.apiKey, version >= pending.flexibleSince)
    const { apiKey: requestApiKey } = pending
    const { clientId } = this.options
    const header = { requestApiKey, requestApiVersion: version, correlationId, clientId }
    try {
      writer.int32(0)
      RequestHeader.encode(writer, request, header)
      pending.write(writer, version)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.core.log('error', `${pending.name} can't be encoded in version ${version}: ${reason}`)
      return this.failLater(pending, 'unsupported version', reason)
    }
    const frame = writer.toBytes()
    putInt32(frame, 0, frame.length - SIZE_BYTES)
    this.nextCorrelationId = (correlationId + 1) & 0x7fff_ffff
    pending.correlationId = correlationId
    pending.version = version
    this.setTimer(pending, () => this.expireSent(pending))
    this.sent.push(pending)
    this.link?.send(frame)
  }

  /** Whether the node is at another address than the connection (CHANNEL-8). */
  private hasMoved(): boolean {
    if (this.sent.length > 0 || !this.connectedTo) return false
    const endpoint = this.options.endpoint()
    return endpoint !== undefined && !isSame(endpoint, this.connectedTo)
  }

  // ----- the connection -----

  /** Opens a connection when the backoff is over (CHANNEL-4). */
  private connectLater(): void {
    const waitMs = this.notBeforeMs - this.core.clock.monotonicMs()
    if (waitMs <= 0) return this.connect()
    this.state = 'backoff'
    this.setStateTimer(waitMs, () => {
      this.state = 'idle'
      // The requests may have expired.
      if (this.waiting.length > 0) this.connect()
    })
  }

  private connect(): void {
    const { nodeId, settings } = this.options
    const endpoint = this.options.endpoint()
    const { dial } = this.core
    if (!endpoint || !dial) {
      return this.notConnected(
        endpoint ? 'this node can not open connections' : `node ${nodeId} has no address`,
      )
    }
    this.state = 'connecting'
    this.frames = new FrameAssembler(FRAME_BYTES_MAX)
    this.connectedTo = endpoint
    const setupMs = backoffMs(settings.setup ?? SETUP, this.setupFailures, this.core.random)
    this.setStateTimer(setupMs, () => this.notConnected(`no connection within ${setupMs} ms`))
    const isCurrent = (): boolean => this.link === link
    const link: Link = dial(endpoint.host, endpoint.port, {
      connected: () => {
        if (isCurrent()) this.connected()
      },
      received: (bytes) => {
        if (isCurrent()) this.received(bytes, link)
      },
      closed: (reason) => {
        if (isCurrent()) this.lost(reason)
      },
    })
    this.link = link
  }

  private connected(): void {
    this.timer?.cancel()
    this.setupFailures = 0
    this.state = 'agreeing'
    this.askVersions(ApiVersionsRequest.versions.max)
  }

  private askVersions(version: number): void {
    const pending: Pending = {
      name: ApiVersionsRequest.name,
      apiKey: ApiVersionsRequest.apiKey,
      flexibleSince: ApiVersionsRequest.flexibleSince,
      versions: ApiVersionsRequest.versions,
      timeoutMs: this.options.settings.requestTimeoutMs,
      timer: undefined,
      correlationId: -1,
      version: -1,
      write: (writer, its) => ApiVersionsRequest.encode(writer, its, SOFTWARE),
      read: (reader, its) => {
        const error = int16At(reader.bytes, reader.position)
        // With this error the response is always in version 0.
        const unsupported = error === ErrorCode.UNSUPPORTED_VERSION
        const response = ApiVersionsResponse.decode(reader, unsupported ? 0 : its)
        return () => this.agreed(response, its)
      },
      fail: () => {},
    }
    this.transmit(pending, version)
  }

  private agreed({ errorCode, apiKeys }: ApiVersionsResponse, version: number): void {
    if (errorCode === ErrorCode.UNSUPPORTED_VERSION && version > 0) {
      const own = apiKeys.find(({ apiKey }) => apiKey === ApiVersionsRequest.apiKey)
      return this.askVersions(Math.min(own?.maxVersion ?? 0, version - 1))
    }
    if (errorCode !== ErrorCode.NONE) return this.lost(`ApiVersions was answered with error ${errorCode}`)
    this.versions = new Map(
      apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { min: minVersion, max: maxVersion }]),
    )
    this.state = 'ready'
    this.failures = 0
    this.core.log('debug', `connected to node ${this.options.nodeId}`, { client: this.options.clientId })
  }

  private received(bytes: Uint8Array, link: Link): void {
    this.frames.push(bytes)
    try {
      // A callback may close the channel, and a response may end the connection.
      while (this.link === link) {
        const finish = this.nextResponse()
        if (!finish) break
        finish()
        this.pump()
      }
    } finally {
      if (this.link === link) this.frames.keep()
    }
  }

  /** Takes the next response, if it has arrived; returns the call of its `done`. Ends a faulty connection (CHANNEL-5). */
  private nextResponse(): (() => void) | undefined {
    try {
      const frame = this.frames.next()
      return frame && this.decode(frame)
    } catch (error) {
      this.lost(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  private decode(frame: Uint8Array): () => void {
    const pending = this.sent[0]
    if (!pending) throw new Error('a response came without a request')
    const { response } = headerVersions(pending.apiKey, pending.version >= pending.flexibleSince)
    const reader = new Reader(frame)
    const { correlationId } = ResponseHeader.decode(reader, response)
    if (correlationId !== pending.correlationId) {
      throw new Error(`response ${correlationId} came for request ${pending.correlationId}, ${pending.name}`)
    }
    const finish = pending.read(reader, pending.version)
    this.sent.shift()
    pending.timer?.cancel()
    return finish
  }

  /** The connection is gone. */
  private lost(reason: string): void {
    if (this.state !== 'ready') return this.notConnected(reason)
    const failed = this.sent
    this.endConnection(reason, failed.length > 0)
    for (const pending of failed) this.failNow(pending, 'disconnected', reason)
    this.pump()
  }

  /** No connection could be made. Requests fail later: this may be within `send`. */
  private notConnected(reason: string): void {
    const failed = this.waiting
    this.waiting = []
    if (this.state === 'connecting') this.setupFailures++
    this.endConnection(reason, failed.length > 0)
    for (const pending of failed) this.failLater(pending, 'not connected', reason)
  }

  private endConnection(reason: string, isFelt: boolean): void {
    const { nodeId, clientId, settings } = this.options
    const level = isFelt && this.failures === 0 ? 'warn' : 'debug'
    this.core.log(level, `no connection to node ${nodeId}: ${reason}`, { client: clientId })
    const waitMs = backoffMs(settings.reconnect ?? RECONNECT, this.failures, this.core.random)
    this.failures++
    this.notBeforeMs = this.core.clock.monotonicMs() + waitMs
    this.timer?.cancel()
    for (const pending of this.sent) pending.timer?.cancel()
    this.sent = []
    this.dropLink()
    this.state = 'idle'
  }

  private dropLink(): void {
    const { link } = this
    this.link = undefined
    this.connectedTo = undefined
    this.frames.drop()
    link?.close()
  }

  // ----- timers and failures -----

  private expireWaiting(pending: Pending): void {
    this.waiting = this.waiting.filter((each) => each !== pending)
    pending.timer = undefined
    pending.fail('not connected', `${pending.name} waited ${pending.timeoutMs} ms and was not sent`)
  }

  private expireSent(pending: Pending): void {
    const reason = `${pending.name} was not answered within ${pending.timeoutMs} ms`
    pending.timer = undefined
    const isOurs = this.state === 'ready'
    this.sent = this.sent.filter((each) => each !== pending)
    // ApiVersions belongs to no caller.
    if (!isOurs) return this.notConnected(reason)
    const others = this.sent
    this.endConnection(reason, true)
    this.failNow(pending, 'timed out', reason)
    for (const each of others) this.failNow(each, 'disconnected', reason)
    this.pump()
  }

  private failNow(pending: Pending, failure: Failure, reason: string): void {
    // A callback before this one may have closed the channel.
    if (this.state !== 'closed') pending.fail(failure, reason)
  }

  private failLater(pending: Pending, failure: Failure, reason: string): void {
    pending.timer?.cancel()
    this.failing.add(pending)
    pending.timer = this.core.timers.set(
      0,
      () => {
        this.failing.delete(pending)
        pending.fail(failure, reason)
      },
      'channel',
    )
  }

  private setTimer(pending: Pending, expire: () => void): void {
    pending.timer?.cancel()
    pending.timer = this.core.timers.set(pending.timeoutMs, expire, 'request to a node')
  }

  private setStateTimer(ms: number, fire: () => void): void {
    this.timer?.cancel()
    this.timer = this.core.timers.set(ms, fire, 'channel')
  }
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.host === other.host && one.port === other.port
}
