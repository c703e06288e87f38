/**
 * Known differences in the administration of topics.
 */
import type { LedgerEntry } from './entry.ts'

export const TOPICS: readonly LedgerEntry[] = []
