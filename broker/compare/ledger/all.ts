/**
 * Every known difference between our broker and Apache Kafka, area by area.
 */
import { CLUSTER } from './cluster.ts'
import { CONFIGS } from './configs.ts'
import type { LedgerEntry } from './entry.ts'
import { GROUPS } from './groups.ts'
import { QUOTAS } from './quotas.ts'
import { RECORDS } from './records.ts'
import { TOOLS } from './tools.ts'
import { TOPICS } from './topics.ts'
import { TRANSACTIONS } from './transactions.ts'

export const LEDGER: readonly LedgerEntry[] = [
  ...CLUSTER,
  ...TOPICS,
  ...CONFIGS,
  ...RECORDS,
  ...GROUPS,
  ...TRANSACTIONS,
  ...QUOTAS,
  ...TOOLS,
]
