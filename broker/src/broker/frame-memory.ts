/**
 * A pool of buffers for frames.
 *
 * A producer at full speed sends a hundred megabytes a second. A new buffer for each request has to be allocated, zeroed
 * and garbage collected: this took a fifth of the broker's time. Kafka uses a pool to limit memory (MemoryPool, KIP-72);
 * this pool is for speed, and request-memory.ts sets the limit.
 *
 *   4 KiB | 16 KiB | 64 KiB | 256 KiB | 1 MiB      a shelf for each size holds the released buffers
 *
 * Most handlers keep a part of their request: a group, for example, keeps a member's metadata. Only a request whose
 * handler declares that it keeps nothing releases its buffer to the pool (Api.keepsNothing). All other buffers are left
 * to the garbage collector.
 *
 * FRAME-MEMORY-1  a buffer is either on a shelf, once, or in use by one frame, never both
 * FRAME-MEMORY-2  all shelves together keep at most `bytesMax`
 */
const SHELF_BYTES: readonly number[] = [4096, 16_384, 65_536, 262_144, 1_048_576]
const KEPT_BYTES_MAX = 4 * 1_048_576

export class FrameMemory {
  private readonly bytesMax: number
  private readonly shelves = new Map<number, ArrayBuffer[]>(SHELF_BYTES.map((bytes) => [bytes, []]))
  private kept = 0

  /** `bytesMax`: how many bytes of released buffers are kept at most. */
  constructor(bytesMax: number = KEPT_BYTES_MAX) {
    this.bytesMax = bytesMax
  }

  /** A buffer of at least `lengthMin` bytes; its contents are undefined. */
  take(lengthMin: number): Uint8Array {
    const shelf = lengthMin < SHELF_BYTES[0]! ? undefined : SHELF_BYTES.find((bytes) => bytes >= lengthMin)
    if (shelf === undefined) return new Uint8Array(lengthMin)
    const buffer = this.shelves.get(shelf)!.pop()
    if (!buffer) return new Uint8Array(shelf)
    this.kept -= shelf
    return new Uint8Array(buffer)
  }

  /** Releases a buffer from `take`. The caller must not use it any more. */
  release({ buffer }: Uint8Array): void {
    const shelf = this.shelves.get(buffer.byteLength)
    if (!shelf || this.kept + buffer.byteLength > this.bytesMax) return
    shelf.push(buffer as ArrayBuffer)
    this.kept += buffer.byteLength
  }
}
