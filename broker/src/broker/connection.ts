/**
 * One client's connection: requests come in, responses go out in the same order.
 *
 * Kafka reads the next request of a connection only after it has sent the last response: it "mutes" the channel.
 * Clients rely on this order: they match responses by position as well as by correlation id. The broker does not read
 * from a client that does not read its responses. So one connection holds at most one request and one response.
 *
 *   idle --frame, and a turn--> handling --reply--> sending --sent--> idle
 *     \                           \--close the connection--> closed
 *      `--malformed bytes--> closed
 *
 * A complete frame waits for this connection's turn (turns.ts). One turn handles one frame; then other connections are
 * served and the socket is read again. So a client that has sent ten thousand requests delays only its own.
 *
 * A delayed Fetch or JoinGroup blocks the requests behind it on the same connection. This is why consumers use a second
 * connection for their group.
 *
 * CONNECTION-1  at most one request is being handled; its response is sent before the next frame is looked at
 * CONNECTION-2  after `close` nothing is sent and no frame is handled, even if it has arrived before; a late reply is
 *     dropped
 * CONNECTION-3  no bytes from a client can crash the process: they close this connection, with one line in the log
 * CONNECTION-4  a throttled client gets its response at once, and is not read from until the throttle time ends (KIP-219)
 * CONNECTION-5  memory for a frame is claimed before it is read, and released after the request was handled, including
 *     all its turns (queued.max.request.bytes); a delayed request claims nothing
 * CONNECTION-6  when a client disconnects, its delayed request is cancelled, if the handler has asked for that
 * CONNECTION-7  the memory of a frame is reused only if its handler has declared that it keeps nothing, and has
 *     answered
 * CONNECTION-8  requests that a client sent before it stopped sending (FIN) are handled: a producer with acks=0
 *     disconnects right after its last record. If a request is delayed at that time, it is cancelled (CONNECTION-6)
 */
import type { Chunk, Core, Timer, Work } from '../core.ts'
import type { Account, Party } from '../turn-queue.ts'
import type { Turns } from '../turns.ts'
import { FrameAssembler, InvalidFrameError } from '../wire/framing.ts'
import { MalformedError } from '../wire/reader.ts'
import type { FrameMemory } from './frame-memory.ts'
import type { Claimant, RequestMemory } from './request-memory.ts'
import type { Reader, ResponseMemory } from './response-memory.ts'

/** Where responses go: TCP, the simulator and the page implement it. */
export interface Transport {
  /** Sends the chunks in order. Returns false if the client is slow: then call `drained` when it has caught up. */
  send(chunks: readonly Chunk[]): boolean
  close(): void
  /** Closes at once: unsent bytes are dropped. Default: as `close`. */
  abort?(): void
  /** Called when `wantsBytes` becomes true again. */
  resume?(): void
  readonly remoteHost: string
}

/** Handles a frame: replies with the chunks of a response, replies with nothing, or closes the connection. */
export type FrameHandler = (
  frame: Uint8Array,
  connection: Connection,
  reply: (answer: Answer, throttleMs?: number) => void,
) => void
export type Answer = readonly Chunk[] | 'no response' | 'close the connection'

/**
 * How much is read while a request is being handled. Without reading, a disconnect could not be noticed (CONNECTION-6).
 */
const READ_AHEAD_BYTES = 65_536
/** A client that sends fewer bytes of its frame between two checks has stalled. */
const STALLED_BYTES = 65_536

type State = 'idle' | 'handling' | 'sending' | 'closed'

export class Connection implements Party, Claimant, Reader {
  readonly id: number
  readonly transport: Transport
  readonly account: Account
  private readonly core: Core
  private readonly turns: Turns
  private readonly handle: FrameHandler
  private readonly frames: FrameAssembler
  private readonly onClosed: (connection: Connection) => void
  private state: State = 'idle'
  /** The next frame, complete. It waits for a turn, or until the connection is ready. */
  private frame: Uint8Array | undefined
  /** Whether this connection waits in the queue of turns. */
  private isQueued = false
  /** Whether this connection's turn is running. */
  private isServed = false
  /** The client sends no more (CONNECTION-8). */
  private hasEnded = false
  /** API and version of the request that is being handled. */
  private api = ''
  private version = -1
  private client: string | null = null
  private throttled: Timer | undefined
  private readonly memory: RequestMemory
  private readonly responses: ResponseMemory
  private claimedBytes = 0
  /** Whether the bytes of the current frame are needed until the request is answered. */
  private isHeld = false
  private readonly frameMemory: FrameMemory
  private readonly readAheadBytes: number
  /** The current frame, if its memory may be reused after the answer (CONNECTION-7). */
  private reusable: Uint8Array | undefined
  private forgetRequest: (() => void) | undefined
  private isStarved = false
  private isPaused = false
  private receivedBytes = 0
  /** Bytes received when the stall check last ran. */
  private lookedBytes = 0

