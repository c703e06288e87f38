/**
 * Known differences in what Kafka's own tools and clients show.
 */
import type { LedgerEntry } from './entry.ts'

export const TOOLS: readonly LedgerEntry[] = []
