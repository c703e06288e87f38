/**
 * Known differences in records in and out.
 */
import type { LedgerEntry } from './entry.ts'

export const RECORDS: readonly LedgerEntry[] = []
