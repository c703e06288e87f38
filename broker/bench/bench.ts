/**
 * Compares the broker's speed with Apache Kafka's: `npm run bench [-- --quick] [--only produce] [--out FILE]`.
 *
 * Kafka's own tools load both brokers alternately, in one run on one machine (tools.ts); the result is a table of
 * ratios (report.ts). Absolute figures of different runs are hardly comparable, because a machine's speed varies; ratios are.
 *
 *   --quick         one round of fewer loads, about two minutes
 *   --only GROUP    start, memory, produce, consume, end-to-end, connections or partitions; consume produces first
 *   --rounds N      instead of the plan's
 *   --wait M        minutes to wait for an idle machine before the first round (5); 0: do not wait
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
import { KAFKA_VERSION, kafkaClassPath, MissingError } from '../compare/kafka/kafka-jars.ts'
import { compilerMissing } from '../compare/tools/tool-jvm.ts'
import { machineHasCrc32c } from '../src/node/machine-crc32c.ts'
import { systemSendFile } from '../src/node/network/send-file.ts'
import { GROUPS, interrupt, measure, type Run } from './measure.ts'
import { FULL, type Plan, QUICK } from './plan.ts'
import { isBusy, type Report, toJson, toMarkdown } from './report.ts'

const HERE = dirname(fileURLToPath(import.meta.url))
interface Options {
  readonly plan: Plan
  readonly only: string | undefined
  readonly out: string
  readonly waitMinutes: number
}

// After Ctrl-C the current step ends, or its tool ends with the same signal; then the brokers are stopped.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
  process.exit(error instanceof MissingError ? 3 : 1)
})

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  const run: Options & Run = { ...options, rows: new Map(), topics: 0 }
  kafkaClassPath()
  const missing = compilerMissing()
  if (missing) throw new MissingError(missing)
  await buildBroker()
  const version = commit()
  await quietMachine(options.waitMinutes)
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
        wait: { type: 'string', default: '5' },
      },
    })
    const { quick, only, rounds, out, wait } = values
    if (only && !GROUPS.some((group) => group === only))
      throw new Error(`--only is one of ${GROUPS.join(', ')}`)
    if (rounds && !/^[1-9]\d?$/.test(rounds)) throw new Error('--rounds is a number from 1 to 99')
    if (!/^\d{1,3}$/.test(wait)) throw new Error('--wait is a number of minutes from 0 to 999')
    const plan = quick ? QUICK : FULL
    const file = join(HERE, 'results', quick ? 'quick.json' : 'latest.json')
    return {
      plan: rounds ? { ...plan, rounds: Number(rounds) } : plan,
      only,
      out: out ?? file,
      waitMinutes: Number(wait),
    }
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n`)
    process.exit(2)
  }
}

/** Waits until the load of the last minute has fallen, or the time is up: then the report says "tendencies only". */
async function quietMachine(minutesMax: number): Promise<void> {
  const untilMs = performance.now() + minutesMax * 60_000
  let isSaid = false
  while (isBusy(loadavg()[0]!, cpus().length) && performance.now() < untilMs) {
    if (!isSaid)
      process.stderr.write(`bench: the machine is busy; waiting up to ${minutesMax} min (--wait)\n`)
    isSaid = true
    await sleep(5000)
  }
}

function describe(run: Options & Run, version: string, loadBefore: number[]): Report {
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
    ways: {
      fetch: systemSendFile() ? 'sendfile' : 'buffers',
      checksum: machineHasCrc32c() ? 'processor' : 'tables',
    },
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
    const args = ['describe', '--always', '--dirty', '--exclude=*']
    return execFileSync('git', args, {
      cwd: HERE,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return '?'
  }
}
