/**
 * One client's connection: frames in, responses out, in the same order.
 *
 * Kafka takes the next request of a connection only when the last one was answered: it "mutes" the channel.
 * Clients rely on the order (they match responses by position as much as by correlation id), and a client that
 * does not read its responses stops being read from. So one connection costs one request and one response.
 *
 *   idle --frame, and a turn--> handling --reply--> sending --sent--> idle
 *     \                           \--close the connection--> closed
 *      `--bytes that make no sense--> closed
 *
 * A frame that has come is handled when it is this connection's turn (turns.ts): one frame, then others are served and
 * the socket is read again, so that a client with ten thousand requests under way delays only its own.
 *
 * A Fetch that waits, or a JoinGroup, holds back whatever was sent behind it on the same connection; that is
 * why consumers keep a second connection for their group.
 *
 * CONNECTION-1  at most one request is being handled; its reply is sent before the next frame is looked at
 * CONNECTION-2  after `close` nothing is sent and no frame is handled, whatever has come already; a late reply is
 *     dropped
 * CONNECTION-3  a client's bytes never make the process fail: they end this connection, with one line in the log
 * CONNECTION-4  a client that is throttled is answered at once, and not read from until its time is over (KIP-219)
 * CONNECTION-5  a frame's bytes are claimed before they are read, and given back when it was handled, all turns of it
 *     (queued.max.request.bytes); a request that waits for something is not counted
 * CONNECTION-6  a request whose client has gone waits for nothing any more: its handler is told, if it wants to be
 * CONNECTION-7  a frame's memory is used for another frame only if its handler has said that it keeps nothing, and has
 *     answered
 * CONNECTION-8  what a client sent before it stopped sending (FIN) is still handled: a producer with acks=0 leaves
 *     right after its last record. One whose request waits for something has gone (CONNECTION-6)
 */
import type { Chunk, Core, Timer, Work } from '../core.ts'
import type { Account, Party } from '../turn-queue.ts'
import type { Turns } from '../turns.ts'
import { MalformedError } from '../wire/reader.ts'
import type { FrameMemory } from './frame-memory.ts'
import { FrameAssembler, InvalidFrameError } from './framing.ts'
import type { Claimant, RequestMemory } from './request-memory.ts'

/** The way back to the client; TCP, the simulator and the page each have their own. */
export interface Transport {
  /** Sends the chunks one after the other; false when the client is slow: `drained` is called when it has caught up. */
  send(chunks: readonly Chunk[]): boolean
  close(): void
  /** Called when `wantsBytes` has become true again. */
  resume?(): void
  readonly remoteHost: string
}

/** What the broker does with a frame: reply with the chunks of a response, with nothing, or hang up. */
export type FrameHandler = (
  frame: Uint8Array,
  connection: Connection,
  reply: (answer: Answer, throttleMs?: number) => void,
) => void
export type Answer = readonly Chunk[] | 'no response' | 'close the connection'

/**
 * So much is read while a request is in work. Who reads nothing does not learn that the client has gone (CONNECTION-6).
 */
const READ_AHEAD_BYTES = 65_536
/** A client that sends less of its frame between two looks has stalled, in bytes. */
const STALLED_BYTES = 65_536

type State = 'idle' | 'handling' | 'sending' | 'closed'

export class Connection implements Party, Claimant {
  readonly id: number
  readonly transport: Transport
  readonly account: Account
  private readonly core: Core
  private readonly turns: Turns
  private readonly handle: FrameHandler
  private readonly frames: FrameAssembler
  private readonly onClosed: (connection: Connection) => void
  private state: State = 'idle'
  /** The next frame, whole: it waits for a turn, or until the connection is ready. */
  private frame: Uint8Array | undefined
  /** Whether this connection stands in the queue. */
  private isQueued = false
  /** Whether this connection's turn is under way. */
  private isServed = false
  /** The client sends no more (CONNECTION-8). */
  private hasEnded = false
  /** Of the request in work. */
  private api = ''
  private version = -1
  private client: string | null = null
  private throttled: Timer | undefined
  private readonly memory: RequestMemory
  private claimedBytes = 0
  /** Whether the frame in work is needed until it is answered. */
  private isHeld = false
  private readonly frameMemory: FrameMemory
  private readonly readAheadBytes: number
  /** The frame in work, if its memory may be used again when it is answered (CONNECTION-7). */
  private lent: Uint8Array | undefined
  private forgetRequest: (() => void) | undefined
  private isStarved = false
  private isPaused = false
  private receivedBytes = 0
  /** Of these, when it was last asked whether the client has stalled. */
  private lookedBytes = 0

