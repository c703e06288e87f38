/**
 * Which partition of an internal topic a group or a transactional id belongs to. Its leader is the coordinator.
 *
 *   partition = abs(hash) % partitions,  hash as Java's String.hashCode: h = 31 * h + unit, in 32 bits
 *
 * Every broker and every tool must compute the same partition. `abs` is Utils.abs of Kafka: it returns 0 for -2^31,
 * which has no positive counterpart. (The producer's partitioner clears the sign bit instead.)
 */

/** The partition of `id` among `count`. */
export function partitionFor(id: string, count: number): number {
  let hash = 0
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0
  const positive = hash === -0x8000_0000 ? 0 : Math.abs(hash)
  return positive % count
}
