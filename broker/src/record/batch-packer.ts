/**
 * Builds a batch from records that come one at a time; there may be millions.
 *
 *   add, add, add …     encodes a record behind the last one; each full piece is passed to the codec
 *   finish              writes the header before the codec's output
 *
 * It has two users: recompression for a topic's compression.type (recompress.ts), and compaction, if only some records
 * of a batch are kept (clean-filter.ts). New batches are small, and use batch-builder.ts.
 *
 * It holds the compressed bytes and one piece. The caller checks `size`, and stops if it exceeds the limit.
 */
import type { Steps } from '../turns.ts'
import type { Int64 } from '../wire/int64.ts'
import { varintSize, varlongSize } from '../wire/varint-size.ts'
import { Writer } from '../wire/writer.ts'
import { type BatchHeader, HEADER_SIZE, stampCrc, writeBatchHeader } from './batch.ts'
import type { Codec, Codecs, Packing } from './compression.ts'

/** A record with more bytes is large: add it with `addLarge`. */
export const RECORD_BYTES_SMALL = 65_536

/** Approximate size of a piece, in bytes. */
const PIECE_BYTES = 65_536

export class BatchPacker {
  /** How many records were added. */
  count = 0
  private readonly packing: Packing
  private piece = new Writer(256)

  constructor(codec: Codec, codecs: Codecs, level?: number) {
    this.packing = codecs.pack(codec, level)
  }

  /** Bytes of the batch so far, without those that the codec still buffers. */
  get size(): number {
    return HEADER_SIZE + this.packing.size
  }

  /** Adds a record. `content`: its encoded key, value and headers (RecordCursor.content). */
  add(timestampDelta: Int64, offsetDelta: number, content: Uint8Array): void {
    this.begin(timestampDelta, offsetDelta, content.length)
    this.piece.raw(content)
    if (this.piece.length >= PIECE_BYTES) this.pass()
  }

  /**
   * The same for a large record. It is passed to the codec as it is, piece by piece: a copy would take as much
   * memory again, and compressing it at once as long as a thousand others.
   */
  *addLarge(timestampDelta: Int64, offsetDelta: number, content: Uint8Array): Steps<void> {
    this.begin(timestampDelta, offsetDelta, content.length)
    this.pass()
    for (let at = 0; at < content.length; at += PIECE_BYTES) {
      this.packing.write(content.subarray(at, at + PIECE_BYTES))
      yield
    }
  }

  private begin(timestampDelta: Int64, offsetDelta: number, contentBytes: number): void {
    const { piece } = this
    piece.varint(1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + contentBytes)
    piece.int8(0)
    piece.varlong(timestampDelta)
    piece.varint(offsetDelta)
    this.count++
  }

  private pass(): void {
    if (this.piece.length > 0) this.packing.write(this.piece.toBytes())
    this.piece = new Writer(PIECE_BYTES)
  }

  /** The batch with its checksum. `header` has all fields that do not follow from the records. */
  finish(header: Omit<BatchHeader, 'crc' | 'lastOffset' | 'size' | 'recordCount'>): Uint8Array {
    this.pass()
    const area = this.packing.finish()
    const batch = new Uint8Array(HEADER_SIZE + area.length)
    batch.set(area, HEADER_SIZE)
    writeBatchHeader(batch, 0, { ...header, size: batch.length, recordCount: this.count })
    stampCrc(batch, 0)
    return batch
  }
}
