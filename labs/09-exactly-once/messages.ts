/** Lab 09: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { crashTests } from './messages-crash.ts'
import { endsTests } from './messages-ends.ts'
import { processTests } from './messages-process.ts'
import { sendTests, togetherTests } from './messages-send.ts'
import { zombieTests } from './messages-zombie.ts'

export const tests = {
  ...sendTests,
  ...togetherTests,
  ...processTests,
  ...crashTests,
  ...zombieTests,
  ...endsTests,
} as const satisfies Record<string, TestText>