  constructor(options: {
    id: number
    core: Core
    turns: Turns
    transport: Transport
    frameBytesMax: number
    memory: RequestMemory
    responses: ResponseMemory
    frameMemory: FrameMemory
    readAheadBytes?: number
    handle: FrameHandler
    onClosed: (connection: Connection) => void
  }) {
    this.id = options.id
    this.core = options.core
    this.turns = options.turns
    this.account = options.turns.newAccount()
    this.transport = options.transport
    this.memory = options.memory
    this.responses = options.responses
    this.handle = options.handle
    this.onClosed = options.onClosed
    this.frameMemory = options.frameMemory
    this.readAheadBytes = options.readAheadBytes ?? READ_AHEAD_BYTES
    this.frames = new FrameAssembler(options.frameBytesMax, options.frameMemory)
  }

  /** False while a request is being handled or waits for its turn, and enough is read ahead: stop reading until `resume`. */
  get wantsBytes(): boolean {
    return (this.isReady && !this.frame) || this.frames.bufferedBytes < this.readAheadBytes
  }

  /** Whether the next request may be handled (CONNECTION-1, CONNECTION-4, CONNECTION-5). */
  private get isReady(): boolean {
    return this.state === 'idle' && !this.throttled && !this.isStarved
  }

  get isClosed(): boolean {
    return this.state === 'closed'
  }

  /** Takes the client's bytes in order, in pieces of any size. The caller may reuse the memory afterwards. */
  receive(bytes: Uint8Array): void {
    if (this.state === 'closed' || this.hasEnded) return
    this.account.hasRead(bytes.length)
    this.receivedBytes += bytes.length
    this.frames.push(bytes)
    if (this.hasWork()) {
      this.isQueued = true
      this.turns.enter(this)
    }
    this.frames.keep()
    this.readOrPause()
  }

  /** The client has sent its last byte (FIN). It may still read (CONNECTION-8). */
  ended(): void {
    this.hasEnded = true
    this.closeIfDone()
  }

  /** The client has read what was sent. */
  drained(): void {
    if (this.state !== 'sending') return
    this.responses.release(this)
    this.state = 'idle'
    this.requestTurn()
  }

  /** The client or the network has closed the connection. */
  closed(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.throttled?.cancel()
    this.memory.forget(this)
    this.releaseFrame()
    this.reusable = undefined
    this.responses.release(this)
    this.frame = undefined
    this.frames.drop()
    this.forgetRequest?.()
    this.forgetRequest = undefined
    this.onClosed(this)
  }

  /** `forget` is called if the connection closes before the current request is answered (CONNECTION-6). */
  onDisconnect(forget: () => void): void {
    if (this.state === 'handling') this.forgetRequest = forget
  }

  /** The current frame is, or will be, decoded in turns: its bytes are needed until `release`. */
  hold(): void {
    this.isHeld = true
  }

  /** The bytes of the frame are not needed any more. Idempotent. */
  release(): void {
    if (this.isHeld) this.releaseFrame()
  }

  /** Marks a frame as reusable: its handler keeps nothing of it after the answer (CONNECTION-7). */
  reuseAfterReply(frame: Uint8Array): void {
    this.reusable = frame
  }

  /** Names the current request for the log line about a stall. */
  describeRequest(api: string, version: number, client: string | null): void {
    this.api = api
    this.version = version
    this.client = client
  }

  work(): Work {
    const { api, version, client } = this
    return { api, version, client, host: this.transport.remoteHost, connection: this.id }
  }

  /** Closes the connection. */
  close(): void {
    if (this.state === 'closed') return
    this.closed()
    this.transport.close()
  }

  /** One turn: handles one frame. Returns whether another frame is ready. */
  serve(): boolean {
    this.isQueued = false
    const { frame } = this
    if (!frame || !this.isReady) return false
    this.frame = undefined
    this.isServed = true
    this.handleFrame(frame)
    this.isServed = false
    this.isQueued = this.hasWork()
    this.readOrPause()
    return this.isQueued
  }

  private handleFrame(frame: Uint8Array): void {
    this.state = 'handling'
    let answered = false
    try {
      this.handle(frame, this, (answer, throttleMs = 0) => {
        if (answered) throw new Error('connection: a request was answered twice')
        answered = true
        this.answer(answer, throttleMs)
      })
    } catch (error) {
      this.fail(error)
    }
    this.account.afterJobs(this.onHandled)
  }

