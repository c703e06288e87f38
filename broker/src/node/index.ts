/**
 * The broker as a library: what a test starts instead of a container.
 *
 *   import { startBroker } from 'offset-zero-broker'
 *
 *   const broker = await startBroker()
 *   const kafka = new Kafka({ brokers: broker.bootstrap.split(',') })
 *   …
 *   await broker.stop()
 *
 * It runs in this process, in memory by default, on a free port that the system chooses.
 *
 * START-BROKER-1  several may run in one process, each with its own data
 * START-BROKER-2  after `stop` nothing keeps the process alive
 */
import type { Parts } from '../broker/broker.ts'
import type { Logger, TraceEvent } from '../core.ts'
import { runBrokers } from './broker-process.ts'
import { type LogLevel, lineLogger } from './logger.ts'
import { MovableTime } from './movable-time.ts'

export type { LogFactory, LogPart } from '../log/log-part.ts'
export type { Logger, LogLevel, Parts, TraceEvent }
export { MovableTime }

export interface StartOptions {
  /** Port of the first broker; the others use the next ports. Default 0: any free port. */
  readonly port?: number
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string
  /** The data folder. Default: in memory. */
  readonly dataDir?: string
  /** How many brokers; default 1. */
  readonly brokers?: number
  /** Settings with Kafka's names: `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>
  /** A port for Prometheus on 127.0.0.1, 0 for any free port; the other brokers use the next ports. Default: no metrics. */
  readonly metricsPort?: number
  /** Replaces a part of the broker: `{ log: (topic, partition) => myLog }`. */
  readonly parts?: Parts
  /** Gets every trace event of the core: appended batches, elections, group states, … */
  readonly trace?: (event: TraceEvent) => void
  /** Time that the test moves forward (movable-time.ts). Default: the machine's. */
  readonly time?: MovableTime
  /** The level of what is logged to stderr, or a function that gets the lines. Default 'error'. */
  readonly log?: LogLevel | Logger
}

export interface RunningBroker {
  /** '127.0.0.1:12345'; with several brokers, their addresses separated by commas. */
  readonly bootstrap: string
  /** The metrics URL of each broker; empty without metricsPort. */
  readonly metricsUrls: readonly string[]
  /** Stops cleanly; may be called again. */
  stop(): Promise<void>
}

/** Starts one broker or several; resolves when they accept requests. Rejects with an Error whose message is for people. */
export async function startBroker(options: StartOptions = {}): Promise<RunningBroker> {
  const {
    port = 0,
    host = '127.0.0.1',
    dataDir,
    brokers = 1,
    config = {},
    metricsPort,
    parts,
    trace,
    time,
    log = 'error',
  } = options
  const logger = typeof log === 'function' ? log : lineLogger(log, (line) => void process.stderr.write(line))
  const metrics = metricsPort === undefined ? undefined : { host: '127.0.0.1', port: metricsPort }
  const running = await runBrokers({
    ...{ port, host, data: dataDir, brokers, config, metrics, parts, trace, time },
    log: logger,
  })
  const { bootstrap, metricsUrls } = running
  return { bootstrap, metricsUrls, stop: () => running.stop() }
}
