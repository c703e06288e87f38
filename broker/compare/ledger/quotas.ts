/**
 * Known differences in quotas.
 */
import type { LedgerEntry } from './entry.ts'

export const QUOTAS: readonly LedgerEntry[] = []
