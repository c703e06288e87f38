/**
 * Known differences in groups and their offsets.
 */
import type { LedgerEntry } from './entry.ts'

export const GROUPS: readonly LedgerEntry[] = []
