/**
 * What a connection sends: pieces in memory as they are, and slices of files by the system or through a small buffer.
 *
 * Apache Kafka hands a slice to the system, which copies it from the page cache to the socket (sendfile). Where that can
 * be had (send-file.ts), it is done here too. Everywhere else a little is read and a little is written, with one
 * buffer for all connections, for as long as the socket has room: the buffer stays in the processor's cache, and no
 * memory is set aside for a response of fifty megabytes.
 *
 *   head | slice | head | slice | head         small pieces: together in one buffer, and in one write
 *   head | slice ....................          a large response to a Fetch
 *   cork: write head, read 128 KiB, write -> uncork: one writev
 *   all taken?  -> read the next 128 KiB into the same buffer, write, ...
 *   not all?    -> the buffer stays with this connection until it was; the others get another one
 *
 *   with sendfile: write head | sendfile, until the socket has no room | a small piece through the buffer, which Node
 *   writes when the socket has room again, and says so | sendfile, ...
 *
 * A response may be large and a client fast, and there may be hundreds of both: Node writes to all sockets that have
 * room, each as much as it has, before anything else is done. So a response is given to Node in pieces, whatever it
 * is made of, and after SHARE_BYTES the other sockets have their share.
 *
 * OUTBOX-1  a buffer is read into only when the system has taken all that was in it
 * OUTBOX-2  a connection that waits for its client costs one buffer, however large the response
 * OUTBOX-3  a slice that can't be read any more ends the connection: its frame's length was promised
 * OUTBOX-4  sendfile is called only while nothing waits in Node's own queue of the socket: bytes keep their order
 * OUTBOX-5  Node's own queue of a socket holds one piece at most, and one event sends SHARE_BYTES at most, to within a
 *     piece
 */
import type { Socket } from 'node:net'
import type { Chunk, FileSlice } from '../../core.ts'
import { BUFFER_BYTES, endsTooEarly, giveBack, layOut, takeBuffer } from './send-buffers.ts'
import { descriptorOf, FAILED, hasDescriptor, type SendFile, systemSendFile } from './send-file.ts'

/** Of what is in memory, so much is given to Node at a time; of a slice of a file, to the system. */
const PIECE_BYTES = 262_144
const SYSTEM_PIECE_BYTES = 1_048_576
/** What one connection sends before others are served. */
const SHARE_BYTES = 1_048_576
/** What the system sends by itself costs less. */
const SYSTEM_SHARE = 0.25
/** A smaller rest goes out with what stands before it, in one call. */
const SENDFILE_BYTES_MIN = 32_768
/** What is written to learn when the socket has room again. */
const PROBE_BYTES = 8192

