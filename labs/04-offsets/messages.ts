/** Lab 04: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { allTests } from './messages-all.ts'
import { lagTests } from './messages-lag.ts'
import { resetTests } from './messages-reset.ts'
import { resumeTests } from './messages-resume.ts'

export const tests = {
  ...resumeTests,
  ...lagTests,
  ...resetTests,
  ...allTests,
} as const satisfies Record<string, TestText>
