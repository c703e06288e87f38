/**
 * Exponential backoff with jitter: how long to wait before the next attempt.
 *
 * Nodes that have lost the same node at the same moment would otherwise all come back at the same moment, again and
 * again, and a node that is down would be called as often as one that is up.
 *
 *   attempts before    0       1        2        3   …
 *   wait               50 ms   100 ms   200 ms   400 ms … up to `maxMs`, each ± 20 %
 *
 * BACKOFF-1  a wait is at most `maxMs`, jitter included; without room to grow it is constant
 *
 * (org.apache.kafka.common.utils.ExponentialBackoff)
 */
import type { Randomness } from '../core.ts'

export interface Backoff {
  /** The wait after the first failure, in ms. */
  readonly initialMs: number
  readonly maxMs: number
}

/** Kafka's RECONNECT_BACKOFF_JITTER. */
const JITTER = 0.2
/** How finely the jitter is drawn. */
const STEPS = 1_000_000

/** The wait in ms after `attempts` earlier failures (0: the first one). */
export function backoffMs({ initialMs, maxMs }: Backoff, attempts: number, random: Randomness): number {
  if (maxMs <= initialMs) return maxMs
  const doublings = Math.min(attempts, Math.log2(maxMs / Math.max(initialMs, 1)))
  const factor = 1 - JITTER + 2 * JITTER * (random.int(STEPS) / STEPS)
  return Math.min(maxMs, Math.floor(factor * initialMs * 2 ** doublings))
}
