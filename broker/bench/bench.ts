/**
 * The broker's speed beside Apache Kafka's: `npm run bench [-- --quick] [--only produce] [--out FILE]`.
 *
 * Kafka's own tools load both brokers, in turns, in one run on one machine (tools.ts); the result is a table of
 * ratios (report.ts). Figures of different runs say little, for a machine is never twice the same; ratios do.
 *
 *   --quick         one round of fewer loads, about two minutes
 *   --only GROUP    start, memory, produce, consume or end-to-end; consume has to produce first
 *   --rounds N      instead of the plan's
 *   --out FILE      the JSON; the table goes beside it, as .md (broker/bench/results/latest.json, or quick.json)
 *
 *   exit            0 measured; 2 bad arguments; 3 this machine lacks Java or Maven; 1 something failed
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildBroker } from '../build.mjs'
import { KAFKA_VERSION, kafkaClassPath, MissingError } from '../compare/kafka-jars.ts'
import { type BrokerName, type RunningBroker, startBroker } from './brokers.ts'
import { createTopic, deleteTopic, openIdle } from './client.ts'
import { FULL, type Plan, type ProduceCase, QUICK, sizeName } from './plan.ts'
import { type Report, type Row, toJson, toMarkdown } from './report.ts'
import { consume, endToEnd, produce } from './tools.ts'

const HERE = dirname(fileURLToPath(import.meta.url))
const GROUPS = ['start', 'memory', 'produce', 'consume', 'end-to-end'] as const
const NAMES: readonly BrokerName[] = ['offset-zero', 'kafka']
/** How long a broker may settle before its idle memory is looked at. */
const SETTLE_MS = 3000

interface Options {
  readonly plan: Plan
  readonly only: string | undefined
  readonly out: string
}

/** A run under way: rows as they fill, and what is needed to fill them. */
interface Run extends Options {
  readonly classPath: string
  readonly rows: Map<string, Row>
  topics: number
}

// The step under way ends, or its tool is gone with the same Ctrl-C; then the brokers are stopped, and nothing is left.
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
  process.exit(error instanceof MissingError ? 3 : 1)
})

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  const run: Run = { ...options, classPath: kafkaClassPath(), rows: new Map(), topics: 0 }
  await buildBroker()
  const version = commit()
  const loadBefore = loadavg()
  await measure(run)
  const report = describe(run, version, loadBefore)
  mkdirSync(dirname(run.out), { recursive: true })
  writeFileSync(run.out, toJson(report))
  writeFileSync(run.out.replace(/(\.json)?$/, '.md'), toMarkdown(report))
  process.stdout.write(toMarkdown(report))
}

