/**
 * For tests: the other node of a channel, by hand. Each connection that the channel opens is kept with the requests that
 * came over it; the test accepts it or refuses it, and answers the requests, or sends arbitrary bytes.
 */
import { type ChannelSettings, type Endpoint, NodeChannel } from '../src/channel/node-channel.ts'
import type { RpcResult } from '../src/channel/rpc.ts'
import type { Core, Link, LinkEvents } from '../src/core.ts'
import { ApiVersionsRequest, ApiVersionsResponse } from '../src/messages/api-versions.ts'
import { headerVersions, RequestHeader, ResponseHeader } from '../src/messages/header.ts'
import { HeartbeatRequest, HeartbeatResponse } from '../src/messages/heartbeat.ts'
import { SeededRandom } from '../src/sim/seeded-random.ts'
import { VirtualTime } from '../src/sim/virtual-time.ts'
import { ErrorCode } from '../src/wire/errors.ts'
import { FrameAssembler } from '../src/wire/framing.ts'
import { Reader } from '../src/wire/reader.ts'
import type { Message } from '../src/wire/schema.ts'
import { Writer } from '../src/wire/writer.ts'

const API_VERSIONS = ApiVersionsRequest.apiKey
export const HEARTBEAT = { request: HeartbeatRequest, response: HeartbeatResponse }

/** A request as the far node has received it. */
export interface Received {
  readonly apiKey: number
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Of a Heartbeat: its group, by which a test tells requests apart. */
  readonly groupId: string
}

/** The far end of a connection. */
export class FarLink implements Link {
  readonly address: string
  readonly received: Received[] = []
  isClosed = false
  private readonly events: LinkEvents
  private readonly frames = new FrameAssembler(1_000_000)

  constructor(address: string, events: LinkEvents) {
    this.address = address
    this.events = events
  }

  send(bytes: Uint8Array): void {
    if (this.isClosed) throw new Error('sent over a closed link')
    this.frames.push(bytes)
    for (let frame = this.frames.next(); frame; frame = this.frames.next()) this.received.push(parse(frame))
  }

  close(): void {
    this.isClosed = true
  }

  accept(): void {
    this.events.connected()
  }

  /** Refuses the connection, or breaks it. */
  breakOff(reason = 'reset'): void {
    this.isClosed = true
    this.events.closed(reason)
  }

  /** The last request. */
  get last(): Received {
    const last = this.received.at(-1)
    if (!last) throw new Error('no request came')
    return last
  }

  /** Requests other than ApiVersions. */
  get groups(): string[] {
    return this.received.filter(({ apiKey }) => apiKey !== API_VERSIONS).map(({ groupId }) => groupId)
  }

  push(bytes: Uint8Array): void {
    this.events.received(bytes)
  }

  answer(errorCode: number = ErrorCode.NONE, to: Received = this.last): void {
    this.push(heartbeatAnswer(to, errorCode))
  }

  /** Answers ApiVersions: Heartbeat is served in these versions. */
  agree(heartbeats: { min: number; max: number } | 'none' = { min: 0, max: 4 }): void {
    const apiKeys = [{ apiKey: API_VERSIONS, minVersion: 0, maxVersion: 4 }]
    if (heartbeats !== 'none') {
      const { min, max } = heartbeats
      apiKeys.push({ apiKey: HeartbeatRequest.apiKey, minVersion: min, maxVersion: max })
    }
    this.answerVersions({ apiKeys })
  }

  answerVersions(body: Parameters<typeof ApiVersionsResponse.encode>[2], version = this.last.version): void {
    this.push(answerFrame(ApiVersionsResponse, API_VERSIONS, this.last.correlationId, version, body, false))
  }

  /** Accepts, and agrees on versions. */
  open(): this {
    this.accept()
    this.agree()
    return this
  }
}

/** A channel to a far node, in virtual time. */
export class ChannelStage {
  readonly time = new VirtualTime()
  readonly links: FarLink[] = []
  /** How each request ended: `a ok`, `b disconnected`. */
  readonly results: string[] = []
  readonly log: string[] = []
  endpoint: Endpoint | undefined = { host: 'far', port: 9092 }
  timersLeft = 0
  readonly core: Core
  readonly channel: NodeChannel

  constructor(settings: Partial<ChannelSettings> = {}, seed = 1) {
    const set = (delayMs: number, fire: () => void) => {
      let isOver = false
      const end = (): void => {
        if (!isOver) this.timersLeft--
        isOver = true
      }
      this.timersLeft++
      const timer = this.time.after(delayMs, () => {
        end()
        fire()
      })
      const cancel = (): void => {
        end()
        timer.cancel()
      }
      return { cancel }
    }
    const dial: Core['dial'] = (host, port, events) => {
      const link = new FarLink(`${host}:${port}`, events)
      this.links.push(link)
      return link
    }
    const log: Core['log'] = (level, message) => void this.log.push(`${level} ${message}`)
    const random = new SeededRandom(seed)
    this.core = { clock: this.time, timers: { set }, random, storage: {} as Core['storage'], log, dial }
    this.channel = new NodeChannel({
      core: this.core,
      nodeId: 2,
      clientId: 'tester',
      endpoint: () => this.endpoint,
      settings: { requestTimeoutMs: 30_000, ...settings },
    })
  }

  /** Sends a Heartbeat of a group with this name. */
  ask(groupId: string, options: { timeoutMs?: number; after?: () => void } = {}): void {
    const done = (result: RpcResult<HeartbeatResponse>): void => {
      this.results.push(`${groupId} ${result.ok ? `ok ${result.response.errorCode}` : result.failure}`)
      options.after?.()
    }
    this.channel.send(HEARTBEAT, () => ({ groupId }), done, options.timeoutMs)
  }

  get link(): FarLink {
    const link = this.links.at(-1)
    if (!link) throw new Error('no connection was opened')
    return link
  }

  /** The results since the last call. */
  told(): string[] {
    return this.results.splice(0)
  }
}

function parse(frame: Uint8Array): Received {
  const reader = new Reader(frame)
  const start = RequestHeader.decode(new Reader(frame), 1)
  const { requestApiKey: apiKey, requestApiVersion: version, correlationId, clientId } = start
  const message = apiKey === API_VERSIONS ? ApiVersionsRequest : HeartbeatRequest
  RequestHeader.decode(reader, headerVersions(apiKey, version >= message.flexibleSince).request)
  const groupId = apiKey === API_VERSIONS ? '' : HeartbeatRequest.decode(reader, version).groupId
  return { apiKey, version, correlationId, clientId, groupId }
}

/** The response to a Heartbeat. */
export function heartbeatAnswer({ correlationId, version }: Received, errorCode: number): Uint8Array {
  const flexible = version >= HeartbeatResponse.flexibleSince
  return answerFrame(
    HeartbeatResponse,
    HeartbeatRequest.apiKey,
    correlationId,
    version,
    { errorCode },
    flexible,
  )
}

function answerFrame<In>(
  message: Message<unknown, In>,
  apiKey: number,
  correlationId: number,
  version: number,
  body: In,
  flexible: boolean,
): Uint8Array {
  const writer = new Writer()
  ResponseHeader.encode(writer, headerVersions(apiKey, flexible).response, { correlationId })
  message.encode(writer, version, body)
  const bytes = writer.toBytes()
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setInt32(0, bytes.length)
  frame.set(bytes, 4)
  return frame
}
