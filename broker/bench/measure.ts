/**
 * The groups of measurements, run one after the other; each fills its rows.
 *
 *   start        the start of the processes, before anything else
 *   round 1..n   produce, consume, both at once, end-to-end, connections: each on one broker, then on the other
 *   partitions   last, because ten thousand partitions would slow down all that follows
 */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BrokerName, type RunningBroker, startBroker } from './brokers.ts'
import { addPartitions, createTopic, deleteTopic, openIdle, pacedP99, roundTrips } from './client.ts'
import { type Plan, type ProduceCase, sizeName } from './plan.ts'
import type { Row } from './report.ts'
import { consume, endToEnd, endTools, type Load, produce } from './tools.ts'

export const GROUPS = [
  'start',
  'memory',
  'produce',
  'consume',
  'end-to-end',
  'connections',
  'partitions',
] as const
type Group = (typeof GROUPS)[number]

/** Reading a topic once takes a third of a second, which measures the client's machine more than the broker. */
const READS = 5
const NAMES: readonly BrokerName[] = ['offset-zero', 'kafka']
/** How long a broker rests before its idle memory is measured. */
const SETTLE_MS = 3000
/** Bytes of a record, and how many of them. */
const WARM_UP: readonly (readonly [number, number])[] = [
  [100, 2_000_000],
  [1024, 400_000],
  [10_240, 30_000],
]
/** The number of partitions that one request creates at most: Kafka limits a decision to 10,000 metadata records. */
const PARTITIONS_AT_ONCE = 5000

/** The state of a run: its rows, and what is needed to fill them. */
export interface Run {
  readonly plan: Plan
  readonly only: string | undefined
  readonly rows: Map<string, Row>
  topics: number
}

let interrupted = false

/** Makes the current measurement the last one; `measure` then stops the brokers and rejects. */
export function interrupt(): void {
  interrupted = true
}

/** Runs the measurements of the plan, and fills the rows of `run`. Always stops both brokers at the end. */
export async function measure(run: Run): Promise<void> {
  if (wants(run, 'start')) await measureStarts(run)
  const brokers: RunningBroker[] = []
  try {
    for (const name of NAMES) brokers.push(await startBroker(name))
    await sleep(SETTLE_MS)
    for (const broker of brokers) note(run, 'memory', 'idle', 'MB', 'less', 0.33, broker, broker.residentMb())
    await warmUp(brokers)
    for (let round = 0; round < run.plan.rounds; round++) {
      await measureRound(run, round % 2 ? [...brokers].reverse() : brokers, round)
    }
    for (const broker of brokers)
      note(run, 'memory', 'after', 'MB', 'less', 0.33, broker, broker.residentMb())
    if (wants(run, 'partitions') && run.plan.manyPartitions > 0) {
      for (const broker of brokers) await measureManyPartitions(run, broker)
    }
  } finally {
    await Promise.allSettled([endTools(), ...brokers.map((broker) => broker.stop())])
  }
}

function wants({ only }: Run, group: Group): boolean {
  return only === undefined || only === group
}

