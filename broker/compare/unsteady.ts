/**
 * Records scenarios that were unsteady, so that a repeated accident becomes a failure.
 *
 * A scenario that differed, and did not when it was repeated, is called unsteady (COMPARE-RUN-4): the machine was busy. This
 * is accepted once. But a race in the broker looks the same, and occurs again; so unsteady scenarios are recorded from run
 * to run, in results/unsteady.json of this checkout, by name:
 *
 *   { "Fetch: waits for records": 3 }     run three times since then, without a difference
 *
 * UNSTEADY-1  a scenario that is unsteady again within RUNS_MAX runs fails the comparison
 * UNSTEADY-2  after so many runs without a difference the entry is removed; runs without the scenario (--only) do not count
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** How many runs without a difference remove an entry. */
export const RUNS_MAX = 20

const FILE = fileURLToPath(new URL('results/unsteady.json', import.meta.url))

/** By scenario: the number of runs since it was unsteady. */
export type UnsteadyScenarios = Readonly<Record<string, number>>

/** What is needed to know of a scenario of this run. */
export interface ScenarioRun {
  readonly name: string
  readonly isUnsteady: boolean
}

/** The record after a run, and the scenarios that were unsteady again (UNSTEADY-1). */
export function afterRun(
  before: UnsteadyScenarios,
  runs: readonly ScenarioRun[],
): { readonly after: UnsteadyScenarios; readonly again: readonly string[] } {
  const known = new Map(Object.entries(before))
  const again = runs.filter(({ name, isUnsteady }) => isUnsteady && known.has(name)).map(({ name }) => name)
  for (const { name, isUnsteady } of runs) {
    const runs = known.get(name)
    if (isUnsteady) known.set(name, 0)
    else if (runs !== undefined && runs + 1 >= RUNS_MAX) known.delete(name)
    else if (runs !== undefined) known.set(name, runs + 1)
  }
  return { after: Object.fromEntries(known), again }
}

/** Adds a run to the file; returns the scenarios that were unsteady again. An unreadable file is replaced. */
export function keepUnsteady(
  compared: readonly {
    readonly scenario: { readonly name: string }
    readonly unsteady: readonly unknown[]
  }[],
  file = FILE,
): readonly string[] {
  const runs = compared.map(({ scenario, unsteady }) => ({
    name: scenario.name,
    isUnsteady: unsteady.length > 0,
  }))
  const { after, again } = afterRun(read(file), runs)
  if (Object.keys(after).length > 0) writeFileSync(file, `${JSON.stringify(after, undefined, 2)}\n`)
  else rmSync(file, { force: true })
  return again
}

function read(file: string): UnsteadyScenarios {
  if (!existsSync(file)) return {}
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Object.fromEntries(Object.entries(Object(found)).filter(isCount))
  } catch {
    return {}
  }
}

function isCount(entry: [string, unknown]): entry is [string, number] {
  return typeof entry[1] === 'number'
}
