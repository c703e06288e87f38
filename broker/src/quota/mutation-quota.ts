/**
 * controller_mutation_rate: how many partitions a client may create and delete per second (KIP-599).
 *
 *   strict       since CreateTopics v6, DeleteTopics v5, CreatePartitions v3: an item of a request is refused with
 *                THROTTLING_QUOTA_EXCEEDED while the bucket is overdrawn, and the client retries later
 *   permissive   older versions do not know that error: the item is accepted, and the response has a throttle time
 *
 * An item is accepted as a whole, however many partitions it has; if it overdraws the bucket, later items wait for it.
 * (Kafka: StrictControllerMutationQuota, PermissiveControllerMutationQuota)
 */
import type { Clock } from '../core.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The quota of one request. */
export interface MutationQuota {
  /** Charges the number of partitions to create or delete; throws KafkaError if the quota is exceeded. */
  charge(partitions: number): void
  /** The throttle time after the charges so far (ms). */
  throttleMs(): number
}

export const UNLIMITED: MutationQuota = { charge: () => {}, throttleMs: () => 0 }

/** The quota of a client with a limit of `limit` partitions per second. */
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
