/**
 * Labs check, the runs: the contract of a trustworthy grader, held against every implementation of a lab.
 *
 * A wrong solution is quick to judge when it runs in the tests that its tag names and in no others: that they notice it, and
 * what is explained, is known then. That no other test fails is known only when all have run: the whole matrix. Some are
 * noticed only after other tests have run, for they keep what they must not: one that is not noticed at once runs in all.
 * Of one whose calls never end (`hangs`) that is known sooner than the page's limit; a fault found so is looked for again with
 * the page's limit, and the whole matrix knows no other.
 *
 * - a run that could not be judged (environment, inconclusive) is a fault, never a pass
 *
 * LAB-CHECK-1  right solutions pass on every seed; the census is complete, and every test asserted something
 * LAB-CHECK-2  a wrong solution fails in each test that its tag names; in the whole matrix it fails in no other
 * LAB-CHECK-3  the starter fails in every test, because it is not implemented
 * LAB-CHECK-5  what a wrong solution is told, of all that fails, is what its tag says it should be told
 */
import { availableParallelism } from 'node:os'
import { inRepository } from '../catalog.ts'
import { Session } from '../grader.ts'
import type { LabText, Wrong } from '../lab.ts'
import type { HandedPlace } from '../subject/handed.ts'
import type { Verdict } from '../verdict.ts'
import type { Waived } from '../waived.ts'
import { handedFaults, together } from './handed.ts'
import type { LabFiles } from './texts.ts'

export interface RunPlan {
  /** Seeds of the solution, whose runs also tell what the suite hands over. */
  readonly solution: readonly number[]
  /** Seeds of the other right ones. */
  readonly right: readonly number[]
  readonly wrong: readonly number[]
  /** Wrong ones run in all tests, not only in those that they name. */
  readonly isWhole: boolean
}

/** The plan of `npm test` and of a plain `npm run labs:check`, each on seeds of its own. */
export function quickPlan(lab: LabText, firstSeed: number): RunPlan {
  const seeds = [0, 7, 14].map((more) => 1000 * Number(lab.id) + firstSeed + more)
  return { solution: seeds, right: seeds.slice(0, 1), wrong: seeds.slice(0, 1), isWhole: false }
}

/** Everything on so many seeds. */
export function wholePlan(lab: LabText, rounds: number): RunPlan {
  const seeds = Array.from({ length: rounds }, (_, i) => 1000 * Number(lab.id) + 7 * i + 1)
  return { solution: seeds, right: seeds, wrong: seeds, isWhole: true }
}

interface Run {
  readonly file: string
  readonly seed: number
  /** The tests that it runs in first; all when left out. */
  readonly only?: readonly string[]
  /** How long one call may take there, ms; as the page says when left out. */
  readonly callMs?: number
  /** It is wrong because it takes longer than the page allows. */
  readonly isSlow?: boolean
  /** Its run tells what the suite hands over. */
  readonly isSolution?: true
  judge(verdict: Verdict, ran: readonly string[]): string[]
}

const patienceMs = 8_000
/** A call that never ends has not ended by then, ms. */
const hangMs = 5_000
const hangingSessions = 2
const hangs = (run: Run) => run.callMs !== undefined
const ids = (verdict: Verdict, status: string) =>
  verdict.tests.filter((test) => test.status === status).map(({ id }) => id)

/** Runs them all, a few at a time; gives what does not hold. `waived`: what need not be handed over, if that is asked. */
export async function checkRuns(
  lab: LabText,
  files: LabFiles,
  plan: RunPlan,
  waived: Waived | undefined,
  onRun?: (run: string) => void,
): Promise<string[]> {
  const faults: string[] = []
  const handed: (readonly HandedPlace[])[] = []
  const all = Object.keys(lab.tests)
  const runs = plannedRuns(lab, files, plan)
  const [hanging, others] = [runs.filter(hangs), runs.filter((run) => !hangs(run))]
  const worker = async (first: Run[], then: Run[]) => {
    const session = new Session(lab, { patienceMs })
    const next = () => first.shift() ?? then.shift()
    for (let run = next(); run !== undefined; run = next()) {
      const { file, seed, isSolution } = run
      const judge = async (only: readonly string[], callMs?: number) => {
        const verdict = await session.check(inRepository(file), seed, {
          only,
          ...(callMs === undefined ? {} : { callMs }),
          ...(isSolution === undefined ? {} : { onHanded: (places) => void handed.push(places) }),
        })
        return run.judge(verdict, only)
      }
      let found = await judge(run.only ?? all, run.callMs)
      if (found.length > 0 && run.callMs !== undefined) found = await judge(run.only ?? all)
      if (found.length > 0 && run.only !== undefined) found = await judge(all)
      faults.push(...found.map((fault) => `${file}, seed ${seed}: ${fault}`))
      onRun?.(file)
    }
    session.stop()
  }
  // A lab on a broker waits more than it computes.
  const sessions = lab.track === 'use' ? 4 : Math.min(4, availableParallelism())
  await Promise.all([
    ...Array.from({ length: sessions }, () => worker(others, hanging)),
    // Those that only wait do so beside the others, and take no session from them.
    ...hanging.slice(0, hangingSessions).map(() => worker(hanging, others)),
  ])
  if (waived !== undefined) faults.push(...handedFaults(together(handed), waived))
  return faults.sort()
}

