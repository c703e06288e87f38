/**
 * Kafka's own performance tools, and the numbers in what they print.
 *
 *   ProducerPerformance   "400000 steady state records sent, 81566.07 records/sec (7.78 MB/sec), … 2662 ms 99th, …"
 *   ConsumerPerformance   a header, then a line of comma-separated values; the last is records a second of fetching,
 *                         the time of joining the group left out
 *   EndToEndLatency       "Percentiles: 50th = 0, 99th = 13, 99.9th = 75", whole milliseconds; "Avg latency: 1.7698 ms"
 *
 * M1  a tool that fails, or prints nothing that we know, fails the bench: a number is never made up
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const TOOL_MS_MAX = 300_000
const run = promisify(execFile)

async function tool(classPath: string, name: string, args: readonly string[]): Promise<string> {
  const java = ['-Xmx512m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath]
  const all = [...java, `org.apache.kafka.tools.${name}`, ...args]
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

/** Produces as fast as it goes; the first fifth is for warming up and is not counted. */
export async function produce(
  classPath: string,
  { bootstrap, topic, records }: Load,
  recordBytes: number,
  acks: string,
): Promise<{ recordsPerS: number; p99Ms: number }> {
  const sizes = ['--num-records', `${records}`, '--record-size', `${recordBytes}`, '--throughput', '-1']
  const warmUp = ['--warmup-records', `${Math.floor(records / 5)}`]
  const where = ['--bootstrap-server', bootstrap, '--topic', topic, '--command-property', `acks=${acks}`]
  const text = await tool(classPath, 'ProducerPerformance', [...where, ...sizes, ...warmUp])
  return {
    recordsPerS: numberIn(text, /steady state records sent, ([\d.]+) records\/sec/),
    p99Ms: numberIn(text, /steady state.* ([\d.]+) ms 99th/),
  }
}

/** Reads a topic from its beginning, in a group that did not exist before; records a second. */
export async function consume(classPath: string, { bootstrap, topic, records }: Load): Promise<number> {
  const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', `${records}`]
  const text = await tool(classPath, 'ConsumerPerformance', args)
  return numberIn(text, /^\d{4}-.*, ([\d.]+)\s*$/m)
}

/** One record at a time, from send to poll, acks=all. */
export async function endToEnd(
  classPath: string,
  { bootstrap, topic, records }: Load,
): Promise<{ meanMs: number; p50Ms: number; p99Ms: number }> {
  const text = await tool(classPath, 'EndToEndLatency', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', `${records}`],
    ...['--producer-acks', 'all', '--record-size', '100'],
  ])
  return {
    meanMs: numberIn(text, /Avg latency: ([\d.]+) ms/),
    p50Ms: numberIn(text, /50th = ([\d.]+)/),
    p99Ms: numberIn(text, /99th = ([\d.]+)/),
  }
}
