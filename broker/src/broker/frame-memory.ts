/**
 * Memory for frames, used again and again.
 *
 * A producer at full speed sends a hundred megabytes a second. Set aside anew for each request, that memory has to be
 * found, zeroed, and collected afterwards: a fifth of the broker's time went there. Kafka bounds it with a pool
 * (MemoryPool, KIP-72); this one is for speed, the bound is request-memory.ts.
 *
 *   4 KiB | 16 KiB | 64 KiB | 256 KiB | 1 MiB      a shelf for each size, with the buffers that were given back
 *
 * Most handlers keep a piece of their request: a member's metadata stays in its group. Only a request whose handler
 * says that it keeps nothing gives its memory back (Api.keepsNothing); all others leave theirs to the garbage collector.
 *
 * FRAME-MEMORY-1  a buffer is on a shelf once, or in use by one frame, never both
 * FRAME-MEMORY-2  all shelves together keep no more than `bytesMax`
 */
const SHELF_BYTES: readonly number[] = [4096, 16_384, 65_536, 262_144, 1_048_576]
const KEPT_BYTES_MAX = 4 * 1_048_576

export class FrameMemory {
  private readonly bytesMax: number
  private readonly shelves = new Map<number, ArrayBuffer[]>(SHELF_BYTES.map((bytes) => [bytes, []]))
  private kept = 0

  /** `bytesMax`: what is kept for later at most, in bytes. */
  constructor(bytesMax: number = KEPT_BYTES_MAX) {
    this.bytesMax = bytesMax
  }

  /** At least `lengthMin` bytes, with anything in them. */
  take(lengthMin: number): Uint8Array {
    const shelf = lengthMin < SHELF_BYTES[0]! ? undefined : SHELF_BYTES.find((bytes) => bytes >= lengthMin)
    if (shelf === undefined) return new Uint8Array(lengthMin)
    const buffer = this.shelves.get(shelf)!.pop()
    if (!buffer) return new Uint8Array(shelf)
    this.kept -= shelf
    return new Uint8Array(buffer)
  }

  /** What `take` gave is not used by anyone any more. */
  giveBack({ buffer }: Uint8Array): void {
    const shelf = this.shelves.get(buffer.byteLength)
    if (!shelf || this.kept + buffer.byteLength > this.bytesMax) return
    shelf.push(buffer as ArrayBuffer)
    this.kept += buffer.byteLength
  }
}