function note(
  run: Run,
  group: Group,
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

/** Returns the processor time (ms) that the broker has used since; undefined if the system does not report it. */
function processorTime(broker: RunningBroker): () => number | undefined {
  const before = broker.processorMs()
  return () => (before === undefined ? undefined : broker.processorMs()! - before)
}

/** Records the broker's own processor time for a load, without the client's. */
function noteProcessor(
  run: Run,
  group: Group,
  what: string,
  broker: RunningBroker,
  ms: number | undefined,
): void {
  if (ms !== undefined) note(run, group, `${what}: the broker’s processor time`, 'ms', 'less', 1, broker, ms)
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

/** Lets the JIT compilers of brokers and tools compile hot code before anything is measured. */
async function warmUp(brokers: readonly RunningBroker[]): Promise<void> {
  for (const [recordBytes, records] of WARM_UP) {
    for (const { bootstrap } of brokers) {
      const load = { bootstrap, topic: `warm-up-${recordBytes}`, records }
      await createTopic(bootstrap, load.topic, 3)
      await produce(load, recordBytes, 'all')
      await consume(load)
      await deleteTopic(bootstrap, load.topic)
    }
  }
}

async function measureRound(run: Run, brokers: readonly RunningBroker[], round: number): Promise<void> {
  process.stderr.write(`round ${round + 1} of ${run.plan.rounds}, load ${loadavg()[0]!.toFixed(1)}\n`)
  if (wants(run, 'produce') || wants(run, 'consume')) {
    for (const each of run.plan.produces) {
      for (const broker of brokers) await measureRecords(run, each, broker)
    }
  }
  if (wants(run, 'consume')) {
    for (const each of run.plan.together) {
      for (const broker of brokers) await measureTogether(run, each, broker)
    }
  }
  for (const count of run.plan.connections) {
    if (wants(run, 'end-to-end')) {
      for (const broker of brokers) await measureEndToEnd(run, count, broker)
    }
    if (wants(run, 'connections')) {
      for (const broker of brokers) await measureConnections(run, count, broker)
    }
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
  const wrote = processorTime(broker)
  const { recordsPerS } = await produce(load, each.recordBytes, each.acks)
  const writing = `${size}, acks=${each.acks}, ${where}`
  note(run, 'produce', writing, '/s', 'more', 1, broker, recordsPerS)
  noteProcessor(run, 'produce', writing, broker, wrote())
  if (each.consumed && wants(run, 'consume')) {
    const read = processorTime(broker)
    const fetchedPerS = await consumeAgainAndAgain(load)
    note(run, 'consume', `${size}, ${where}`, '/s', 'more', 1, broker, fetchedPerS)
    noteProcessor(run, 'consume', `${size}, ${where}`, broker, read())
  }
  await deleteTopic(bootstrap, topic)
}

/** Reads the topic READS times, each time with a new group; returns records per second over all of them. */
async function consumeAgainAndAgain(load: Load): Promise<number> {
  let secondsPerRecord = 0
  for (let i = 0; i < READS; i++) secondsPerRecord += 1 / (await consume(load))
  return READS / secondsPerRecord
}

/** A producer at full speed, and a consumer that reads its records at the same time. */
async function measureTogether(run: Run, each: ProduceCase, broker: RunningBroker): Promise<void> {
  const { bootstrap } = broker
  const topic = `together-${run.topics++}`
  const load = { bootstrap, topic, records: each.records }
  await createTopic(bootstrap, topic, each.partitions)
  const [fetchedPerS, { recordsPerS }] = await Promise.all([
    consume(load),
    produce(load, each.recordBytes, each.acks),
  ])
  const what = `${sizeName(each.recordBytes)}, acks=${each.acks}, ${each.partitions} partitions`
  note(run, 'produce', `${what}, consumed meanwhile`, '/s', 'more', 1, broker, recordsPerS)
  note(run, 'consume', `${what}, produced meanwhile`, '/s', 'more', 1, broker, fetchedPerS)
  await deleteTopic(bootstrap, topic)
}

/** Clients that wait for each response before the next request. */
async function measureConnections(run: Run, count: number, broker: RunningBroker): Promise<void> {
  const { bootstrap } = broker
  const topic = `connections-${run.topics++}`
  await createTopic(bootstrap, topic, 12)
  await roundTrips(bootstrap, topic, count, run.plan.requests / 5)
  const { requestsPerS, p99Ms } = await roundTrips(bootstrap, topic, count, run.plan.requests)
  const what = `${count} client${count > 1 ? 's' : ''}, one record a request`
  note(run, 'connections', `requests, ${what}`, '/s', 'more', 1, broker, requestsPerS)
  note(run, 'connections', `p99, ${what}`, 'ms', 'less', 0.5, broker, p99Ms)
  const { requests, requestsPerS: pace } = run.plan
  const pacedMs = await pacedP99(bootstrap, topic, count, requests, pace)
  const paced = `${pace.toLocaleString('en-US')} requests a second, ${count} client${count > 1 ? 's' : ''}`
  note(run, 'connections', `p99, ${paced}`, 'ms', 'less', 0.5, broker, pacedMs)
  await deleteTopic(bootstrap, topic)
}

/** Many partitions: created, written to, held in memory, and loaded at a restart. */
async function measureManyPartitions(run: Run, broker: RunningBroker): Promise<void> {
  const { manyPartitions: count } = run.plan
  const { bootstrap } = broker
  const began = performance.now()
  await createTopic(bootstrap, 'many', Math.min(count, PARTITIONS_AT_ONCE))
  for (let made = PARTITIONS_AT_ONCE; made < count; made += PARTITIONS_AT_ONCE) {
    await addPartitions(bootstrap, 'many', Math.min(count, made + PARTITIONS_AT_ONCE))
  }
  const many = `${count.toLocaleString('en-US')} partitions`
  note(run, 'partitions', `${many}: created and led`, 'ms', 'less', 1, broker, performance.now() - began)
  const load = { bootstrap, topic: 'many', records: 50_000 }
  const { recordsPerS } = await produce(load, 1024, '1')
  note(run, 'partitions', `${many}: produce 1 KB, acks=1`, '/s', 'more', 1, broker, recordsPerS)
  note(run, 'partitions', `${many}: memory`, 'MB', 'less', 0.33, broker, broker.residentMb())
  note(
    run,
    'partitions',
    `${many}: start to the first produce`,
    'ms',
    'less',
    1,
    broker,
    await broker.restart(),
  )
}

async function measureEndToEnd(run: Run, idle: number, broker: RunningBroker): Promise<void> {
  const { bootstrap } = broker
  const topic = `end-to-end-${run.topics++}`
  const closeIdle = await openIdle(bootstrap, idle)
  await createTopic(bootstrap, topic, 1)
  const load = { bootstrap, topic, records: run.plan.endToEndRecords }
  const times = await endToEnd(load).finally(closeIdle)
  const beside = `${idle} idle connection${idle > 1 ? 's' : ''}`
  note(run, 'end-to-end', `mean, ${beside}`, 'ms', 'less', 1, broker, times.meanMs)
  note(run, 'end-to-end', `p50, ${beside}`, 'ms', 'less', 1, broker, times.p50Ms)
  note(run, 'end-to-end', `p99, ${beside}`, 'ms', 'less', 0.5, broker, times.p99Ms)
  await deleteTopic(bootstrap, topic)
}
