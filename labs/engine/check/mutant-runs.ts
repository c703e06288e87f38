/** Labs check, the mutants' runs: which of them no test notices, and whether somebody has written down why. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { inRepository, loadSuite, solutionsFolder } from '../catalog.ts'
import { Session } from '../grader.ts'
import type { LabText } from '../lab.ts'
import type { Waived } from '../waived.ts'
import { type Mutant, mutantsOf } from './mutants.ts'

export interface MutantScore {
  readonly mutants: number
  readonly noticed: number
  readonly faults: readonly string[]
}

/** Judges every mutant of the solution, until the first test fails. Survivors need a reason in `waived.mutants`. */
export async function checkMutants(
  lab: LabText,
  waived: Waived,
  seed: number,
  onRun?: () => void,
): Promise<MutantScore> {
  const solution = inRepository(`${solutionsFolder(lab)}/solution.ts`)
  const mutants = mutantsOf(readFileSync(solution, 'utf8'), (await loadSuite(lab)).calls.gives)
  const folder = mkdtempSync(join(inRepository(solutionsFolder(lab)), '.mutants-'))
  const survivors: Mutant[] = []
  try {
    const queue = mutants.map((mutant, i) => ({ mutant, file: join(folder, `mutant-${i}.ts`) }))
    const work = async () => {
      const session = new Session(lab, { patienceMs: 8_000 })
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        writeFileSync(next.file, next.mutant.source)
        if (!(await session.isNoticed(next.file, seed))) survivors.push(next.mutant)
        onRun?.()
      }
      session.stop()
    }
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const reasons = waived.mutants ?? {}
  const names = new Set(survivors.map(({ name }) => name))
  const unexplained = [...names].filter((name) => (reasons[name] ?? '').trim() === '')
  const needless = Object.keys(reasons).filter((name) => !names.has(name))
  return {
    mutants: mutants.length,
    noticed: mutants.length - survivors.length,
    faults: [
      ...unexplained.map((name) => `a mutant passes every test: ${name}`),
      ...needless.map((name) => `the mutant is noticed (or is none any more), and waived: ${name}`),
    ],
  }
}
