/**
 * A bucket of permits that refills at a steady rate: bursts pass, and are paid for afterwards (KIP-599).
 *
 *   limit 5 a second, 11 samples of 1 s: the bucket holds 55
 *   a topic of 60 partitions   55 - 60 = -5   the next one waits a second, until there are none missing
 *
 * Samples (sampled-rate.ts) would hold one big request against its client for eleven seconds; a bucket forgets it as
 * fast as it refills. (Kafka: TokenBucket)
 */
export class TokenBucket {
  private readonly burstSeconds: number
  private tokens = 0
  /** Undefined until it is asked for the first time: it is full then. */
  private filledMs: number | undefined

  /** Holds what comes in within `burstSeconds`. */
  constructor(burstSeconds: number) {
    this.burstSeconds = burstSeconds
  }

  /** Permits that are left at `nowMs`, with `limit` coming in each second; below zero when too many were taken. */
  left(limit: number, nowMs: number): number {
    const capacity = this.burstSeconds * limit
    const filled = this.filledMs === undefined ? capacity : (limit * (nowMs - this.filledMs)) / 1000
    this.tokens = Math.min(capacity, this.tokens + filled)
    this.filledMs = nowMs
    return this.tokens
  }

  /** Takes permits, whether they are there or not. */
  take(permits: number, limit: number, nowMs: number): void {
    this.tokens = this.left(limit, nowMs) - permits
  }

  /** How long until none is missing; 0 when none is. Whole milliseconds. */
  throttleMs(limit: number, nowMs: number): number {
    const left = this.left(limit, nowMs)
    return left < 0 ? Math.round((-left / limit) * 1000) : 0
  }
}
