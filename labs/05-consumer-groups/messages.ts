/** Lab 05: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { assignTests } from './messages-assign.ts'
import { groupTests } from './messages-group.ts'
import { pureTests } from './messages-pure.ts'
import { slowTests } from './messages-slow.ts'
import { stopTests } from './messages-stop.ts'

export const tests = {
  ...assignTests,
  ...pureTests,
  ...groupTests,
  ...slowTests,
  ...stopTests,
} as const satisfies Record<string, TestText>
