/**
 * Known differences in transactions and idempotent producers.
 */
import type { LedgerEntry } from './entry.ts'

export const TRANSACTIONS: readonly LedgerEntry[] = []
