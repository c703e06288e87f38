/**
 * Which partition of an internal topic a group or a transactional id belongs to, and so who coordinates it.
 *
 *   partition = abs(hash) % partitions,  hash as Java's String.hashCode: h = 31 * h + unit, in 32 bits
 *
 * Every broker and every tool must compute the same. `abs` is Kafka's own (Utils.abs): of the one number that has no
 * positive twin, -2^31, it makes 0. Unlike the producer's partitioner it does not just clear the sign bit.
 */

/** The partition of `id` among `count`. */
export function partitionFor(id: string, count: number): number {
  let hash = 0
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) | 0
  const positive = hash === -0x8000_0000 ? 0 : Math.abs(hash)
  return positive % count
}
