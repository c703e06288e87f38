/**
 * All known differences between our broker and Apache Kafka, by area. An area without a file has none.
 */
import { CLUSTER } from './cluster.ts'
import { CONFIGS } from './configs.ts'
import type { LedgerEntry } from './entry.ts'
import { RECORDS } from './records.ts'
import { TOOLS } from './tools.ts'

export const LEDGER: readonly LedgerEntry[] = [...CLUSTER, ...CONFIGS, ...RECORDS, ...TOOLS]
