/**
 * A terminal of lab 13: the lines that a learner's function gives are run one by one by the course's own tools
 * (engine/tools), on the cluster of the bench.
 *
 * - `--bootstrap-server` is added here
 * - on a cluster that was given, a line that names a topic or a group which the case does not mention is refused
 *
 * TERMINAL-1  a line that does not end is ended by Ctrl-C after `endMs`, and says so
 * TERMINAL-2  on a cluster that was given, no line touches a topic, a group or a broker that the case does not mention
 */
import type { Picture } from '../engine/picture.ts'
import { describedConfigs } from '../engine/tools/configs.ts'
import { type Options, ToolError, wordsOf } from '../engine/tools/options.ts'
import { parsed, runTool } from '../engine/tools/run.ts'
import type { Console } from '../engine/tools/tool.ts'
import type { KafkaBench } from '../engine/wire/bench.ts'
import { RawCluster, Refused } from '../engine/wire/raw.ts'
import { endMs } from './subject.ts'

/** Where lines are run. `ours`: a broker that nobody else has. */
export type Cluster = Pick<KafkaBench, 'bootstrap' | 'ours'>

/** A line, and what came of it. */
export interface Ran {
  readonly line: string
  /** 0, or 1 after a message. */
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** False: it had to be ended by Ctrl-C. */
  readonly hasEnded: boolean
}

const TOPIC = 2
/** Another cluster tells of a change a moment after it has accepted it. */
const triesElsewhere = 40
const restMs = 50

/** Runs a line. `names` are the topics and groups of the case. */
export async function run(bench: Cluster, line: string, names: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), endMs)
  const cluster = new RawCluster(bench.bootstrap)
  try {
    const { tool, options } = parsed([...wordsOf(line), '--bootstrap-server', bench.bootstrap])
    if (!bench.ours) mustMention(options, names)
    const code = await runTool(tool, options, {
      ...quietConsole(cluster, bench),
      print: (text) => out.push(text),
      remark: (text) => err.push(text),
      stopped: stop.signal,
    })
    return { line, code, out, err, hasEnded: !stop.signal.aborted }
  } catch (error) {
    // A member of a group is kafkajs's: what the broker refuses it is its error.
    if (!(error instanceof ToolError) && !isOfKafkajs(error)) throw error
    return { line, code: 1, out, err: [...err, error.message], hasEnded: true }
  } finally {
    clearTimeout(timer)
    cluster.close()
  }
}

/** An error that kafkajs has thrown. Its classes cannot be imported by name: Node does not see them in a CommonJS module. */
const isOfKafkajs = (error: unknown): error is Error =>
  error instanceof Error && error.name.startsWith('KafkaJS')

/** Runs lines one after the other; the first that fails, or does not end, is the last one. */
export async function runAll(
  bench: Cluster,
  lines: readonly string[],
  names: readonly string[],
): Promise<Ran[]> {
  const ran: Ran[] = []
  for (const line of lines) {
    const one = await run(bench, line, names)
    ran.push(one)
    if (one.code !== 0 || !one.hasEnded) break
  }
  return ran
}

/** Throws ToolError (TERMINAL-2). */
function mustMention(options: Options, names: readonly string[]): void {
  const named = [
    options.value('topic'),
    ...options.list('topic'),
    options.value('entity-name'),
    options.value('group'),
  ]
  for (const name of named) {
    // `--topic orders:0,2`, and a group named after the topic.
    const isKnown = name === undefined || names.some((known) => name.split(':')[0]?.includes(known))
    if (!isKnown) throw new ToolError(`${name} is not mentioned in this case; the line was not run`)
  }
  if (options.value('entity-type') === 'brokers')
    throw new ToolError('this case is about a topic, not about brokers; the line was not run')
}

function quietConsole(cluster: RawCluster, { bootstrap }: Cluster): Console {
  return {
    cluster,
    bootstrap,
    input: [],
    print: () => {},
    remark: () => {},
    stopped: new AbortController().signal,
  }
}

/** How many partitions a topic has, and its settings by name, defaults included; undefined: there is no such topic. */
export async function stateOf(
  bench: Cluster,
  topic: string,
): Promise<{ partitions: number; configs: Readonly<Record<string, string>> } | undefined> {
  const cluster = new RawCluster(bench.bootstrap)
  try {
    const partitions = await cluster.partitionsOf(topic)
    const configs = await describedConfigs(quietConsole(cluster, bench), {
      resourceType: TOPIC,
      resourceName: topic,
    })
    return {
      partitions: partitions.length,
      configs: Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ''])),
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof ToolError) return undefined
    throw error
  } finally {
    cluster.close()
  }
}

/** Reads until what is read is as wanted: at once on our broker, for two seconds on another. Gives what was read last. */
export async function eventually<T>(
  bench: Cluster,
  read: () => Promise<T>,
  isWanted: (value: T) => boolean,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const value = await read()
    if (isWanted(value) || bench.ours || tries === triesElsewhere) return value
    await new Promise((resolve) => setTimeout(resolve, restMs))
  }
}

const columnsOfRun = [
  { en: 'line', ru: 'строка' },
  { en: 'exit code', ru: 'код выхода' },
  { en: 'printed', ru: 'напечатано' },
] as const
const printedMax = 3

/** The lines that ran, with their exit codes and the first lines of what they printed. */
export function pictureOfRun(ran: readonly Ran[]): Picture {
  return {
    kind: 'table',
    columns: columnsOfRun,
    rows: ran.map(({ line, code, out, err, hasEnded }) => {
      const printed = [...out, ...err].filter((text) => text.trim() !== '')
      const shown = printed.slice(0, printedMax).map((text) => text.replaceAll('\t', ' '))
      const more = printed.length > printedMax ? ['…'] : []
      return [line, hasEnded ? String(code) : 'Ctrl-C', [...shown, ...more].join(' | ')]
    }),
    wrong: ran.flatMap(({ code, hasEnded }, i) => (code === 0 && hasEnded ? [] : [i])),
  }
}
