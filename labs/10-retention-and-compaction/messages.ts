/** Lab 10: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { compactTests } from './messages-compact.ts'
import { passTests } from './messages-pass.ts'
import { retentionTests } from './messages-retention.ts'
import { tableTests } from './messages-table.ts'

export const tests = {
  ...retentionTests,
  ...passTests,
  ...compactTests,
  ...tableTests,
} as const satisfies Record<string, TestText>
