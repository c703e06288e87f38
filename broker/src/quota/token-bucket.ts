/**
 * A bucket of tokens that refills at a constant rate: a burst is accepted, and later requests wait for it (KIP-599).
 *
 *   limit 5 per second, 11 samples of 1 s: the bucket holds 55
 *   a topic with 60 partitions   55 - 60 = -5   the next request waits one second, until the balance is 0 again
 *
 * With samples (sampled-rate.ts) one large request would count for eleven seconds; a bucket recovers as fast as it refills.
 * (Kafka: TokenBucket)
 */
export class TokenBucket {
  private readonly burstSeconds: number
  private tokens = 0
  /** Undefined until the first use: the bucket is full then. */
  private filledMs: number | undefined

  /** The bucket holds the tokens of `burstSeconds`. */
  constructor(burstSeconds: number) {
    this.burstSeconds = burstSeconds
  }

  /** The tokens at `nowMs`, with `limit` added per second; negative after a burst. */
  left(limit: number, nowMs: number): number {
    const capacity = this.burstSeconds * limit
    const filled = this.filledMs === undefined ? capacity : (limit * (nowMs - this.filledMs)) / 1000
    this.tokens = Math.min(capacity, this.tokens + filled)
    this.filledMs = nowMs
    return this.tokens
  }

  /** Takes tokens, even if the balance becomes negative. */
  take(tokens: number, limit: number, nowMs: number): void {
    this.tokens = this.left(limit, nowMs) - tokens
  }

  /** The time until the balance is not negative, in whole milliseconds; 0 if it is not. */
  throttleMs(limit: number, nowMs: number): number {
    const left = this.left(limit, nowMs)
    return left < 0 ? Math.round((-left / limit) * 1000) : 0
  }
}
