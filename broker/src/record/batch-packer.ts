/**
 * Putting a batch together from records that come one at a time, of which there may be millions.
 *
 *   add, add, add …     a record is encoded behind the last one; whenever there is a piece of them, the codec gets it
 *   finish              the header in front of what the codec made of them
 *
 * Two need it: who packs a batch anew for a topic's compression.type (recompress.ts), and compaction, when only some of the
 * records of a batch stay (clean-filter.ts). Batches that are made from scratch are small: batch-builder.ts.
 *
 * It holds the packed bytes and one piece. Its caller looks at `size`, and stops when that is more than it may keep.
 */
import type { Int64 } from '../wire/int64.ts'
import { varintSize, varlongSize } from '../wire/varint-size.ts'
import { Writer } from '../wire/writer.ts'
import { type BatchHeader, HEADER_SIZE, stampCrc, writeBatchHeader } from './batch.ts'
import type { Codec, Codecs, Packing } from './compression.ts'

/** The codec gets pieces of about so many bytes. */
const PIECE_BYTES = 65_536

export class BatchPacker {
  /** How many records were added. */
  count = 0
  private readonly packing: Packing
  private piece = new Writer(256)

  constructor(codec: Codec, codecs: Codecs, level?: number) {
    this.packing = codecs.pack(codec, level)
  }

  /** Bytes of the batch so far, without what the codec still keeps to itself. */
  get size(): number {
    return HEADER_SIZE + this.packing.size
  }

  /** Adds a record. `content`: its key, value and headers, encoded already (RecordCursor.content). */
  add(timestampDelta: Int64, offsetDelta: number, content: Uint8Array): void {
    const { piece } = this
    piece.varint(1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + content.length)
    piece.int8(0)
    piece.varlong(timestampDelta)
    piece.varint(offsetDelta)
    piece.raw(content)
    this.count++
    if (piece.length >= PIECE_BYTES) this.pass()
  }

  private pass(): void {
    if (this.piece.length > 0) this.packing.write(this.piece.toBytes())
    this.piece = new Writer(PIECE_BYTES)
  }

  /** The batch, its checksum in place. `header` says all that the records do not. */
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
