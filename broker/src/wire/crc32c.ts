/**
 * CRC-32C (Castagnoli): the checksum of a record batch since magic 2.
 *
 * Kafka chose this polynomial because processors compute it in hardware (SSE 4.2). JavaScript can't use that instruction,
 * so tables let the loop handle eight bytes per iteration ("slicing by eight"): table k gives the effect of a byte on the
 * checksum when k more bytes follow it. All tables are in one array, and the eight bytes are read as two numbers, which
 * avoids most bounds checks.
 *
 * The host may pass in a native implementation (node/machine-crc32c.ts): every produced byte is checksummed, and with
 * tables this takes a quarter of a broker's time.
 *
 * CRC32C-1  crc32c of "123456789" is 0xe3069283
 */
const POLYNOMIAL = 0x82f63b78
/** Table k begins at 256 * k. */
const T = makeTables()

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let n = 0; n < 256; n++) {
    let crc = n
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    tables[n] = crc
  }
  for (let n = 256; n < tables.length; n++) {
    const before = tables[n - 256]!
    tables[n] = (before >>> 8) ^ tables[before & 0xff]!
  }
  return tables
}

/** The CRC-32C of all of `bytes`, as an unsigned 32-bit number. */
export type Checksum = (bytes: Uint8Array) => number

/** Below this size, tables are faster than a call into native code. */
const WORTH_A_CALL_BYTES = 512
let machineCode: Checksum | undefined

/** From now on long inputs use `checksum`; undefined: tables again. */
export function useMachineCode(checksum: Checksum | undefined): void {
  machineCode = checksum
}

/** The CRC-32C of `bytes[start..end)`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (machineCode && end - start >= WORTH_A_CALL_BYTES) return machineCode(bytes.subarray(start, end))
  return crc32cByTables(bytes, start, end)
}

/** As crc32c, in plain TypeScript. */
export function crc32cByTables(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let crc = -1
  let i = start
  for (; i + 8 <= end; i += 8) {
    const low = crc ^ view.getInt32(i, true)
    const high = view.getInt32(i + 4, true)
    crc =
      T[1792 + (low & 0xff)]! ^
      T[1536 + ((low >>> 8) & 0xff)]! ^
      T[1280 + ((low >>> 16) & 0xff)]! ^
      T[1024 + (low >>> 24)]! ^
      T[768 + (high & 0xff)]! ^
      T[512 + ((high >>> 8) & 0xff)]! ^
      T[256 + ((high >>> 16) & 0xff)]! ^
      T[high >>> 24]!
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ T[(crc ^ bytes[i]!) & 0xff]!
  return ~crc >>> 0
}
