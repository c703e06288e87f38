/**
 * Labs check, the runs: the contract of a trustworthy grader, held against every implementation of a lab.
 *
 * - a run that could not be judged (environment, inconclusive) is a fault, never a pass
 *
 * LAB-CHECK-1  right solutions pass on every seed; the census is complete, and every test asserted something
 * LAB-CHECK-2  a wrong solution fails in exactly the tests that its tag names, on every seed
 * LAB-CHECK-3  the starter fails in every test, because it is not implemented
 * LAB-CHECK-5  what a wrong solution is told, of all that fails, is what its tag says it should be told
 */
import { availableParallelism } from 'node:os'
import { inRepository } from '../catalog.ts'
import { Session } from '../grader.ts'
import type { LabText, Wrong } from '../lab.ts'
import type { Verdict } from '../verdict.ts'
import type { LabFiles } from './texts.ts'

export interface RunPlan {
  /** Seeds for right solutions; wrong ones get the first `wrongSeeds` of them. */
  readonly seeds: readonly number[]
  readonly wrongSeeds: number
}

interface Run {
  readonly file: string
  readonly seed: number
  judge(verdict: Verdict): string[]
}

const patienceMs = 8_000
const ids = (verdict: Verdict, status: string) =>
  verdict.tests.filter((test) => test.status === status).map(({ id }) => id)

/** Runs them all, a few at a time; gives what does not hold. */
export async function checkRuns(
  lab: LabText,
  files: LabFiles,
  plan: RunPlan,
  onRun?: (run: string) => void,
): Promise<string[]> {
  const faults: string[] = []
  const queue = plannedRuns(lab, files, plan)
  const worker = async () => {
    const session = new Session(lab, { patienceMs })
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      const verdict = await session.check(inRepository(run.file), run.seed)
      faults.push(...run.judge(verdict).map((fault) => `${run.file}, seed ${run.seed}: ${fault}`))
      onRun?.(run.file)
    }
    session.stop()
  }
  // A lab on a broker waits more than it computes.
  const workers = lab.track === 'use' ? 4 : Math.min(4, availableParallelism())
  await Promise.all(Array.from({ length: workers }, worker))
  return faults.sort()
}

function plannedRuns(lab: LabText, files: LabFiles, plan: RunPlan): Run[] {
  const right = files.right.flatMap((file) =>
    plan.seeds.map((seed) => ({ file, seed, judge: (v: Verdict) => judgeRight(v, lab) })),
  )
  const wrong = files.wrong.flatMap(({ file, wrong: tag }) =>
    plan.seeds
      .slice(0, plan.wrongSeeds)
      .map((seed) => ({ file, seed, judge: (v: Verdict) => judgeWrong(v, lab, tag) })),
  )
  const starter = {
    file: files.starter,
    seed: plan.seeds[0] ?? 1,
    judge: (v: Verdict) => judgeStarter(v, lab),
  }
  return [starter, ...wrong, ...right]
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

function judgeWrong(verdict: Verdict, lab: LabText, tag: Wrong): string[] {
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
  const lost = Object.keys(lab.tests).filter((id) => !verdict.tests.some((test) => test.id === id))
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
