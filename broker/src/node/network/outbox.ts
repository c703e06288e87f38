/**
 * Sends a connection's responses: bytes in memory directly, slices of files by the system or through a small buffer.
 *
 * Apache Kafka passes a slice to the system, which copies it from the page cache to the socket (sendfile). The outbox
 * does the same where sendfile is available (send-file.ts). Elsewhere it reads a little and writes a little through one
 * buffer for all connections, while the socket has room: the buffer stays in the processor's cache, and a response of
 * fifty megabytes needs no memory of its own.
 *
 *   head | slice | head | slice | head         small pieces: together in one buffer and one write
 *   head | slice ....................          a large response to a Fetch
 *   cork: write head, read 128 KiB, write -> uncork: one writev
 *   all written?  -> read the next 128 KiB into the same buffer, write, ...
 *   not all?      -> the buffer stays with this connection until it is written; others get another one
 *
 *   with sendfile: write head | sendfile until the socket has no room | write a small piece through the buffer: Node
 *   reports when the socket has room again | sendfile, ...
 *
 * A response may be large, a client fast, and both many: Node writes to all sockets that have room, as much as they
 * take, before it handles anything else. So a response of any kind is passed to Node in pieces, and after SHARE_BYTES
 * the other sockets get their share.
 *
 * OUTBOX-1  a buffer is reused only after the system has taken all of its bytes
 * OUTBOX-2  a connection with a slow client costs one buffer, however large the response
 * OUTBOX-3  a slice that can't be read to its end closes the connection: the frame's length is already sent
 * OUTBOX-4  sendfile is called only while Node's own queue of the socket is empty, so that bytes keep their order
 * OUTBOX-5  Node's own queue of a socket holds at most one piece, and one event sends at most SHARE_BYTES, plus or minus
 *     a piece
 */
import type { Socket } from 'node:net'
import type { Chunk, FileSlice } from '../../core.ts'
import { BUFFER_BYTES, endsTooEarly, layOut, releaseBuffer, takeBuffer } from './send-buffers.ts'
import { descriptorOf, FAILED, hasDescriptor, type SendFile, systemSendFile } from './send-file.ts'

/** How many bytes are passed to Node at a time from memory, and to the system at a time from a slice of a file. */
const PIECE_BYTES = 262_144
const SYSTEM_PIECE_BYTES = 1_048_576
/** How much one connection sends before others are served. */
const SHARE_BYTES = 1_048_576
/** Bytes that the system sends by itself cost less. */
const SYSTEM_SHARE = 0.25
/** A smaller rest of a slice is written together with the bytes before it. */
const SENDFILE_BYTES_MIN = 32_768
/** How many bytes are written to learn from Node when the socket has room again. */
const PROBE_BYTES = 8192

const NO_BYTES = new Uint8Array(0)
/** A slice that is being sent, and how far. */
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
  /** Chunks before this index are sent: so a response of 20,000 chunks is not shifted each time. */
  private next = 0
  private sending: Sending | undefined
  /** Counts the writes of buffers. */
  private writes = 0
  private ending = false
  /** Bytes sent since others were served. */
  private shareUsed = 0
  private isResting = false
  /** The buffer that the system has not taken completely, and the write that it waits for (OUTBOX-1). */
  private held: Buffer | undefined
  private heldBy = 0

  /**
   * `onSent` is called when a slow client has caught up; `onBroken` when a slice fails (OUTBOX-3).
   */
  constructor(socket: Socket, onSent: () => void, onBroken: (error: Error) => void) {
    this.socket = socket
    this.onSent = onSent
    this.onBroken = onBroken
    // A buffer in use has its own callback, which comes after this event.
    socket.on('drain', () => {
      if (!this.held && !this.isResting) this.goOn()
    })
    socket.once('close', () => this.drop())
  }

  private get isEmpty(): boolean {
    return this.next === this.waiting.length && this.sending === undefined
  }

  /** Sends the chunks after everything sent before. Returns false if the client is slow; then `onSent` will be called. */
  send(chunks: readonly Chunk[]): boolean {
    const { socket } = this
    if (socket.destroyed) return true
    const isFirst = this.isEmpty
    for (const chunk of chunks) this.waiting.push(chunk)
    return isFirst && this.pump()
  }

  /** Closes the connection after everything is sent. */
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
        if (buffer) releaseBuffer(buffer)
      }
    } catch (error) {
      this.onBroken(error as Error)
      socket.destroy()
    }
    return socket.writableLength < socket.writableHighWaterMark
  }

  /** How many of the next chunks are small enough to share one buffer. */
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

  /** Writes `count` chunks together through one buffer, and returns it: it is in use. */
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

  /** The client has taken what was sent, or the other connections had their share. */
  private goOn(): void {
    if (this.socket.destroyed) return
    const caughtUp = this.pump()
    if (this.ending && this.isEmpty) this.socket.destroySoon()
    else if (caughtUp) this.onSent()
  }

  /** Pauses for the other connections (OUTBOX-5). */
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

  /** Sends the bytes in memory and some of the slice behind them; returns the buffer that was used, if any. */
  private sendSome(small: number): Buffer | undefined {
    const { socket } = this
    // The usual response is one piece: nothing has to wait for more.
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

  /** Writes bytes in memory, at most one piece, up to the next slice, which it returns. */
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

  /** The next chunk is on its way: its memory is released before the rest is sent. */
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

  /** Calls sendfile while there is a share left. Returns false if the socket has no room (OUTBOX-4). */
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

  /** Writes a piece of the slice through a buffer, and returns it: it is in use. */
  private writePiece(sending: Sending, bytesMax: number): Buffer {
    const buffer = takeBuffer()
    const got = sending.slice.readInto(buffer.subarray(0, bytesMax), sending.at)
    this.advance(sending, got)
    return this.write(buffer, got)
  }

  /** `got` more bytes of the slice are on their way. Throws if the slice ends too early (OUTBOX-3). */
  private advance(sending: Sending, got: number): void {
    const { slice } = sending
    if (got === 0) throw endsTooEarly(slice, sending.at)
    sending.at += got
    if (sending.at < slice.length) return
    sending.letGo?.()
    this.sending = undefined
  }

  /** The socket has no room for all of it: others are served meanwhile. */
  private wait(buffer: Buffer | undefined): false {
    this.held = buffer
    this.heldBy = this.writes
    this.shareUsed = 0
    this.holdSlice()
    return false
  }

  /** Holds the slice, because it must outlive this event. */
  private holdSlice(): void {
    if (this.sending) this.sending.letGo ??= this.sending.slice.hold()
  }

  private written(write: number): void {
    if (!this.held || write !== this.heldBy) return
    releaseBuffer(this.held)
    this.held = undefined
    this.goOn()
  }

  /** The connection is closed. Node may still read the buffer, so it is not reused. */
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