const NO_BYTES = new Uint8Array(0)
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
  /** Undefined: everything goes through buffers. */
  private sendFile: SendFile | undefined
  private isSendFileAsked = false
  private waiting: Chunk[] = []
  /** Those before it are sent: a response of 20,000 chunks is not moved up each time. */
  private next = 0
  private sending: Sending | undefined
  /** Numbers the writes of buffers. */
  private writes = 0
  private ending = false
  /** Sent since others were served. */
  private shareUsed = 0
  private isResting = false
  /** The buffer that the system has not taken all of, and the write that it waits for (OUTBOX-1). */
  private held: Buffer | undefined
  private heldBy = 0

  /**
   * `onSent` is called when a client that `send` called slow has caught up; `onBroken` when a slice fails (OUTBOX-3).
   */
  constructor(socket: Socket, onSent: () => void, onBroken: (error: Error) => void) {
    this.socket = socket
    this.onSent = onSent
    this.onBroken = onBroken
    // A buffer in use has a callback of its own, which comes after this event.
    socket.on('drain', () => {
      if (!this.held && !this.isResting) this.goOn()
    })
    socket.once('close', () => this.drop())
  }

  private get isEmpty(): boolean {
    return this.next === this.waiting.length && this.sending === undefined
  }

  /** Sends the chunks after all that was sent before; false when the client is slow and `onSent` will be called. */
  send(chunks: readonly Chunk[]): boolean {
    const { socket } = this
    if (socket.destroyed) return true
    const isFirst = this.isEmpty
    for (const chunk of chunks) this.waiting.push(chunk)
    return isFirst && this.pump()
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
        if (this.shareUsed >= SHARE_BYTES) return this.rest()
        const small = this.smallAhead()
        const buffer = small > 1 ? this.writeTogether(small) : this.sendSome(small)
        if (socket.writableLength > 0 && (buffer || !this.isEmpty)) return this.wait(buffer)
        if (buffer) giveBack(buffer)
      }
    } catch (error) {
      this.onBroken(error as Error)
      socket.destroy()
    }
    return socket.writableLength < socket.writableHighWaterMark
  }

  /** How many of the next chunks are small enough to lie in one buffer. */
  private smallAhead(): number {
    const { waiting, next } = this
    if (this.sending) return 0
    let bytes = 0
    let count = 0
    for (; next + count < waiting.length; count++) {
      const { length } = waiting[next + count]!
      bytes += length
      if (bytes > BUFFER_BYTES || length >= SENDFILE_BYTES_MIN) break
    }
    return count
  }

  /** One write, of `count` chunks one behind the other in a buffer, which it gives: it is in use. */
  private writeTogether(count: number): Buffer {
    const buffer = takeBuffer()
    const length = layOut(this.waiting.slice(this.next, this.next + count), buffer)
    for (let left = count; left > 0; left--) this.taken()
    return this.write(buffer, length)
  }

  private write(buffer: Buffer, length: number): Buffer {
    const write = ++this.writes
    this.socket.write(buffer.subarray(0, length), () => this.written(write))
    this.shareUsed += length
    return buffer
  }

  /** The client has taken what was sent to it, or others had their share. */
  private goOn(): void {
    if (this.socket.destroyed) return
    const caughtUp = this.pump()
    if (this.ending && this.isEmpty) this.socket.destroySoon()
    else if (caughtUp) this.onSent()
  }

  /** Others send first (OUTBOX-5). */
  private rest(): false {
    this.isResting = true
    this.holdSlice()
    setImmediate(() => {
      this.isResting = false
      this.shareUsed = 0
      this.goOn()
    })
    return false
  }

  /** Sends what is in memory and some of the slice behind it; gives the buffer that was used, if one was. */
  private sendSome(small: number): Buffer | undefined {
    const { socket } = this
    // The usual response, of one piece: nothing has to be held back until more is there.
    if (small === 1 && this.writeSole()) return undefined
    socket.cork()
    const sending = this.writeMemory()
    const bySystem = sending !== undefined && this.isForSystem(sending)
    const buffer = sending && !bySystem ? this.writePiece(sending, BUFFER_BYTES) : undefined
    socket.uncork()
    if (!sending || !bySystem) return buffer
    return this.sendBySystem(sending) ? undefined : this.writePiece(sending, PROBE_BYTES)
  }

  private writeSole(): boolean {
    const chunk = this.waiting[this.next]
    if (this.waiting.length - this.next > 1 || !(chunk instanceof Uint8Array)) return false
    this.writeMemory()
    return true
  }

  /** Writes what is in memory, a piece at most, up to the next slice, which it gives. */
  private writeMemory(): Sending | undefined {
    for (let room = PIECE_BYTES; !this.sending && room > 0; ) {
      const chunk = this.waiting[this.next]
      if (!chunk) return undefined
      if (!(chunk instanceof Uint8Array)) this.sending = { slice: chunk, at: 0, letGo: undefined }
      const bytes = chunk instanceof Uint8Array ? upTo(room, chunk) : undefined
      if (bytes) this.socket.write(bytes)
      const count = bytes?.length ?? 0
      room -= count
      this.shareUsed += count
      if (bytes && count < chunk.length) this.waiting[this.next] = (chunk as Uint8Array).subarray(count)
      else this.taken()
    }
    return this.sending
  }

  /** The next chunk is on its way: its memory is not kept until all are. */
  private taken(): void {
    this.waiting[this.next++] = NO_BYTES
    if (this.next < this.waiting.length) return
    this.waiting = []
    this.next = 0
  }

  private isForSystem({ slice, at }: Sending): boolean {
    if (slice.length - at < SENDFILE_BYTES_MIN || !hasDescriptor(slice)) return false
    if (!this.isSendFileAsked) {
      this.isSendFileAsked = true
      this.sendFile = systemSendFile()
    }
    return this.sendFile !== undefined
  }

  /** sendfile, for as long as there is a share left; false when the socket has no room (OUTBOX-4). */
  private sendBySystem(sending: Sending): boolean {
    const { socket, sendFile } = this
    const { slice } = sending
    const out = descriptorOf(socket)
    if (!sendFile || !hasDescriptor(slice) || out === undefined || socket.writableLength > 0) return false
    const { fd, position } = slice.source()
    while (sending.at < slice.length && this.shareUsed < SHARE_BYTES) {
      const most = Math.min(slice.length - sending.at, SYSTEM_PIECE_BYTES)
      const sent = sendFile(out, fd, position + sending.at, most)
      if (sent === FAILED) this.sendFile = undefined
      if (sent < 0) return false
      this.shareUsed += sent * SYSTEM_SHARE
      this.advance(sending, sent)
    }
    return true
  }

  /** Writes a piece of the slice through a buffer, which it gives: it is in use. */
  private writePiece(sending: Sending, bytesMax: number): Buffer {
    const buffer = takeBuffer()
    const got = sending.slice.readInto(buffer.subarray(0, bytesMax), sending.at)
    this.advance(sending, got)
    return this.write(buffer, got)
  }

  /** `got` bytes more of the slice are on their way. Throws where it ends too early (OUTBOX-3). */
  private advance(sending: Sending, got: number): void {
    const { slice } = sending
    if (got === 0) throw endsTooEarly(slice, sending.at)
    sending.at += got
    if (sending.at < slice.length) return
    sending.letGo?.()
    this.sending = undefined
  }

  /** The socket had no room for all of it: others are served meanwhile. */
  private wait(buffer: Buffer | undefined): false {
    this.held = buffer
    this.heldBy = this.writes
    this.shareUsed = 0
    this.holdSlice()
    return false
  }

  /** The slice has to outlive this event. */
  private holdSlice(): void {
    if (this.sending) this.sending.letGo ??= this.sending.slice.hold()
  }

  private written(write: number): void {
    if (!this.held || write !== this.heldBy) return
    giveBack(this.held)
    this.held = undefined
    this.goOn()
  }

  /** The connection is gone. What the socket had no room for is still in the buffer: it is not used again. */
  private drop(): void {
    this.waiting = []
    this.next = 0
    this.sending?.letGo?.()
    this.sending = undefined
    this.held = undefined
  }
}

function upTo(length: number, bytes: Uint8Array): Uint8Array {
  return bytes.length <= length ? bytes : bytes.subarray(0, length)
}
