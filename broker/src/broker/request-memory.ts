/**
 * How many bytes of requests the broker holds at a time, whoever sent them (queued.max.request.bytes, KIP-72).
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
 * M1  what was claimed is given back once, whether the request was handled or the connection has ended
 * M2  who waits is asked again in the order of coming, in an event of its own
 */
import type { Timers } from '../core.ts'

export class RequestMemory {
  private readonly timers: Timers
  private left: number
  private readonly waiting = new Set<() => void>()
  private isWaking = false

  /** `bytesMax`: the limit; 0 or less: none. */
  constructor(bytesMax: number, timers: Timers) {
    this.left = bytesMax > 0 ? bytesMax : Number.POSITIVE_INFINITY
    this.timers = timers
  }

  /** Claims bytes; false when there are none left: then `again` is called when there are. */
  claim(bytes: number, again: () => void): boolean {
    if (this.left <= 0) {
      this.waiting.add(again)
      return false
    }
    this.left -= bytes
    return true
  }

  /** Gives back what was claimed. */
  release(bytes: number): void {
    this.left += bytes
    if (this.left <= 0 || this.waiting.size === 0 || this.isWaking) return
    this.isWaking = true
    const wake = (): void => {
      this.isWaking = false
      this.wake()
    }
    if (this.timers.soon) this.timers.soon(wake)
    else this.timers.set(0, wake)
  }

  /** `again` is not called any more. */
  forget(again: () => void): void {
    this.waiting.delete(again)
  }

  private wake(): void {
    for (const again of [...this.waiting]) {
      if (this.left <= 0) return
      this.waiting.delete(again)
      again()
    }
  }
}
