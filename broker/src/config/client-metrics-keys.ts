/**
 * Client metrics keys: which metrics clients shall push, and how often (KIP-714).
 *
 * Nobody takes the metrics here; subscriptions are kept, so that tools can write and read them.
 */
import { int, list } from './config-key.ts'

export const CLIENT_METRICS_KEYS = {
  'interval.ms': int(300_000),
  match: list(''),
  metrics: list(''),
} as const
