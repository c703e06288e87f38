/**
 * Kafka's own command-line tools, many in one JVM (KafkaTools.java), and what else a story may need that not every
 * machine has.
 *
 * T1  a JVM for each of the two brokers starts with the first tool and ends with endTools; runs queue up in it
 * T2  without Java, a compiler for it, or kcat, what needs them is left out, and one line says so
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { javaCommand, kafkaClassPath, MissingError } from './kafka-jars.ts'
import type { Need, Scenario } from './scenario.ts'

const DRIVER = fileURLToPath(new URL('KafkaTools.java', import.meta.url))
const RUN_MS_MAX = 60_000

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Driver {
  readonly child: ChildProcess
  readonly lines: Interface
}

/** The runs for one broker, one after the other. */
interface Lane {
  driver: Driver | undefined
  last: Promise<unknown>
}

const lanes = new Map<string, Lane>()

/** Runs the main method of one of Kafka's classes; runs for the same broker wait for each other. */
export function runTool(
  broker: string,
  className: string,
  args: readonly string[],
  input = '',
): Promise<Ran> {
  const lane = lanes.get(broker) ?? { driver: undefined, last: Promise.resolve() }
  lanes.set(broker, lane)
  const ran = lane.last.then(() => runNow(lane, [className, input, ...args]))
  lane.last = ran.catch(() => {})
  return ran
}

/** Ends the JVMs, if there are any. */
export async function endTools(): Promise<void> {
  await Promise.all([...lanes.values()].map(endDriver))
}

async function endDriver(lane: Lane): Promise<void> {
  const ending = lane.driver
  lane.driver = undefined
  if (!ending || ending.child.exitCode !== null) return
  const gone = once(ending.child, 'exit')
  ending.child.kill('SIGKILL')
  await gone
}

async function runNow(lane: Lane, words: readonly string[]): Promise<Ran> {
  lane.driver ??= startDriver()
  const { child, lines } = lane.driver
  const answer = once(lines, 'line')
  const ended = once(child, 'exit').then(() => {
    throw new Error('the JVM of the tools has ended')
  })
  child.stdin!.write(`${words.map((word) => Buffer.from(word).toString('base64')).join('\t')}\n`)
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${words[0]} does not end`)), RUN_MS_MAX)
  })
  try {
    const [line] = (await Promise.race([answer, ended, tooLate])) as [string]
    const [code, out, err] = line.split('\t')
    const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString('utf8')
    return { code: Number(code), out: decode(out), err: decode(err) }
  } catch (error) {
    await endDriver(lane)
    throw error
  } finally {
    clearTimeout(timer)
    ended.catch(() => {})
  }
}

function startDriver(): Driver {
  const jvm = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=off']
  const args = [...jvm, '-cp', kafkaClassPath(), DRIVER]
  const child = spawn(javaCommand(), args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.setMaxListeners(0)
  return { child, lines: createInterface({ input: child.stdout! }) }
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
    return spawnSync('javac', ['-version']).error
      ? "Kafka's tools need a JDK, and there is no javac"
      : undefined
  } catch (error) {
    if (error instanceof MissingError) return error.message
    throw error
  }
}
