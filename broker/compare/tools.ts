/**
 * Kafka's own command-line tools, many in one JVM, and what else a story may need that not every machine has.
 */
import { javaCommand, MissingError } from './kafka-jars.ts'
import type { Need, Scenario } from './scenario.ts'

/** The scenarios that can be told here; `say` hears, in one line for each thing that is missing, what is left out. */
export function withoutWhatIsMissing(scenarios: readonly Scenario[], say: (why: string) => void): Scenario[] {
  const missing = new Map<Need, string>()
  for (const need of new Set(scenarios.flatMap(({ needs }) => needs ?? []))) {
    const why = whyMissing(need)
    if (why === undefined) continue
    missing.set(need, why)
    say(`${scenarios.filter(({ needs }) => needs === need).length} scenarios left out: ${why}`)
  }
  return scenarios.filter(({ needs }) => needs === undefined || !missing.has(needs))
}

function whyMissing(_need: Need): string | undefined {
  try {
    javaCommand()
    return undefined
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}

export async function endTools(): Promise<void> {}
