/**
 * How many partitions a client may make and remove a second: controller_mutation_rate (KIP-599).
 *
 *   strict       since CreateTopics v6, DeleteTopics v5, CreatePartitions v3: a wish that comes while the bucket is
 *                overdrawn is refused with THROTTLING_QUOTA_EXCEEDED, and the client tries again later
 *   permissive   before: clients do not know that error, so it is done, and answered with the time to wait
 *
 * A wish that may be is granted whole, however many partitions it makes: what it overdraws the next one waits for.
 * (Kafka: StrictControllerMutationQuota, PermissiveControllerMutationQuota)
 */
import type { Clock } from '../core.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The quota of one request. */
export interface MutationQuota {
  /** A wish that makes or removes so many partitions; throws KafkaError when it may not be now. */
  charge(partitions: number): void
  /** How long the client is to wait, as far as the wishes so far say. Milliseconds. */
  throttleMs(): number
}

export const UNLIMITED: MutationQuota = { charge: () => {}, throttleMs: () => 0 }

/** The quota of a client that may have `limit` partitions a second. */
export function mutationQuota(
  bucket: TokenBucket,
  limit: number,
  { clock, isStrict }: { clock: Clock; isStrict: boolean },
): MutationQuota {
  let untilMs = 0
  const overdrawn = (nowMs: number): boolean => {
    const throttleMs = bucket.throttleMs(limit, nowMs)
    if (throttleMs > 0) untilMs = nowMs + throttleMs
    return throttleMs > 0
  }
  return {
    charge: (partitions) => {
      const nowMs = clock.monotonicMs()
      if (isStrict && overdrawn(nowMs)) throw new KafkaError(ErrorCode.THROTTLING_QUOTA_EXCEEDED)
      bucket.take(partitions, limit, nowMs)
      if (!isStrict) overdrawn(nowMs)
    },
    throttleMs: () => Math.max(0, Math.round(untilMs - clock.monotonicMs())),
  }
}
