/**
 * Reads: how much of a damaged stream comes out before the damage is met.
 *
 * Kafka walks over records while it opens them, and asks the codec for `size` bytes at a time (ChunkedBytesStream,
 * Compression.decompressionOutputSize). A read that meets damage gives nothing at all, those before it have given all of
 * their bytes. It decides what a client hears: is a damaged record met first (INVALID_RECORD), or the damaged stream
 * (UNKNOWN_SERVER_ERROR)? So the bytes of a read are held back until all of it has been opened.
 *
 *   opened    |--------------------------*   damage
 *   reads     |---------|---------|---------|
 *   given     |---------|---------|
 *
 * STREAM-READS-1  what is given out of `add` is a multiple of `size` since the last `end`; the rest is held back
 * STREAM-READS-2  the codec throws where it meets the damage: what was held back then is never given
 */
export class Reads {
  private readonly held: Uint8Array
  private readonly isAhead: boolean
  private length = 0

  /** `size` in bytes; `isAhead`: the codec opens what comes next before it hands out a read that is full (zstd). */
  constructor(size: number, isAhead = false) {
    this.held = new Uint8Array(size)
    this.isAhead = isAhead
  }

  /** Whether all that was opened has been given: the next read has nothing yet. */
  get isBetween(): boolean {
    return this.length === 0
  }

  /** More opened bytes; gives the reads that they fill. A piece that is given is good until the next one is asked for. */
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
    // What is held may itself be a full read.
    if (before > 0) yield this.held.subarray(0, before)
    if (given > before) yield piece.subarray(0, given - before)
    this.held.set(piece.subarray(given - before))
    this.length = left
  }

  /** A read ends here though it is not full: gives what was held back. */
  *end(): Generator<Uint8Array> {
    const { length } = this
    this.length = 0
    if (length > 0) yield this.held.subarray(0, length)
  }
}

/**
 * A piece that stands for a read which gives nothing, though the stream goes on: a block of no bytes. Kafka takes it for the
 * end where it needs no more, and within a record that it skips it reads on.
 */
export const EMPTY_READ = new Uint8Array(0)