function plannedRuns(lab: LabText, files: LabFiles, plan: RunPlan): Run[] {
  const [solution = '', ...others] = files.right
  const judge = (verdict: Verdict) => judgeRight(verdict, lab)
  // Right ones that are slow take the longest: they begin first. Wrong ones whose fault is that they are slow come next.
  const right = [
    ...others.flatMap((file) => plan.right.map((seed) => ({ file, seed, judge }))),
    ...plan.solution.map((seed) => ({ file: solution, seed, judge, isSolution: true as const })),
  ]
  const wrong = files.wrong.flatMap(({ file, wrong: tag }) =>
    plan.wrong.map(
      (seed): Run => ({
        file,
        seed,
        // One that names no test yet runs in all of them: so its author learns which they are.
        ...(plan.isWhole || tag.fails.length === 0 ? {} : { only: tag.fails }),
        ...(plan.isWhole || tag.hangs !== true ? {} : { callMs: hangMs }),
        isSlow: tag.explains?.endsWith('timeout') ?? false,
        judge: (verdict, ran) => judgeWrong(verdict, ran, tag),
      }),
    ),
  )
  const starter = {
    file: files.starter,
    seed: plan.wrong[0] ?? 1,
    judge: (verdict: Verdict) => judgeStarter(verdict, lab),
  }
  return [
    ...right,
    ...wrong.filter(({ isSlow }) => isSlow),
    ...wrong.filter(({ isSlow }) => !isSlow),
    starter,
  ]
}

function judgeRight(verdict: Verdict, lab: LabText): string[] {
  const faults = verdict.tests
    .filter((test) => test.status !== 'passed')
    .map((test) => `right, but ${test.id} ${test.status}: ${test.says?.en ?? ''}`)
  if (verdict.outcome !== 'passed')
    faults.push(`right, but the outcome is ${verdict.outcome}: ${verdict.trouble?.says.en ?? ''}`)
  return [...faults, ...census(verdict, lab)]
}

/** Every test of the lab once, none without an assertion. */
function census(verdict: Verdict, lab: LabText): string[] {
  const seen = verdict.tests.map(({ id }) => id)
  const faults: string[] = []
  for (const id of Object.keys(lab.tests)) {
    const times = seen.filter((one) => one === id).length
    if (times !== 1) faults.push(`${id} ran ${times} times`)
  }
  for (const test of verdict.tests) if (test.assertions === 0) faults.push(`${test.id} asserted nothing`)
  return faults
}

function judgeWrong(verdict: Verdict, ran: readonly string[], tag: Wrong): string[] {
  const named = tag.fails
  if (verdict.outcome !== 'failed' || verdict.trouble !== undefined) {
    return [`wrong, but the outcome is ${verdict.outcome}: ${verdict.trouble?.says.en ?? ''}`]
  }
  const failed = ids(verdict, 'failed')
  const missed = named.filter((id) => !failed.includes(id)).map((id) => `wrong, but ${id} did not notice`)
  const extra = failed
    .filter((id) => !named.includes(id))
    .map(
      (id) =>
        `${id} failed, which the tag does not name: ${verdict.tests.find((t) => t.id === id)?.says?.en ?? ''}`,
    )
  const vague = ids(verdict, 'inconclusive').map((id) => `${id} is inconclusive`)
  const lost = ran.filter((id) => !verdict.tests.some((test) => test.id === id))
  return [...missed, ...extra, ...vague, ...lost.map((id) => `${id} did not run`), ...explained(verdict, tag)]
}

/** What is explained is what its author says it should be. */
function explained(verdict: Verdict, tag: Wrong): string[] {
  const shown = verdict.tests.find(({ id }) => id === verdict.explained)
  const faults: string[] = []
  const said = [shown?.case, shown?.kind].flatMap((what) => [what, `${shown?.id}.${what}`])
  if (tag.explains !== undefined && !said.includes(tag.explains))
    faults.push(
      `explained as ${shown?.id}: ${shown?.case ?? shown?.kind}, not as ${tag.explains}: ${shown?.says?.en}`,
    )
  return faults
}

function judgeStarter(verdict: Verdict, lab: LabText): string[] {
  return Object.keys(lab.tests).flatMap((id) => {
    const test = verdict.tests.find((one) => one.id === id)
    return test?.kind === 'not-implemented'
      ? []
      : [`the starter should fail in ${id} as not implemented, not: ${test?.says?.en ?? 'no result'}`]
  })
}
