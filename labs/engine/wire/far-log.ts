/**
 * A log that begins far beyond 2^32: what a partition looks like after years. It stands in for the broker's own
 * log (`startBroker({ parts: { log } })`): writing that many records would take too long.
 */
import type { LogPart } from 'offset-zero-broker/src/log/log-part.ts'

export class FarLog implements LogPart {
  readonly startOffset: number
  readonly #batches: { readonly base: number; readonly count: number; readonly bytes: Uint8Array }[] = []
  #end: number

  constructor(startOffset: number) {
    this.startOffset = startOffset
    this.#end = startOffset
  }

  get endOffset(): number {
    return this.#end
  }

  append(batch: Uint8Array, count: number): number {
    const base = this.#end
    const bytes = Uint8Array.from(batch)
    new DataView(bytes.buffer).setBigInt64(0, BigInt(base))
    this.#batches.push({ base, count, bytes })
    this.#end += count
    return base
  }

  read(offset: number, maxBytes: number): Uint8Array[] {
    if (offset < this.startOffset || offset > this.#end) throw new RangeError(`no offset ${offset} here`)
    let room = maxBytes
    const fitting: Uint8Array[] = []
    for (const { base, count, bytes } of this.#batches) {
      if (base + count <= offset) continue
      room -= bytes.length
      if (room < 0 && fitting.length > 0) break
      fitting.push(bytes.slice())
    }
    return fitting
  }
}
