/**
 * How many bytes of a corrupt stream are returned before the corruption is reported.
 *
 * Kafka parses records while it decompresses them, and asks the codec for `size` bytes at a time (ChunkedBytesStream,
 * Compression.decompressionOutputSize). A read that hits the corruption returns nothing; the reads before it have returned
 * all their bytes. This determines the client's error: an invalid record that is found first (INVALID_RECORD), or the
 * corrupt stream (UNKNOWN_SERVER_ERROR). So the bytes of a read are held back until all of it is decompressed.
 *
 *   decompressed   |--------------------------*   corruption
 *   reads          |---------|---------|---------|
 *   returned       |---------|---------|
 *
 * STREAM-READS-1  `add` returns multiples of `size` since the last `end`; the rest is held back
 * STREAM-READS-2  the codec throws at the corruption: bytes that are held back then are never returned
 */
export class Reads {
  private readonly held: Uint8Array
  private readonly isAhead: boolean
  private length = 0

  /** `size` in bytes; `isAhead`: the codec decompresses ahead before it returns a full read (zstd). */
  constructor(size: number, isAhead = false) {
    this.held = new Uint8Array(size)
    this.isAhead = isAhead
  }

  /** Whether all decompressed bytes have been returned: the next read is empty so far. */
  get isBetween(): boolean {
    return this.length === 0
  }

  /** Adds decompressed bytes; returns the full reads. A returned piece is valid until the next one is requested. */
  *add(piece: Uint8Array): Generator<Uint8Array> {
    const size = this.held.length
    const before = this.length
    const total = before + piece.length
    const left = total === 0 ? 0 : this.isAhead ? ((total - 1) % size) + 1 : total % size
    const given = total - left
    if (given === 0) {
      this.held.set(piece, before)
      this.length = total
      return
    }
    // The held bytes may be a full read themselves.
    if (before > 0) yield this.held.subarray(0, before)
    if (given > before) yield piece.subarray(0, given - before)
    this.held.set(piece.subarray(given - before))
    this.length = left
  }

  /** Ends a read that is not full: returns what was held back. */
  *end(): Generator<Uint8Array> {
    const { length } = this
    this.length = 0
    if (length > 0) yield this.held.subarray(0, length)
  }
}

/**
 * A read that returns nothing, though the stream continues: a block of no bytes. Kafka treats it as the end if it needs no
 * more bytes, and reads on if it is skipping a record.
 */
export const EMPTY_READ = new Uint8Array(0)
