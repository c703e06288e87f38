/**
 * Records the events of a run in order, and computes a fingerprint of all of them.
 *
 *   +0       node 1  leader topic=orders partition=0
 *   +3       > 1     Produce, 80 bytes
 *
 * Two runs with the same fingerprint are the same: every byte on the network, every event of the core, every file.
 * The fingerprint is FNV-1a (Fowler, Noll, Vo), twice with 32 bits and two starting values.
 */
import type { TraceEvent } from '../core.ts'

const PRIME = 0x01000193

/** A running hash over bytes and text. */
export class Fingerprint {
  private high = 0x811c9dc5
  private low = 0x01234567

  add(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
    for (const byte of bytes) {
      this.high = Math.imul(this.high ^ byte, PRIME)
      this.low = Math.imul(this.low ^ byte ^ (this.high >>> 24), PRIME)
    }
    // The length distinguishes 'ab','c' from 'a','bc'.
    this.high = Math.imul(this.high ^ bytes.length, PRIME)
    this.low = Math.imul(this.low ^ bytes.length, PRIME)
  }

  toString(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }
}

export class Recorder {
  readonly events: { readonly at: number; readonly event: TraceEvent }[] = []
  private readonly fingerprint = new Fingerprint()
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  /** A trace event of the core. */
  event(event: TraceEvent): void {
    this.events.push({ at: this.now(), event })
    this.fingerprint.add(`${this.now()} ${JSON.stringify(event)}`)
  }

  /** Bytes on the network, as they arrive. */
  bytes(connection: number, way: '>' | '<', bytes: Uint8Array): void {
    this.fingerprint.add(`${this.now()} ${way}${connection}`)
    this.fingerprint.add(bytes)
  }

  /** The fingerprint of everything recorded, and of `files`. */
  sum(files: readonly { path: string; bytes: Uint8Array }[]): string {
    const whole = new Fingerprint()
    whole.add(this.fingerprint.toString())
    for (const { path, bytes } of files) {
      whole.add(path)
      whole.add(bytes)
    }
    return whole.toString()
  }
}
