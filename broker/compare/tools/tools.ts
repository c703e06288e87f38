/**
 * Kafka's own command-line tools, run in one JVM (tool-jvm.ts), and other requirements of scenarios that not every
 * machine has.
 *
 * - a JVM for each of the two brokers starts with the first tool and ends with endTools; its runs are queued
 * - without Java, a JDK, or kcat, the scenarios that need them are skipped, and one line says so
 */
import { spawnSync } from 'node:child_process'
import { kafkaClassPath, MissingError } from '../kafka/kafka-jars.ts'
import type { Need, Scenario } from '../scenario.ts'
import { compilerMissing, type Ran, ToolJvm } from './tool-jvm.ts'

export type { Ran }

/** Runs are short, with one JVM per broker: the least compilation is fastest. */
const JVM = { jvmArgs: ['-Xmx256m', '-XX:TieredStopAtLevel=1'], runMsMax: 60_000 }

const jvms = new Map<string, ToolJvm>()

/** Runs the main method of one of Kafka's classes; runs for the same broker are queued. */
export function runTool(
  broker: string,
  className: string,
  args: readonly string[],
  input = '',
): Promise<Ran> {
  const jvm = jvms.get(broker) ?? new ToolJvm(JVM)
  jvms.set(broker, jvm)
  return jvm.run(className, args, input)
}

/** Ends the JVMs, if they are running. */
export async function endTools(): Promise<void> {
  await Promise.all([...jvms.values()].map((jvm) => jvm.end()))
}

/** The scenarios that can run here; `say` gets one line for each missing requirement. */
export function withoutWhatIsMissing(scenarios: readonly Scenario[], say: (why: string) => void): Scenario[] {
  const missing = new Set<Need>()
  for (const need of new Set(scenarios.flatMap(({ needs }) => needs ?? []))) {
    const why = whyMissing(need)
    if (why === undefined) continue
    missing.add(need)
    say(`${scenarios.filter(({ needs }) => needs === need).length} scenarios left out: ${why}`)
  }
  return scenarios.filter(({ needs }) => needs === undefined || !missing.has(needs))
}

function whyMissing(need: Need): string | undefined {
  if (need === 'kcat') return spawnSync('kcat', ['-V']).error ? 'there is no kcat' : undefined
  try {
    kafkaClassPath()
    return compilerMissing()
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}