  constructor(options: {
    id: number
    core: Core
    turns: Turns
    transport: Transport
    frameBytesMax: number
    memory: RequestMemory
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
    this.handle = options.handle
    this.onClosed = options.onClosed
    this.frameMemory = options.frameMemory
    this.readAheadBytes = options.readAheadBytes ?? READ_AHEAD_BYTES
    this.frames = new FrameAssembler(options.frameBytesMax, options.frameMemory)
  }

  /** False while a request is in work, or waits for its turn, and enough is read ahead: stop reading until `resume`. */
  get wantsBytes(): boolean {
    return (this.isReady && !this.frame) || this.frames.bufferedBytes < this.readAheadBytes
  }

  /** Whether the next request may be looked at (CONNECTION-1, CONNECTION-4, CONNECTION-5). */
  private get isReady(): boolean {
    return this.state === 'idle' && !this.throttled && !this.isStarved
  }

  get isClosed(): boolean {
    return this.state === 'closed'
  }

  /** Takes bytes from the client, in order, in pieces of any size. Their memory is the caller's again afterwards. */
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

  /** The client sends no more; it may still read (CONNECTION-8). */
  ended(): void {
    this.hasEnded = true
    this.closeIfDone()
  }

  /** The client has read what was sent. */
  drained(): void {
    if (this.state !== 'sending') return
    this.state = 'idle'
    this.goOn()
  }

  /** The client, or the network, has ended the connection. */
  closed(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.throttled?.cancel()
    this.memory.forget(this)
    this.giveBack()
    this.lent = undefined
    this.frame = undefined
    this.frames.drop()
    this.forgetRequest?.()
    this.forgetRequest = undefined
    this.onClosed(this)
  }

  /** `forget` is called if the connection ends before the request in work is answered (CONNECTION-6). */
  whenGone(forget: () => void): void {
    if (this.state === 'handling') this.forgetRequest = forget
  }

  /** The frame in work is decoded in turns, or waits to be: its bytes are needed until `release`. */
  hold(): void {
    this.isHeld = true
  }

  /** Nothing of the frame is needed any more. Idempotent. */
  release(): void {
    if (this.isHeld) this.giveBack()
  }

  /** Takes a frame whose memory is used again: nothing of it is kept beyond its answer (CONNECTION-7). */
  lend(frame: Uint8Array): void {
    this.lent = frame
  }

  /** Says what the frame in work is, for the line about a stall. */
  worksOn(api: string, version: number, client: string | null): void {
    this.api = api
    this.version = version
    this.client = client
  }

  work(): Work {
    const { api, version, client } = this
    return { api, version, client, host: this.transport.remoteHost, connection: this.id }
  }

  /** Hangs up. */
  close(): void {
    if (this.state === 'closed') return
    this.closed()
    this.transport.close()
  }

  /** A turn: one frame. Gives whether there is another one to handle. */
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
    if (!this.isHeld) this.giveBack()
    this.closeIfDone()
  }

  /** Asks for a turn if there is a frame to handle. Within a turn `serve` sees to that, when it knows what is left. */
  private goOn(): void {
    if (this.isServed) return
    if (this.hasWork()) {
      this.isQueued = true
      this.turns.queue(this)
    }
    this.readOrPause()
  }

  /** Whether a turn is to be asked for: the next frame is there, and may be handled. */
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

  /** Closes the connection of a client that sends no more, once all its requests are answered (CONNECTION-8). */
  private closeIfDone(): void {
    if (!this.hasEnded || this.isServed || this.account.hasJobs) return
    if (this.state === 'handling' || (!this.frame && !this.frames.isWhole)) this.close()
  }

  /** Whether the next frame may be held (CONNECTION-5). */
  private claim(): boolean {
    const size = this.frames.nextSize()
    if (size === undefined || this.claimedBytes > 0) return true
    if (this.memory.claim(size, this)) this.claimedBytes = size
    else this.isStarved = true
    return !this.isStarved
  }

  onMemory(): void {
    this.isStarved = false
    this.goOn()
  }

  hasStalled(): boolean {
    const came = this.receivedBytes - this.lookedBytes
    this.lookedBytes = this.receivedBytes
    return this.state === 'idle' && !this.frame && came < STALLED_BYTES
  }

  evict(): void {
    this.core.log('warn', `closed ${this.transport.remoteHost}: it does not send the rest of its frame`, {
      connection: this.id,
      frameBytes: this.claimedBytes,
    })
    this.close()
  }

  private giveBack(): void {
    const bytes = this.claimedBytes
    this.claimedBytes = 0
    this.isHeld = false
    this.memory.release(bytes, this)
  }

  private answer(answer: Answer, throttleMs: number): void {
    if (this.state !== 'handling') return
    this.forgetRequest = undefined
    if (this.lent) this.frameMemory.giveBack(this.lent)
    this.lent = undefined
    this.release()
    if (answer === 'close the connection') return this.close()
    if (throttleMs > 0) this.throttle(throttleMs)
    const keepsUp = answer === 'no response' || this.transport.send(answer)
    this.state = keepsUp ? 'idle' : 'sending'
    this.goOn()
  }

  private throttle(ms: number): void {
    this.throttled = this.core.timers.set(
      ms,
      () => {
        this.throttled = undefined
        this.goOn()
      },
      'throttled client',
    )
  }

  /** Is heard only after a while: too many have come at once (KIP-612). */
  holdBack(ms: number): void {
    this.throttle(ms)
  }

  /** Hears nothing, and hangs up after a while: who connects too often learns it slowly (KIP-612). */
  turnAway(ms: number): void {
    this.throttled = this.core.timers.set(ms, () => this.close(), 'client turned away')
  }

  /** Hangs up because of `error`, with a line that says so: a warning if it is the client's, an error if it is ours. */
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
