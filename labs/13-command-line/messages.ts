/** Lab 13: what each test checks, and what is said when it does not hold, in both languages. */
import type { TestText } from '../engine/lab.ts'
import { lookTests } from './messages-look.ts'
import { rewindTests } from './messages-rewind.ts'
import { stuckTests } from './messages-stuck.ts'
import { topicTests } from './messages-topic.ts'

export const tests = {
  ...topicTests,
  ...lookTests,
  ...rewindTests,
  ...stuckTests,
} as const satisfies Record<string, TestText>
