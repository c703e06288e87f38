/**
 * Buffers for slices of files on their way to a socket. All connections share them: a buffer that is reused at once is
 * still in the processor's cache.
 */
import type { Chunk, FileSlice } from '../../core.ts'

export const BUFFER_BYTES = 131_072
/** How many buffers are kept for reuse. */
const SPARE_MAX = 16

const spare: Buffer[] = []

/** A buffer of BUFFER_BYTES; its contents are undefined. */
export function takeBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
}

/** Releases a buffer that no one reads any more. */
export function releaseBuffer(buffer: Buffer): void {
  if (spare.length < SPARE_MAX) spare.push(buffer)
}

/** Copies the chunks into `buffer`, one behind the other; returns their bytes. Throws if a slice ends too early. */
export function layOut(chunks: readonly Chunk[], buffer: Buffer): number {
  let at = 0
  for (const chunk of chunks) {
    const room = buffer.subarray(at, at + chunk.length)
    if (chunk instanceof Uint8Array) room.set(chunk)
    else {
      const got = chunk.readInto(room, 0)
      if (got < room.length) throw endsTooEarly(chunk, got)
    }
    at += room.length
  }
  return at
}

export function endsTooEarly({ length }: FileSlice, at: number): Error {
  return new Error(`outbox: a slice of ${length} bytes ends at ${at}`)
}
