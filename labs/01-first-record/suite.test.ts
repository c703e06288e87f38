import { judgeWithVitest } from '../engine/vitest-suite.ts'
import { suite } from './suite.ts'

judgeWithVitest(suite)
