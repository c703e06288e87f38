/**
 * A broker in a page: the same core, with its log in memory and its random numbers from a seed.
 *
 *   const broker = createBrowserBroker({ seed: 7, trace: (event) => draw(event) })
 *   const socket = broker.connect()
 *   socket.onData((bytes) => …)          a frame may come in several pieces, as with TCP
 *   socket.send(frame)
 *
 * It contains no Node code and no polyfill: a bundler for the browser can use this file directly. For a worker, connect the
 * two ends of a connection by postMessage.
 *
 * BROWSER-BROKER-1  the same seed gives the same ids; times are the page's
 * BROWSER-BROKER-2  after `stop` no timer is left, and nothing is sent
 */
import { Cluster } from '../broker/cluster.ts'
import type { Connection, Transport } from '../broker/connection.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import { bytesOf, type Logger, type TraceEvent } from '../core.ts'
import { RE2_EXPRESSIONS } from '../re2/re2-expressions.ts'
import { MemoryLinks } from '../sim/memory-links.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { randomUuid } from '../wire/uuid.ts'
import { pageLoop } from './page-loop.ts'
import { machineClock } from './web-time.ts'
import { WebTimers } from './web-timers.ts'

/** The broker's address in Metadata; in a page it is only a name. */
const ENDPOINT = { id: 1, host: 'browser', port: 9092, rack: null }

export interface BrowserBrokerOptions {
  /** For ids and all other random values. */
  readonly seed: number
  /** Gets every trace event of the core: appended batches, group states, … */
  readonly trace?: (event: TraceEvent) => void
  /** Configs with Kafka's names. */
  readonly config?: Readonly<Record<string, string>>
  /** Gets the broker's log; default: the log is discarded. */
  readonly log?: Logger
}

/** The client's end of a connection. */
export interface BrowserSocket {
  /** Sends bytes of the protocol, in pieces of any size. */
  send(bytes: Uint8Array): void
  /** Sets the receiver of the broker's bytes; earlier bytes are passed on at once. */
  onData(take: (bytes: Uint8Array) => void): void
  /** Sets the callback for a connection that the broker has closed. */
  onClose(hear: () => void): void
  close(): void
}

export interface BrowserBroker {
  connect(): BrowserSocket
  stop(): void
}

/** Starts a broker; it serves at once. Throws ConfigError for an invalid config. */
export function createBrowserBroker(options: BrowserBrokerOptions): BrowserBroker {
  const log = options.log ?? (() => {})
  const random = new SeededRandom(options.seed)
  const timers = new WebTimers(log, pageLoop())
  const storage = new MemoryStorage((event) => timers.soon(event))
  const links = new MemoryLinks((event) => timers.soon(event))
  const { dial } = links
  const core = { clock: machineClock(), timers, random, storage, log, dial, trace: options.trace }
  const config = new BrokerConfig({
    'group.initial.rebalance.delay.ms': '0',
    ...options.config,
    'node.id': '1',
  })
  const clusterId = randomUuid((length) => random.bytes(length))
  const cluster = new Cluster({
    clusterId,
    nodes: [{ core, config, endpoint: ENDPOINT }],
    expressions: RE2_EXPRESSIONS,
  })
  const waiting: (() => void)[] = []
  let serving = false
  cluster.start((failure) => {
    if (failure) log('error', `start: ${failure}`)
    links.listen(ENDPOINT.host, ENDPOINT.port, (transport) => cluster.brokers[0]!.connect(transport))
    serving = true
    for (const go of waiting.splice(0)) go()
  })
  return {
    connect: () => connect(cluster, (go) => (serving ? go() : waiting.push(go))),
    stop: () => cluster.stop(() => timers.close()),
  }
}

/** `whenServing` calls back as soon as the broker serves. */
function connect(cluster: Cluster, whenServing: (go: () => void) => void): BrowserSocket {
  const early: Uint8Array[] = []
  let take: (bytes: Uint8Array) => void = (bytes) => void early.push(bytes)
  let hear = (): void => {}
  let connection: Connection | undefined
  const transport: Transport = {
    remoteHost: 'page',
    send: (chunks) => {
      for (const chunk of chunks) take(bytesOf(chunk))
      return true
    },
    close: () => hear(),
  }
  whenServing(() => {
    connection = cluster.brokers[0]!.connect(transport)
  })
  return {
    send: (bytes) => whenServing(() => connection?.receive(bytes)),
    onData: (taker) => {
      take = taker
      for (const bytes of early.splice(0)) take(bytes)
    },
    onClose: (hearer) => {
      hear = hearer
    },
    close: () => whenServing(() => connection?.closed()),
  }
}
