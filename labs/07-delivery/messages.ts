/** Lab 07: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { bothTests } from './messages-both.ts'
import { leastTests } from './messages-least.ts'
import { mostTests } from './messages-most.ts'
import { sendTests } from './messages-send.ts'

const { refused, closed, ...consumerTests } = bothTests

export const tests = {
  ...mostTests,
  ...leastTests,
  ...consumerTests,
  ...sendTests,
  refused,
  closed,
} as const satisfies Record<string, TestText>
