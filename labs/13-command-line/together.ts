/** Lab 13: lines that a function gave, run in the terminal, and what must be true of each. */
import type { Trial } from '../engine/trial.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { limit } from './subject.ts'
import { pictureOfRun, type Ran, runAll } from './terminal.ts'

/** Cases that each check with lines has. */
export type LineCase = 'failed' | 'noEnd'

/** Fails unless each line has ended by itself, with exit code 0. */
export function mustSucceed(t: Trial<LineCase>, ran: readonly Ran[]): void {
  for (const { line, code, out, err, hasEnded } of ran) {
    const message = [...out, ...err].find((text) => text.trim() !== '')?.trim() ?? ''
    t.check(hasEnded, 'noEnd', { line, ...limit }, () => pictureOfRun(ran))
    t.check(code === 0, 'failed', { line, code, message }, () => pictureOfRun(ran))
  }
}

/** Runs lines one after the other; each must succeed. */
export async function succeed(
  t: Trial<LineCase>,
  bench: KafkaBench,
  lines: readonly string[],
  names: readonly string[],
): Promise<Ran[]> {
  const ran = await runAll(bench, lines, names)
  mustSucceed(t, ran)
  return ran
}
