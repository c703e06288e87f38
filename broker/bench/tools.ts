/**
 * Runs Kafka's own performance tools, and parses the numbers that they print.
 *
 *   ProducerPerformance   "400000 steady state records sent, 81566.07 records/sec (7.78 MB/sec), … 2662 ms 99th, …"
 *   ConsumerPerformance   a header, then a line of comma-separated values; the last is records per second of fetching,
 *                         without the time of joining the group
 *   EndToEndLatency       "Percentiles: 50th = 0, 99th = 13, 99.9th = 75", whole milliseconds; "Avg latency: 1.7698 ms"
 *
 * Producer and consumer have one JVM each, which runs for the whole bench and serves both brokers. A new JVM for each
 * load spends half of its processor time on JIT compilation (3 s of 6.5 s for 400,000 records of 1 KB), on the two cores
 * that are measured; and the compilation differs from run to run.
 *
 * - if a tool fails, or prints an unknown format, the bench fails: no number is ever guessed
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { kafkaClassPath } from '../compare/kafka/kafka-jars.ts'
import { ToolJvm } from '../compare/tools/tool-jvm.ts'

const TOOL_MS_MAX = 300_000
const PACKAGE = 'org.apache.kafka.tools'
const HEAP = '-Xmx512m'
const run = promisify(execFile)

const JVM = { jvmArgs: [HEAP], runMsMax: TOOL_MS_MAX }
const producer = new ToolJvm(JVM)
const consumer = new ToolJvm(JVM)

/** Stops the JVMs of the tools. */
export async function endTools(): Promise<void> {
  await Promise.all([producer.end(), consumer.end()])
}

async function tool(jvm: ToolJvm, name: string, args: readonly string[]): Promise<string> {
  const { code, out, err } = await jvm.run(`${PACKAGE}.${name}`, args)
  if (code !== 0) throw new Error(`${name} has ended with ${code}: ${err.slice(-300)}`)
  return out
}

/** Runs a tool in a new JVM: the end-to-end measurement is short, and its percentile excludes the cold start. */
async function toolAlone(name: string, args: readonly string[]): Promise<string> {
  const java = [HEAP, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', kafkaClassPath()]
  const all = [...java, `${PACKAGE}.${name}`, ...args]
  const { stdout } = await run('java', all, { timeout: TOOL_MS_MAX, maxBuffer: 16 << 20 })
  return stdout
}

function numberIn(text: string, pattern: RegExp): number {
  const value = Number(pattern.exec(text)?.[1])
  if (!Number.isFinite(value)) throw new Error(`a tool of Kafka printed no ${pattern}: ${text.slice(-300)}`)
  return value
}

export interface Load {
  readonly bootstrap: string
  readonly topic: string
  readonly records: number
}

/** Produces at full speed; the first fifth is for warming up and is not counted. */
export async function produce(
  { bootstrap, topic, records }: Load,
  recordBytes: number,
  acks: string,
): Promise<{ recordsPerS: number; p99Ms: number }> {
  const sizes = ['--num-records', `${records}`, '--record-size', `${recordBytes}`, '--throughput', '-1']
  const warmUp = ['--warmup-records', `${Math.floor(records / 5)}`]
  const where = ['--bootstrap-server', bootstrap, '--topic', topic, '--command-property', `acks=${acks}`]
  const text = await tool(producer, 'ProducerPerformance', [...where, ...sizes, ...warmUp])
  return {
    recordsPerS: numberIn(text, /steady state records sent, ([\d.]+) records\/sec/),
    p99Ms: numberIn(text, /steady state.* ([\d.]+) ms 99th/),
  }
}

/** Reads a topic from its beginning, with a new group; returns records per second. */
export async function consume({ bootstrap, topic, records }: Load): Promise<number> {
  const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', `${records}`]
  const text = await tool(consumer, 'ConsumerPerformance', args)
  return numberIn(text, /^\d{4}-.*, ([\d.]+)\s*$/m)
}

/** One record at a time, from send to poll, acks=all. */
export async function endToEnd({
  bootstrap,
  topic,
  records,
}: Load): Promise<{ meanMs: number; p50Ms: number; p99Ms: number }> {
  const text = await toolAlone('EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', `${records}`],
    ...['--producer-acks', 'all', '--record-size', '100'],
  ])
  return {
    meanMs: numberIn(text, /Avg latency: ([\d.]+) ms/),
    p50Ms: numberIn(text, /50th = ([\d.]+)/),
    p99Ms: numberIn(text, /99th = ([\d.]+)/),
  }
}
