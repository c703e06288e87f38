/**
 * Of several failing checks, the one to show in full: the one that says most about the mistake.
 *
 * A mistake in the hash fails ten checks, from the hash itself to the broker at the end. A lab's checks go from
 * the simple to the composed, so the first that fails is mostly the one. But not always: logs that share their
 * state fail eight checks about offsets and reads, and then the one called "each partition has a log of its own".
 *
 *   1  code that is broken (gives nothing, gives another type, ends the thread, uses what is not there) is so
 *      wherever it is called: the first such check
 *   2  a check whose `needs` fail is explained by those
 *   3  a check that hardly any known wrong program fails narrows the mistake down: it is taken if it is failed by
 *      less than a third as many as the first one
 *   4  otherwise the first; a function that is not written yet only when nothing else is
 */
import { killedBy } from '../kill-matrix.ts'
import type { LabText } from '../lab.ts'
import type { TestResult } from '../verdict.ts'

const unwritten = new Set(['not-implemented', 'not-run'])
const brokenKinds = new Set([
  'missing-export',
  'missing-return',
  'wrong-type',
  'exit',
  'unhandled',
  'crash',
  'endless-loop',
])

export function mostSpecific(results: readonly TestResult[], lab: LabText): string | undefined {
  const failed = results.filter(({ status }) => status === 'failed')
  const wrong = failed.filter(({ kind }) => !unwritten.has(kind ?? ''))
  if (wrong.length === 0) return (failed[0] ?? results.find(({ status }) => status === 'inconclusive'))?.id
  const broken = wrong.find(isBroken)
  if (broken !== undefined) return broken.id
  const ids = new Set(wrong.map(({ id }) => id))
  const roots = wrong.filter(({ id }) => !(lab.tests[id]?.needs ?? []).some((need) => ids.has(need)))
  const from = roots.length === 0 ? wrong : roots
  const killers = ({ id }: TestResult) => killedBy(lab, id).length
  const first = from[0] as TestResult
  const narrowest = from.reduce((best, one) => (killers(one) < killers(best) ? one : best), first)
  return killers(narrowest) * 3 < killers(first) ? narrowest.id : first.id
}

/** Broken beyond right or wrong: what it gives has no meaning, or it stumbles over its own names. */
function isBroken({ kind, says }: TestResult): boolean {
  if (kind === 'threw') return /\b(?:TypeError|ReferenceError): /.test(says?.en ?? '')
  return brokenKinds.has(kind ?? '')
}
