/**
 * One of zlib's engines, fed by hand: bytes in, what they open to out, within the call.
 *
 * Node's own interface knows all at once (`gunzipSync`) or a stream that answers in later events, and the core waits for
 * nothing. minizlib, which npm itself unpacks with, drives Node's engines synchronously.
 */
import { Gzip, InflateRaw, ZstdCompress, ZstdDecompress } from 'minizlib'

type Engine = InflateRaw | ZstdDecompress | Gzip | ZstdCompress

/** Bytes that come out of an engine at a time. minizlib hands it on to Node, though its types don't say so. */
const ROOM: object = { chunkSize: 65_536 }

export class ZlibEngine {
  private readonly engine: Engine
  private pieces: Uint8Array[] = []
  private error: unknown

  private constructor(engine: Engine) {
    this.engine = engine
    engine.on('data', (piece) => {
      if (piece.length > 0) this.pieces.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.length))
    })
    engine.on('error', (error) => {
      this.error = error
    })
  }

  static inflateRaw(): ZlibEngine {
    return new ZlibEngine(new InflateRaw({ ...ROOM }))
  }

  /** Throws where Node has no zstd (before 22.15). */
  static zstdDecompress(): ZlibEngine {
    return new ZlibEngine(new ZstdDecompress({ ...ROOM }))
  }

  /** `options` are those of Node's zlib. */
  static gzip(options: object): ZlibEngine {
    return new ZlibEngine(new Gzip({ ...options, ...ROOM }))
  }

  static zstdCompress(options: object): ZlibEngine {
    return new ZlibEngine(new ZstdCompress({ ...options, ...ROOM }))
  }

  /** Throws what the engine finds; it can't be used any more then. */
  write(bytes: Uint8Array): readonly Uint8Array[] {
    this.pieces = []
    this.engine.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    if (this.error) throw this.error
    return this.pieces
  }

  /** How many bytes of the last `write` were used: fewer than all where the stream has ended. */
  get used(): number {
    return this.engine.handle?.bytesWritten ?? 0
  }

  /** What still comes out when nothing more goes in. */
  end(): readonly Uint8Array[] {
    this.pieces = []
    this.engine.end()
    if (this.error) throw this.error
    return this.pieces
  }

  /** Begins anew. */
  reset(): void {
    this.engine.reset()
  }

  /** Gives the memory back, at once. */
  close(): void {
    this.engine.close()
  }
}
