/**
 * Of several failing checks, the one to show in full: the one that says most about the mistake.
 *
 * A mistake in the hash fails ten checks, from the hash itself to the broker at the end. What fails only for a
 * few of the known wrong programs narrows the mistake down; what fails for most of them does not. So:
 *
 *   1  a check whose `needs` fail is explained by those
 *   2  code that throws, hangs or has the wrong type is broken wherever it is called: the first such check
 *   3  otherwise the check that the fewest known wrong programs fail; the first of several
 *   4  a function that is not written yet is explained only when nothing else is
 */
import { killedBy } from '../kill-matrix.ts'
import type { LabText } from '../lab.ts'
import type { TestResult } from '../verdict.ts'

export function mostSpecific(results: readonly TestResult[], lab: LabText): string | undefined {
  const failed = results.filter(({ status }) => status === 'failed')
  const unwritten = ({ kind }: TestResult) =>
    kind === 'not-implemented' || kind === 'missing-export' || kind === 'not-run'
  const wrong = failed.filter((result) => !unwritten(result))
  if (wrong.length === 0)
    return (failed.find(({ kind }) => kind === 'missing-export') ?? failed[0])?.id ?? firstVague(results)
  const ids = new Set(wrong.map(({ id }) => id))
  const roots = wrong.filter(({ id }) => !(lab.tests[id]?.needs ?? []).some((need) => ids.has(need)))
  const from = roots.length === 0 ? wrong : roots
  const broken = from.find((result) => result.case === undefined)
  if (broken !== undefined && from.every((result) => result.case === undefined || !isNarrow(result.id, lab)))
    return broken.id
  const counted = from.filter((result) => result.case !== undefined || from.length === 1)
  const best = [...(counted.length === 0 ? from : counted)].sort(
    (a, b) => killedBy(lab, a.id).length - killedBy(lab, b.id).length,
  )[0]
  return best?.id
}

const narrowMax = 2
/** Whether hardly any wrong program fails in a check: then it says more than a kind of failure does. */
const isNarrow = (id: string, lab: LabText) => killedBy(lab, id).length <= narrowMax

const firstVague = (results: readonly TestResult[]) =>
  results.find(({ status }) => status === 'inconclusive')?.id
