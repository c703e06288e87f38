/**
 * The two brokers of the bench as separate processes: ours from its bundle, Apache Kafka from Maven's jars.
 *
 * Both keep their data in a folder of the temp directory, on the same disk, and have the same settings. Starts are timed
 * with a folder that an earlier start has prepared, because Kafka formats its folder only once.
 *
 * - `ready` is printed by the broker; `startMs` is measured here: from the spawn to the response to the first Produce
 * - after `stop` the process has ended and its folder is removed
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startKafka } from '../compare/kafka/kafka-process.ts'
import { firstProduce } from './client.ts'

const CLI = join(dirname(fileURLToPath(import.meta.url)), '../dist/cli.js')
/** Starting Kafka with ten thousand partitions takes minutes. */
const SERVE_MS_MAX = 300_000
const NO_DELAY = 'group.initial.rebalance.delay.ms'

export type BrokerName = 'offset-zero' | 'kafka'

export interface RunningBroker {
  readonly name: BrokerName
  readonly bootstrap: string
  /** From the spawn of the process to the response to the first Produce, ms. */
  readonly startMs: number
  /** Current resident memory, MB. */
  residentMb(): number
  /** Processor time since the start, user and system, ms; undefined without /proc. */
  processorMs(): number | undefined
  /** Stops the process and starts it again on its data; returns the time as in `startMs`. */
  restart(): Promise<number>
  stop(): Promise<void>
}

interface Started {
  readonly pid: () => number
  stop(): Promise<void>
}

/** Starts a broker in its own folder, stops it, and starts it again with the clock running. */
export async function startBroker(name: BrokerName): Promise<RunningBroker> {
  const folder = mkdtempSync(join(tmpdir(), `offset-zero-bench-${name}-`))
  const port = await freePort()
  const start = name === 'kafka' ? startReal : startOurs
  const bootstrap = `127.0.0.1:${port}`
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    let running = await start(folder, port)
    const restart = async () => {
      await running.stop()
      const began = performance.now()
      // Polled from the first moment on, while the process is still starting.
      const produced = firstProduce(bootstrap, SERVE_MS_MAX).then(() => performance.now() - began)
      const [startMs, started] = await Promise.all([produced, start(folder, port)])
      running = started
      return startMs
    }
    return {
      name,
      bootstrap,
      startMs: await restart(),
      residentMb: () => residentMb(running.pid()),
      processorMs: () => processorMs(running.pid()),
      restart,
      stop: () => running.stop().then(remove),
    }
  } catch (error) {
    remove()
    throw error
  }
}

async function startOurs(folder: string, port: number): Promise<Started> {
  const args = [CLI, '--port', `${port}`, '--data', folder, '--set', `${NO_DELAY}=0`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const gone = once(child, 'exit')
  const [line] = await Promise.race([once(child.stdout, 'data'), gone])
  if (!String(line).startsWith('ready')) throw new Error('our broker has ended before it was ready')
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
  }
  return { pid: () => child.pid!, stop }
}

async function startReal(folder: string, port: number): Promise<Started> {
  const kafka = await startKafka({ nodes: 1, port, dataDir: folder, config: { [NO_DELAY]: '0' } })
  const pid = () => Number(execFileSync('pgrep', ['-f', `kafka.Kafka ${folder}/`], { encoding: 'utf8' }))
  return { pid, stop: () => kafka.stop() }
}

/** Resident memory from ps, which prints kilobytes on Linux and macOS alike. */
function residentMb(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024
}

/** utime and stime of proc(5), in hundredths of a second. */
function processorMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(afterName[11]) + Number(afterName[12])) * 10
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('bench.freePort: no port')
  return address.port
}
