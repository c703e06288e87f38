/** Lab 12: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { apartTests } from './messages-apart.ts'
import { breaksTests } from './messages-breaks.ts'
import { crashTests } from './messages-crash.ts'
import { ordersTests } from './messages-orders.ts'
import { relayTests } from './messages-relay.ts'

export const tests = {
  ...ordersTests,
  ...relayTests,
  ...breaksTests,
  ...crashTests,
  ...apartTests,
} as const satisfies Record<string, TestText>