function optionsOf(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string' },
        out: { type: 'string' },
      },
    })
    const { quick, only, rounds, out } = values
    if (only && !GROUPS.some((group) => group === only))
      throw new Error(`--only is one of ${GROUPS.join(', ')}`)
    if (rounds && !/^[1-9]\d?$/.test(rounds)) throw new Error('--rounds is a number from 1 to 99')
    const plan = quick ? QUICK : FULL
    const file = join(HERE, 'results', quick ? 'quick.json' : 'latest.json')
    return { plan: rounds ? { ...plan, rounds: Number(rounds) } : plan, only, out: out ?? file }
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`)
    process.exit(2)
  }
}

async function measure(run: Run): Promise<void> {
  if (wants(run, 'start')) await measureStarts(run)
  const brokers: RunningBroker[] = []
  try {
    for (const name of NAMES) brokers.push(await startBroker(name))
    await sleep(SETTLE_MS)
    for (const broker of brokers) note(run, 'memory', 'idle', 'MB', 'less', 0.33, broker, broker.residentMb())
    await warmUp(run, brokers)
    for (let round = 0; round < run.plan.rounds; round++) {
      await measureRound(run, round % 2 ? [...brokers].reverse() : brokers, round)
    }
    for (const broker of brokers)
      note(run, 'memory', 'after', 'MB', 'less', 0.33, broker, broker.residentMb())
  } finally {
    await Promise.allSettled(brokers.map((broker) => broker.stop()))
  }
}

function wants({ only }: Run, group: (typeof GROUPS)[number]): boolean {
  return only === undefined || only === group
}

function note(
  run: Run,
  group: (typeof GROUPS)[number],
  what: string,
  unit: string,
  better: Row['better'],
  target: number,
  { name }: { readonly name: BrokerName },
  value: number,
): void {
  if (interrupted) throw new Error('interrupted')
  if (!wants(run, group)) return
  const key = `${group} ${what}`
  const row = run.rows.get(key) ?? {
    group,
    what,
    unit,
    better,
    target,
    runs: { 'offset-zero': [], kafka: [] },
  }
  run.rows.set(key, row)
  row.runs[name].push(value)
  process.stderr.write(`${name.padEnd(12)} ${key.padEnd(44)} ${value.toFixed(1)} ${unit}\n`)
}

async function measureStarts(run: Run): Promise<void> {
  for (let i = 0; i < run.plan.starts; i++) {
    for (const name of NAMES) {
      const broker = await startBroker(name)
      const { startMs } = broker
      await broker.stop()
      note(run, 'start', 'to the first produce', 'ms', 'less', 0.05, broker, startMs)
    }
  }
}

/** Both have compiled what is hot before anything counts. */
async function warmUp(run: Run, brokers: readonly RunningBroker[]): Promise<void> {
  const records = 300_000
  for (const { bootstrap } of brokers) {
    await createTopic(bootstrap, 'warm-up', 3)
    await produce(run.classPath, { bootstrap, topic: 'warm-up', records }, 200, 'all')
    await consume(run.classPath, { bootstrap, topic: 'warm-up', records })
    await deleteTopic(bootstrap, 'warm-up')
  }
}

async function measureRound(run: Run, brokers: readonly RunningBroker[], round: number): Promise<void> {
  process.stderr.write(`round ${round + 1} of ${run.plan.rounds}, load ${loadavg()[0]!.toFixed(1)}\n`)
  if (wants(run, 'produce') || wants(run, 'consume')) {
    for (const each of run.plan.produces) {
      for (const broker of brokers) await measureRecords(run, each, broker)
    }
  }
  if (!wants(run, 'end-to-end')) return
  for (const idle of run.plan.idleConnections) {
    for (const broker of brokers) await measureEndToEnd(run, idle, broker)
  }
}

async function measureRecords(run: Run, each: ProduceCase, broker: RunningBroker): Promise<void> {
  if (!wants(run, 'produce') && !each.consumed) return
  const { bootstrap } = broker
  const topic = `records-${run.topics++}`
  const load = { bootstrap, topic, records: each.records }
  await createTopic(bootstrap, topic, each.partitions)
  const size = sizeName(each.recordBytes)
  const where = `${each.partitions} partition${each.partitions > 1 ? 's' : ''}`
  const { recordsPerS } = await produce(run.classPath, load, each.recordBytes, each.acks)
  note(run, 'produce', `${size}, acks=${each.acks}, ${where}`, '/s', 'more', 1, broker, recordsPerS)
  if (each.consumed && wants(run, 'consume')) {
    const fetchedPerS = await consume(run.classPath, load)
    note(run, 'consume', `${size}, ${where}`, '/s', 'more', 1, broker, fetchedPerS)
  }
  await deleteTopic(bootstrap, topic)
}

async function measureEndToEnd(run: Run, idle: number, broker: RunningBroker): Promise<void> {
  const { bootstrap } = broker
  const topic = `end-to-end-${run.topics++}`
  const closeIdle = await openIdle(bootstrap, idle)
  await createTopic(bootstrap, topic, 1)
  const load = { bootstrap, topic, records: run.plan.endToEndRecords }
  const times = await endToEnd(run.classPath, load).finally(closeIdle)
  const beside = `${idle} idle connection${idle > 1 ? 's' : ''}`
  note(run, 'end-to-end', `mean, ${beside}`, 'ms', 'less', 1, broker, times.meanMs)
  note(run, 'end-to-end', `p50, ${beside}`, 'ms', 'less', 1, broker, times.p50Ms)
  note(run, 'end-to-end', `p99, ${beside}`, 'ms', 'less', 0.5, broker, times.p99Ms)
  await deleteTopic(bootstrap, topic)
}

function describe(run: Run, version: string, loadBefore: number[]): Report {
  const model = cpus()[0]?.model.trim() || process.arch
  const java = /version "([^"]+)"/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr)?.[1]
  const args = process.argv.slice(2)
  return {
    command: ['npm run bench', ...(args.length ? ['--', ...args] : [])].join(' '),
    date: new Date().toISOString().slice(0, 16),
    machine: {
      cores: cpus().length,
      model,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      loadBefore,
      loadAfter: loadavg(),
    },
    versions: { kafka: KAFKA_VERSION, java: java ?? '?', node: process.versions.node, offsetZero: version },
    settings: `Kafka with 512 MB of heap; both on disk, one node, clients’ defaults, group.initial.rebalance.delay.ms=0; rounds: ${run.plan.rounds}`,
    rounds: run.plan.rounds,
    rows: [...run.rows.values()].sort((a, b) => order(a.group) - order(b.group)),
  }
}

function order(group: string): number {
  return (GROUPS as readonly string[]).indexOf(group)
}

function commit(): string {
  try {
    const args = ['rev-parse', '--short', 'HEAD']
    return execFileSync('git', args, {
      cwd: HERE,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return '?'
  }
}