  private readonly onHandled = (): void => {
    if (!this.isHeld) this.releaseFrame()
    this.closeIfDone()
  }

  /** Requests a turn if a frame is ready. Within a turn `serve` does this itself, after it has handled its frame. */
  private requestTurn(): void {
    if (this.isServed) return
    if (this.hasWork()) {
      this.isQueued = true
      this.turns.queue(this)
    }
    this.readOrPause()
  }

  /** Whether to request a turn: the next frame is complete and may be handled. */
  private hasWork(): boolean {
    if (this.isQueued || !this.isReady) return false
    try {
      if (!this.frame && this.claim()) this.frame = this.frames.next()
    } catch (error) {
      this.fail(error)
    }
    return this.frame !== undefined
  }

  private readOrPause(): void {
    if (this.wantsBytes && this.isPaused) this.transport.resume?.()
    this.isPaused = !this.wantsBytes
    this.closeIfDone()
  }

  /** Closes a connection whose client sends no more, after all its requests are answered (CONNECTION-8). */
  private closeIfDone(): void {
    if (!this.hasEnded || this.isServed || this.account.hasJobs) return
    if (this.state === 'handling' || (!this.frame && !this.frames.isWhole)) this.close()
  }

  /** Claims memory for the next frame. Returns whether it may be read now (CONNECTION-5). */
  private claim(): boolean {
    const size = this.frames.nextSize()
    if (size === undefined || this.claimedBytes > 0) return true
    if (this.memory.claim(size, this)) this.claimedBytes = size
    else this.isStarved = true
    return !this.isStarved
  }

  onMemory(): void {
    this.isStarved = false
    this.requestTurn()
  }

  hasStalled(): boolean {
    const came = this.receivedBytes - this.lookedBytes
    this.lookedBytes = this.receivedBytes
    return this.state === 'idle' && !this.frame && came < STALLED_BYTES
  }

  evict(): void {
    this.core.log(
      'warn',
      `closed ${this.transport.remoteHost}: the client stopped in the middle of a request, and other clients wait for its memory`,
      {
        connection: this.id,
        frameBytes: this.claimedBytes,
      },
    )
    this.close()
  }

  dropUnread(bytes: number): void {
    const { remoteHost } = this.transport
    const why = `closed ${remoteHost}: the client does not read its response, and others need its memory`
    this.core.log('warn', why, { connection: this.id, unreadBytes: bytes })
    this.closed()
    if (this.transport.abort) this.transport.abort()
    else this.transport.close()
  }

  private releaseFrame(): void {
    const bytes = this.claimedBytes
    this.claimedBytes = 0
    this.isHeld = false
    this.memory.release(bytes, this)
  }

  private answer(answer: Answer, throttleMs: number): void {
    if (this.state !== 'handling') return
    this.forgetRequest = undefined
    if (this.reusable) this.frameMemory.release(this.reusable)
    this.reusable = undefined
    this.release()
    if (answer === 'close the connection') return this.close()
    if (throttleMs > 0) this.throttle(throttleMs)
    const keepsUp = answer === 'no response' || this.transport.send(answer)
    this.state = keepsUp ? 'idle' : 'sending'
    if (answer !== 'no response' && !keepsUp) this.responses.hold(this, answer)
    this.requestTurn()
  }

  private throttle(ms: number): void {
    this.throttled = this.core.timers.set(
      ms,
      () => {
        this.throttled = undefined
        this.requestTurn()
      },
      'throttled client',
    )
  }

  /** Does not read from the client for `ms`: connections are created faster than the quota allows (KIP-612). */
  holdBack(ms: number): void {
    this.throttle(ms)
  }

  /** Closes the connection after `ms` without reading from it: the client is over its connection limit and must not retry at once (KIP-612). */
  closeAfter(ms: number): void {
    this.throttled = this.core.timers.set(ms, () => this.close(), 'client turned away')
  }

  /** Closes the connection because of `error`, and logs it: a warning if the client caused it, an error if we did. */
  fail(error: unknown): void {
    const ours = !(error instanceof MalformedError || error instanceof InvalidFrameError)
    const cause = error instanceof Error ? error.message : String(error)
    this.core.log(ours ? 'error' : 'warn', `closed ${this.transport.remoteHost}: ${cause}`, {
      connection: this.id,
      ...(ours && error instanceof Error ? { stack: error.stack } : {}),
    })
    this.close()
  }
}
