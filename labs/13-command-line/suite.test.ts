// Judges your file, like `npm run lab`; vitest runs this again when the file is saved.
import './command-line.ts?raw'
import { judgeWithVitest } from '../vitest/judge-with-vitest.ts'
import { text } from './lab.ts'

judgeWithVitest(text)
