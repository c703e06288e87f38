/**
 * A synchronous zlib engine: takes bytes, and returns their output within the call.
 *
 * Node offers one call for a complete input (`gunzipSync`), or a stream that answers in later events; the core is
 * synchronous and can't wait. minizlib, which npm itself uses to unpack packages, drives Node's engines synchronously.
 */
import { Gzip, InflateRaw, ZstdCompress, ZstdDecompress } from 'minizlib'

type Engine = InflateRaw | ZstdDecompress | Gzip | ZstdCompress

/** How many bytes an engine returns at a time. minizlib passes the option to Node, but its types do not declare it. */
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

  /** Throws if this Node has no zstd (before 22.15). */
  static zstdDecompress(): ZlibEngine {
    return new ZlibEngine(new ZstdDecompress({ ...ROOM }))
  }

  /** `options`: those of Node's zlib. */
  static gzip(options: object): ZlibEngine {
    return new ZlibEngine(new Gzip({ ...options, ...ROOM }))
  }

  static zstdCompress(options: object): ZlibEngine {
    return new ZlibEngine(new ZstdCompress({ ...options, ...ROOM }))
  }

  /** Throws the engine's error; the engine must not be used after that. */
  write(bytes: Uint8Array): readonly Uint8Array[] {
    this.pieces = []
    this.engine.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    if (this.error) throw this.error
    return this.pieces
  }

  /** How many bytes the last `write` used: fewer than all if the stream has ended. */
  get used(): number {
    return this.engine.handle?.bytesWritten ?? 0
  }

  /** Ends the input; returns the remaining output. */
  end(): readonly Uint8Array[] {
    this.pieces = []
    this.engine.end()
    if (this.error) throw this.error
    return this.pieces
  }

  /** Starts a new stream. */
  reset(): void {
    this.engine.reset()
  }

  /** Releases the memory at once. */
  close(): void {
    this.engine.close()
  }
}
