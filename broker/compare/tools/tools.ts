/**
 * Kafka's own command-line tools, many in one JVM (tool-jvm.ts), and what else a story may need that not every
 * machine has.
 *
 * - a JVM for each of the two brokers starts with the first tool and ends with endTools; runs queue up in it
 * - without Java, a compiler for it, or kcat, what needs them is left out, and one line says so
 */
import { spawnSync } from 'node:child_process'
import { kafkaClassPath, MissingError } from '../kafka/kafka-jars.ts'
import type { Need, Scenario } from '../scenario.ts'
import { compilerMissing, type Ran, ToolJvm } from './tool-jvm.ts'

export type { Ran }

/** Short runs, a JVM for each broker: compiling as little as possible is fastest. */
const JVM = { jvmArgs: ['-Xmx256m', '-XX:TieredStopAtLevel=1'], runMsMax: 60_000 }

const jvms = new Map<string, ToolJvm>()

/** Runs the main method of one of Kafka's classes; runs for the same broker wait for each other. */
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

/** Ends the JVMs, if there are any. */
export async function endTools(): Promise<void> {
  await Promise.all([...jvms.values()].map((jvm) => jvm.end()))
}

/** The scenarios that can be told here; `say` hears, in one line for each thing that is missing, what is left out. */
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
