/**
 * What a connection sends: pieces in memory as they are, and slices of files through a small buffer.
 *
 * Apache Kafka hands a slice to the system, which copies it from the page cache to the socket (sendfile). Node has no
 * such call. The next best is to read a little and write a little, with one buffer for all connections, for as long
 * as the system takes what it is given at once: the buffer stays in the processor's cache, and nothing is set aside
 * for a response of fifty megabytes.
 *
 *   head | slice ....................          the response to a Fetch
 *   cork: write head, read 128 KiB, write -> uncork: one writev
 *   all taken?  -> read the next 128 KiB into the same buffer, write, ...
 *   not all?    -> the buffer stays with this connection until it was; the others get another one
 *
 * B1  a buffer is read into only when the system has taken all that was in it
 * B2  a connection that waits for its client costs one buffer, however large the response
 * B3  a slice that can't be read any more ends the connection: its frame's length was promised
 */
import type { Socket } from 'node:net'
import type { Chunk, FileSlice } from '../core.ts'

const BUFFER_BYTES = 131_072
/** Buffers kept for the next who needs one. */
const SPARE_MAX = 16

const spare: Buffer[] = []

function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
}

function giveBack(buffer: Buffer): void {
  if (spare.length < SPARE_MAX) spare.push(buffer)
}

/** A slice that is being sent: how far it has come. */
interface Sending {
  readonly slice: FileSlice
  at: number
  letGo: (() => void) | undefined
}

export class Outbox {
  private readonly socket: Socket
  private readonly onSent: () => void
  private readonly onBroken: (error: Error) => void
  private waiting: Chunk[] = []
  private sending: Sending | undefined
  /** Numbers the writes of buffers. */
  private writes = 0
  private ending = false
  /** The buffer that the system has not taken all of, and the write that it waits for (B1). */
  private held: Buffer | undefined
  private heldBy = 0

  /** `onSent` is called when a client that `send` called slow has caught up; `onBroken` when a slice fails (B3). */
  constructor(socket: Socket, onSent: () => void, onBroken: (error: Error) => void) {
    this.socket = socket
    this.onSent = onSent
    this.onBroken = onBroken
    // A buffer in use has a callback of its own, which comes after this event.
    socket.on('drain', () => {
      if (this.isEmpty && !this.held) onSent()
    })
    socket.once('close', () => this.drop())
  }

  private get isEmpty(): boolean {
    return this.waiting.length === 0 && this.sending === undefined
  }

  /** Sends the chunks after all that was sent before; false when the client is slow and `onSent` will be called. */
  send(chunks: readonly Chunk[]): boolean {
    const { socket } = this
    if (socket.destroyed) return true
    for (const chunk of chunks) this.waiting.push(chunk)
    return this.pump()
  }

  /** Ends the connection when all is sent. */
  end(): void {
    this.ending = true
    if (this.isEmpty) this.socket.destroySoon()
  }

  private pump(): boolean {
    const { socket } = this
    try {
      while (!this.isEmpty) {
        socket.cork()
        const buffer = this.writeSome()
        socket.uncork()
        if (!buffer) continue
        if (socket.writableLength > 0) return this.wait(buffer)
        giveBack(buffer)
      }
    } catch (error) {
      this.onBroken(error as Error)
      socket.destroy()
    }
    return socket.writableLength < socket.writableHighWaterMark
  }

  /** Writes what is in memory, and one buffer of the slice behind it; gives the buffer, which is in use. */
  private writeSome(): Buffer | undefined {
    while (!this.sending) {
      const chunk = this.waiting.shift()
      if (!chunk) return undefined
      if (chunk instanceof Uint8Array) this.socket.write(chunk)
      else this.sending = { slice: chunk, at: 0, letGo: undefined }
    }
    const buffer = takeBuffer()
    this.writePiece(this.sending, buffer)
    return buffer
  }

  private writePiece(sending: Sending, buffer: Buffer): void {
    const got = sending.slice.readInto(buffer, sending.at)
    if (got === 0) throw new Error(`outbox: a slice of ${sending.slice.length} bytes ends at ${sending.at}`)
    sending.at += got
    const write = ++this.writes
    this.socket.write(buffer.subarray(0, got), () => this.written(write))
    if (sending.at < sending.slice.length) return
    sending.letGo?.()
    this.sending = undefined
  }

  /** The system has not taken all of it: later, then. The slice has to outlive this event. */
  private wait(buffer: Buffer): false {
    this.held = buffer
    this.heldBy = this.writes
    if (this.sending) this.sending.letGo ??= this.sending.slice.hold()
    return false
  }

  private written(write: number): void {
    if (!this.held || write !== this.heldBy) return
    giveBack(this.held)
    this.held = undefined
    const caughtUp = this.pump()
    if (this.ending && this.isEmpty) this.socket.destroySoon()
    else if (caughtUp) this.onSent()
  }

  /** The connection is gone. What the system has not taken is still in the buffer: it is not used again. */
  private drop(): void {
    this.waiting = []
    this.sending?.letGo?.()
    this.sending = undefined
    this.held = undefined
  }
}
