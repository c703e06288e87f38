/**
 * The records of a response, batch by batch, in a readable and comparable form.
 *
 * The checksum itself is not shown, because it covers times that the broker sets; whether it is valid is shown instead.
 * Nor is the size of compressed bytes.
 */
import { NODE_CODECS } from '../src/node/compression/codecs.ts'
import { batchPositions, batchSizeAt, codecOf, computeCrc, readBatchHeader } from '../src/record/batch.ts'
import { readRecords } from '../src/record/record.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** All batches in `bytes`, and the size of an incomplete one at the end. */
export function shownBatches(bytes: Uint8Array): unknown[] {
  const positions = [...batchPositions(bytes)]
  const shown: unknown[] = positions.map((at) => shownBatch(bytes, at))
  const last = positions.at(-1)
  const end = last === undefined ? 0 : last + batchSizeAt(bytes, last)
  return end === bytes.length ? shown : [...shown, { cutOffBytes: bytes.length - end }]
}

function shownBatch(bytes: Uint8Array, at: number): object {
  const header = readBatchHeader(bytes, at)
  const { crc, size, ...numbers } = header
  const compressed = codecOf(header) !== 0
  const crcHolds = crc === computeCrc(bytes, at)
  return { ...numbers, ...(compressed ? {} : { size }), crcHolds, contents: contents(bytes, at) }
}

function contents(bytes: Uint8Array, at: number): unknown {
  try {
    return readRecords(bytes, at, NODE_CODECS).map(({ key, value, headers, ...rest }) => ({
      ...rest,
      key: shownBytes(key),
      value: shownBytes(value),
      headers: headers.map((each) => [each.key, shownBytes(each.value)]),
    }))
  } catch {
    return 'no records that could be read'
  }
}

/** Text as text, other bytes in hexadecimal; long values by their length. */
function shownBytes(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null
  if (bytes.length > 200) return `${bytes.length} bytes`
  try {
    const text = utf8.decode(bytes)
    if (!/\p{Cc}/u.test(text)) return text
  } catch {}
  return Buffer.from(bytes).toString('hex')
}
