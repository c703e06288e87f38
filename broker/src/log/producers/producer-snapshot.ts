/**
 * Snapshots of the producers' state: `<offset>.snapshot`, the state before that offset.
 *
 * Without snapshots, a restart would have to read a whole log to detect duplicates. A snapshot is written when a segment
 * is rolled (named by the new segment's base offset) and at a clean shutdown (named by the log end offset).
 *
 *   int16 version 1 | uint32 CRC-32C of the rest | int32 count | entry*
 *
 * The entry's fields: messages/records/producer-snapshot.ts. (ProducerStateManager.writeSnapshot, KIP-98)
 */
import { ProducerSnapshot } from '../../messages/records/producer-snapshot.ts'
import { int16At, int32At, putInt16, putInt32 } from '../../wire/big-endian.ts'
import { crc32c } from '../../wire/crc32c.ts'
import { Reader } from '../../wire/reader.ts'
import type { InputOf } from '../../wire/schema.ts'
import { Writer } from '../../wire/writer.ts'

const VERSION = 1
const CRC_AT = 2
const ENTRIES_AT = 6

export type ProducerSnapshotEntry = ProducerSnapshot['producerEntries'][number]
export type NewSnapshotEntry = NonNullable<InputOf<typeof ProducerSnapshot>['producerEntries']>[number]

/** The bytes of a snapshot file. */
export function encodeProducerSnapshot(producerEntries: readonly NewSnapshotEntry[]): Uint8Array {
  const writer = new Writer(64 + producerEntries.length * 64)
  writer.int16(VERSION)
  ProducerSnapshot.encode(writer, VERSION, { crc: 0, producerEntries })
  const bytes = writer.toBytes()
  putInt16(bytes, 0, VERSION)
  putInt32(bytes, CRC_AT, crc32c(bytes, ENTRIES_AT))
  return bytes
}

/** The entries of a snapshot file; undefined if it is damaged or of another version. */
export function decodeProducerSnapshot(bytes: Uint8Array): ProducerSnapshotEntry[] | undefined {
  if (bytes.length < ENTRIES_AT + 4 || int16At(bytes, 0) !== VERSION) return undefined
  if (int32At(bytes, CRC_AT) >>> 0 !== crc32c(bytes, ENTRIES_AT)) return undefined
  const reader = new Reader(bytes, CRC_AT)
  return ProducerSnapshot.decode(reader, VERSION).producerEntries
}
