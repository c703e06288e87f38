/**
 * What the topics of a KIP-848 group look like, in 64 bits: when the hash changes, the group's epoch rises (KIP-1101).
 *
 * Before, a group kept the partitions and racks of all its topics in a record. Now it keeps this, and a broker that
 * takes the group over, be it Apache Kafka, sees whether anything has changed meanwhile, for it comes to the same hash:
 *
 *   topic   XXH3 of: 0 as a byte (how it is made), topic id, name, number of partitions, and of each partition its
 *           number and the racks of its replicas, in order
 *   group   XXH3 of the hashes of its topics, in the order of their names; 0 when there is none
 *
 * A text is its UTF-16 units, then their number; all numbers little-endian.
 *
 * (org.apache.kafka.coordinator.group.Utils)
 */
import { type Int64, int64Of } from '../../../wire/int64.ts'
import { uuidFromString } from '../../../wire/uuid.ts'
import { xxh3 } from '../../../wire/xxh3.ts'
import type { CoordinatorHost } from '../../coordinator-host.ts'

const MADE_BY = 0
export const NO_TOPICS: Int64 = 0

/** The hash of the topics of these names; those that do not exist do not count. */
export function metadataHashOf(host: CoordinatorHost, names: Iterable<string>): Int64 {
  const found = new Set<string>()
  for (const name of names) if (host.topicId(name) !== undefined) found.add(name)
  const there = [...found].sort()
  if (there.length === 0) return NO_TOPICS
  const hashes = new DataView(new ArrayBuffer(8 * there.length))
  for (const [at, name] of there.entries()) hashes.setBigInt64(8 * at, topicHashOf(host, name), true)
  return int64Of(xxh3(new Uint8Array(hashes.buffer)))
}

function topicHashOf(host: CoordinatorHost, name: string): bigint {
  const count = host.partitionCount(name) ?? 0
  const racks = host.partitionRacks?.(name) ?? []
  const ofPartitions = Array.from({ length: count }, (_, partition) => {
    return [int32(partition), ...[...(racks[partition] ?? [])].sort().flatMap(rackBytes)]
  })
  // An id's two halves are numbers, too: each is turned round.
  const [upper, lower] = [uuidFromString(host.topicId(name)!), uuidFromString(host.topicId(name)!)]
  const id = [...upper.subarray(0, 8).reverse(), ...lower.subarray(8).reverse()]
  return xxh3(joined([[MADE_BY], id, text(name), int32(count), ...ofPartitions.flat()]))
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
