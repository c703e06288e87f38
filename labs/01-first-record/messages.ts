/** Lab 01: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { allTests } from './messages-all.ts'
import { createTests } from './messages-create.ts'
import { describeTests } from './messages-describe.ts'
import { readTests } from './messages-read.ts'
import { sendTests } from './messages-send.ts'

export const tests = {
  ...createTests,
  ...sendTests,
  ...describeTests,
  ...readTests,
  ...allTests,
} as const satisfies Record<string, TestText>
