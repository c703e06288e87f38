/**
 * A second, simple implementation of Kafka's rules for the records of a batch. Tests compare it with the broker's fast
 * implementation (record/record-cursor.ts).
 */

/** INVALID_RECORD for invalid records, UNKNOWN_SERVER_ERROR where Kafka fails unexpectedly. */
export type Verdict = 'NONE' | 'INVALID_RECORD' | 'UNKNOWN_SERVER_ERROR'

class Failure extends Error {
  readonly verdict: Verdict
  constructor(verdict: Verdict) {
    super(verdict)
    this.verdict = verdict
  }
}

class Bytes {
  private readonly bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  get left(): number {
    return this.bytes.length - this.at
  }
  byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new Failure('INVALID_RECORD')
    return byte
  }
  skip(length: number): void {
    if (length <= 0) return
    if (length > this.left) throw new Failure('INVALID_RECORD')
    this.at += length
  }
  /** ByteUtils.readVarint, readVarlong. */
  number(bits: 32 | 64, tooLong: Verdict = 'INVALID_RECORD'): bigint {
    let raw = 0n
    for (let i = 0; i < (bits === 32 ? 5 : 10); i++) {
      const byte = this.byte()
      raw |= BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte >= 0x80) continue
      raw = BigInt.asUintN(bits, raw)
      return BigInt.asIntN(bits, (raw >> 1n) ^ -(raw & 1n))
    }
    throw new Failure(tooLong)
  }
  int(tooLong?: Verdict): number {
    return Number(this.number(32, tooLong))
  }
}

/** Index of a record in its batch, and its error. */
export interface Seen {
  readonly timestampDelta: bigint
  readonly offsetDelta: number
  readonly hasKey: boolean
}

/**
 * The result for `count` records in the decompressed `bytes`, and the valid records. `isSkipped`: they are compressed, and
 * are stored unchanged.
 */
export function judge(
  bytes: Uint8Array,
  count: number,
  isSkipped: boolean,
  isCompressed: boolean,
): { verdict: Verdict; seen: Seen[] } {
  const from = new Bytes(bytes)
  const seen: Seen[] = []
  try {
    for (let i = 0; i < count; i++) seen.push(readRecord(from, isSkipped, isCompressed))
    if (from.left > 0) return { verdict: 'INVALID_RECORD', seen }
    const isInOrder = seen.every(({ offsetDelta }, i) => offsetDelta === i)
    return { verdict: isSkipped && !isInOrder ? 'UNKNOWN_SERVER_ERROR' : 'NONE', seen }
  } catch (error) {
    if (error instanceof Failure) return { verdict: error.verdict, seen }
    throw error
  }
}

/** DefaultRecord.readFrom; readPartiallyFrom when `isSkipped`. */
function readRecord(from: Bytes, isSkipped: boolean, isCompressed: boolean): Seen {
  const length = from.int(isCompressed ? 'INVALID_RECORD' : 'UNKNOWN_SERVER_ERROR')
  if (!isSkipped && isCompressed && length > 2 ** 30) throw new Failure('UNKNOWN_SERVER_ERROR')
  if (!isSkipped && (length < 0 || length > from.left)) throw new Failure('INVALID_RECORD')
  const begin = from.at
  from.byte()
  const timestampDelta = from.number(64)
  const offsetDelta = from.int()
  const keyLength = from.int()
  from.skip(keyLength)
  from.skip(from.int())
  const headers = from.int()
  if (headers < 0) throw new Failure('INVALID_RECORD')
  for (let i = 0; i < headers; i++) {
    const header = from.int()
    if (header < 0) throw new Failure('INVALID_RECORD')
    from.skip(header)
    from.skip(from.int())
  }
  if (!isSkipped && from.at !== begin + length) throw new Failure('INVALID_RECORD')
  return { timestampDelta, offsetDelta, hasKey: keyLength >= 0 }
}
