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
 * It lives in this process, in memory unless told otherwise, on a port of the system's choice.
 *
 * START-BROKER-1  several may run in one process, each with its own data
 * START-BROKER-2  after `stop` nothing of it keeps the process alive
 */
import type { Parts } from '../broker/broker.ts'
import type { Logger, TraceEvent } from '../core.ts'
import { runBrokers } from './broker-process.ts'
import { type LogLevel, lineLogger } from './logger.ts'

export type { LogFactory, LogPart } from '../log/log-part.ts'
export type { Logger, LogLevel, Parts, TraceEvent }

export interface StartOptions {
  /** Of the first broker (default 0: any free one); the others have the next ones. */
  readonly port?: number
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string
  /** The folder that keeps the records; none: in memory. */
  readonly dataDir?: string
  /** How many; default 1. */
  readonly brokers?: number
  /** Settings under Kafka's names: `{ 'num.partitions': '3' }`. */
  readonly config?: Readonly<Record<string, string>>
  /** A port for Prometheus on 127.0.0.1, 0 for any free one; the other brokers have the next ones. None: no metrics. */
  readonly metricsPort?: number
  /** What replaces a part of ours: `{ log: (topic, partition) => myLog }`. */
  readonly parts?: Parts
  /** Gets every event of the core: appended batches, elections, states of groups, … */
  readonly trace?: (event: TraceEvent) => void
  /** How much goes to stderr, or where it goes; default 'error'. */
  readonly log?: LogLevel | Logger
}

export interface RunningBroker {
  /** '127.0.0.1:12345', and more behind commas when there are more brokers. */
  readonly bootstrap: string
  /** Where each broker's metrics are, if they were asked for. */
  readonly metricsUrls: readonly string[]
  /** Stops cleanly; may be called again. */
  stop(): Promise<void>
}

/** Starts one broker or several; resolves when they serve. Rejects with an Error whose message is for people. */
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
    log = 'error',
  } = options
  const logger = typeof log === 'function' ? log : lineLogger(log, (line) => void process.stderr.write(line))
  const metrics = metricsPort === undefined ? undefined : { host: '127.0.0.1', port: metricsPort }
  const running = await runBrokers({
    ...{ port, host, data: dataDir, brokers, config, metrics, parts, trace },
    log: logger,
  })
  const { bootstrap, metricsUrls } = running
  return { bootstrap, metricsUrls, stop: () => running.stop() }
}
