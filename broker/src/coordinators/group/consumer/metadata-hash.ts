/**
 * A 64-bit hash of the topics that a KIP-848 group subscribes to: when it changes, the group epoch is bumped (KIP-1101).
 *
 * Kafka before 4.1 stored the partitions and racks of all these topics in a record of the group. The hash replaces that
 * record. A broker that becomes the coordinator of the group, Apache Kafka included, computes the same hash and so
 * detects whether the topics have changed:
 *
 *   topic   XXH3 of: a version byte (0), topic id, name, number of partitions, and for each partition its number and the
 *           racks of its replicas, sorted
 *   group   XXH3 of the hashes of its topics, sorted by name; 0 if there are none
 *
 * A text is hashed as its UTF-16 units, then their number; all numbers are little-endian.
 *
 * (org.apache.kafka.coordinator.group.Utils: computeTopicHash, computeGroupHash)
 */
import { type Int64, int64Of } from '../../../wire/int64.ts'
import { uuidFromString } from '../../../wire/uuid.ts'
import { xxh3 } from '../../../wire/xxh3.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'

const HASH_VERSION = 0
export const NO_TOPICS: Int64 = 0

/** The hash of the topics with these names. Names without a topic are skipped. */
export function metadataHashOf(host: CoordinatorHost, names: Iterable<string>): Int64 {
  const found = new Set<string>()
  for (const name of names) if (host.topicId(name) !== undefined) found.add(name)
  const existing = [...found].sort()
  if (existing.length === 0) return NO_TOPICS
  const hashes = new DataView(new ArrayBuffer(8 * existing.length))
  for (const [at, name] of existing.entries()) hashes.setBigInt64(8 * at, topicHashOf(host, name), true)
  return int64Of(xxh3(new Uint8Array(hashes.buffer)))
}

function topicHashOf(host: CoordinatorHost, name: string): bigint {
  const count = host.partitionCount(name) ?? 0
  const racks = host.partitionRacks?.(name) ?? []
  const ofPartitions = Array.from({ length: count }, (_, partition) => {
    return [int32(partition), ...[...(racks[partition] ?? [])].sort().flatMap(rackBytes)]
  })
  // The two halves of an id are 64-bit numbers: reversed, they are little-endian.
  const [upper, lower] = [uuidFromString(host.topicId(name)!), uuidFromString(host.topicId(name)!)]
  const id = [...upper.subarray(0, 8).reverse(), ...lower.subarray(8).reverse()]
  return xxh3(joined([[HASH_VERSION], id, text(name), int32(count), ...ofPartitions.flat()]))
}

function rackBytes(rack: string): number[][] {
  return [int32(rack.length), text(rack)]
}

function int32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff]
}

function text(value: string): number[] {
  const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at))
  return [...units.flatMap((unit) => [unit & 0xff, unit >> 8]), ...int32(value.length)]
}

function joined(parts: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flat())
}
