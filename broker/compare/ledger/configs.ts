/**
 * Known differences in settings.
 */
import type { LedgerEntry } from './entry.ts'

export const CONFIGS: readonly LedgerEntry[] = []
