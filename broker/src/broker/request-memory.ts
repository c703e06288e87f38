/**
 * How many bytes of large requests the broker holds at a time, from all clients together (queued.max.request.bytes, KIP-72).
 *
 * A frame may have 100 MB, and a thousand connections may each have begun one. So a connection claims the size of a
 * frame as soon as it is known, gives it back when the request was handled, and is not read from while there is nothing
 * left to claim.
 *
 *   limit 100 MB    A claims 60 -> 40 left    B claims 70 -> -30 left    C waits, until A's request was handled
 *
 * As in Kafka the last claim may go below zero: otherwise a large frame would wait for ever while small ones pass it.
 * So up to one frame more than the limit is held.
 *
 * Kafka sets no limit unless it is told to, and has a heap of its own that ends it. Here the default is one frame of the
 * largest size (socket.request.max.bytes): with the last claim that makes 200 MB, which leaves room within half a
 * gigabyte for what decoding makes of them. A small frame claims nothing, for as much is read ahead of a connection
 * anyway: so clients that send their large frames slowly can't keep the others from heartbeats and metadata.
 *
 * REQUEST-MEMORY-1  what was claimed is given back once, whether the request was handled or the connection has ended
 * - waiting connections are asked again in the order in which they came, each in an event of its own
 * REQUEST-MEMORY-3  a client that has begun a large frame and does not go on with it is disconnected when others wait
 *     for the memory
 */
import type { Timer, Timers } from '../core.ts'

/** A frame up to this size claims nothing, in bytes. */
const SMALL_FRAME_BYTES = 65_536
/** How often those who hold memory are looked at while others wait for it, in ms. */
const LOOK_MS = 10_000

/** A connection, as far as memory goes. */
export interface Claimant {
  /** There is memory again: it may claim once more. */
  onMemory(): void
  /** Whether hardly anything has come of its frame since it was asked last. */
  hasStalled(): boolean
  /** It is ended, for others wait (REQUEST-MEMORY-3). */
  evict(): void
}

export class RequestMemory {
  private readonly timers: Timers
  private readonly smallBytes: number
  private left: number
  private readonly holders = new Set<Claimant>()
  private readonly waiting = new Set<Claimant>()
  private isWaking = false
  private looking: Timer | undefined

  /** `bytesMax`: the limit; 0 or less: none. `smallBytes`: a frame up to this size is free. */
  constructor(bytesMax: number, timers: Timers, smallBytes: number = SMALL_FRAME_BYTES) {
    this.left = bytesMax > 0 ? bytesMax : Number.POSITIVE_INFINITY
    this.timers = timers
    this.smallBytes = smallBytes
  }

  /** Claims memory for a frame of `bytes`; false when there is none left: `onMemory` is called when there is. */
  claim(bytes: number, claimant: Claimant): boolean {
    if (bytes <= this.smallBytes) return true
    if (this.left <= 0) {
      this.waiting.add(claimant)
      this.looking ??= this.timers.set(LOOK_MS, () => this.look(), 'memory of requests')
      return false
    }
    this.left -= bytes
    this.holders.add(claimant)
    return true
  }

  /** Gives back what was claimed for a frame of `bytes`. */
  release(bytes: number, claimant: Claimant): void {
    if (bytes <= this.smallBytes) return
    this.left += bytes
    this.holders.delete(claimant)
    if (this.left <= 0 || this.waiting.size === 0 || this.isWaking) return
    this.isWaking = true
    const wake = (): void => {
      this.isWaking = false
      this.wake()
    }
    if (this.timers.soon) this.timers.soon(wake)
    else this.timers.set(0, wake)
  }

  /** It does not wait any more. */
  forget(claimant: Claimant): void {
    this.waiting.delete(claimant)
    if (this.waiting.size > 0) return
    this.looking?.cancel()
    this.looking = undefined
  }

  private wake(): void {
    for (const claimant of [...this.waiting]) {
      if (this.left <= 0) return
      this.forget(claimant)
      claimant.onMemory()
    }
  }

  private look(): void {
    this.looking = this.timers.set(LOOK_MS, () => this.look(), 'memory of requests')
    for (const holder of [...this.holders]) if (holder.hasStalled()) holder.evict()
  }
}
