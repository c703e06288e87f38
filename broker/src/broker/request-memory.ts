/**
 * Limits how many bytes of large requests the broker holds at a time, for all clients together (queued.max.request.bytes, KIP-72).
 *
 * A frame may have 100 MB, and a thousand connections may each have begun one. So a connection claims the size of a
 * frame as soon as it is known, and releases it after the request was handled. While nothing is left to claim, the
 * connection is not read from.
 *
 *   limit 100 MB    A claims 60 -> 40 left    B claims 70 -> -30 left    C waits until A's request is handled
 *
 * As in Kafka the last claim may go below zero: otherwise small frames would overtake a large one for ever. So the
 * broker holds at most one frame more than the limit.
 *
 * Kafka sets no limit by default; it relies on the size of its heap. Here the default is one frame of the largest size
 * (socket.request.max.bytes). With the last claim this makes 200 MB, which leaves room within half a gigabyte for the
 * decoded requests. A small frame claims nothing, because as many bytes are read ahead of every connection anyway. So
 * clients that send large frames slowly can't block other clients' heartbeats and metadata requests.
 *
 * - waiting connections retry in the order of their arrival, each in an event of its own
 *
 * REQUEST-MEMORY-1  each claim is released once, whether the request was handled or the connection closed
 * REQUEST-MEMORY-3  a client that stalls in the middle of a large frame is disconnected when others wait for the
 *     memory
 */
import type { Timer, Timers } from '../core.ts'

/** A frame of at most this many bytes claims nothing. */
const SMALL_FRAME_BYTES = 65_536
/** How often the holders of memory are checked for a stall while others wait, in ms. */
const LOOK_MS = 10_000

/** What this file needs of a connection. */
export interface Claimant {
  /** Memory was released: claim again. */
  onMemory(): void
  /** Whether hardly any bytes of its frame have arrived since the last call. */
  hasStalled(): boolean
  /** Closes the connection, because others wait (REQUEST-MEMORY-3). */
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

  /** `bytesMax`: the limit; 0 or less means no limit. `smallBytes`: a frame of at most this size claims nothing. */
  constructor(bytesMax: number, timers: Timers, smallBytes: number = SMALL_FRAME_BYTES) {
    this.left = bytesMax > 0 ? bytesMax : Number.POSITIVE_INFINITY
    this.timers = timers
    this.smallBytes = smallBytes
  }

  /** Claims memory for a frame of `bytes`. Returns false if none is left; `onMemory` is called when there is some again. */
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

  /** Releases the claim for a frame of `bytes`. */
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

  /** Removes the claimant from the queue. */
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
