/** Lab 11: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { copyTests } from './messages-copies.ts'
import { flowTests } from './messages-flow.ts'
import { orderTests } from './messages-order.ts'
import { waitTests } from './messages-wait.ts'

const { waits, safe, ...endTests } = waitTests

export const tests = {
  ...flowTests,
  ...copyTests,
  waits,
  safe,
  ...orderTests,
  ...endTests,
} as const satisfies Record<string, TestText>
