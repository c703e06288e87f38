/**
 * A broker in a page: the same core, with its log in memory and its dice in the reader's hand.
 *
 *   const broker = createBrowserBroker({ seed: 7, trace: (event) => draw(event) })
 *   const socket = broker.connect()
 *   socket.onData((bytes) => …)          whole protocol frames may come in several pieces, as from TCP
 *   socket.send(frame)
 *
 * Nothing of Node is in it, and no shim for it: a bundler for the browser takes this file as it is. In a worker, the
 * two ends of a connection are two ends of a postMessage.
 *
 * BROWSER-BROKER-1  the same seed gives the same ids; times are the page's
 * BROWSER-BROKER-2  after `stop` no timer is left, and nothing is sent any more
 */
import { Cluster } from '../broker/cluster.ts'
import type { Connection, Transport } from '../broker/connection.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import { bytesOf, type Logger, type TraceEvent } from '../core.ts'
import { RE2_EXPRESSIONS } from '../re2/re2-expressions.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { SeededRandom } from '../sim/seeded-random.ts'
import { randomUuid } from '../wire/uuid.ts'
import { pageLoop } from './page-loop.ts'
import { machineClock } from './web-time.ts'
import { WebTimers } from './web-timers.ts'

/** What clients are told of the broker's whereabouts; in a page it is a name and no more. */
const ENDPOINT = { id: 1, host: 'browser', port: 9092, rack: null }

export interface BrowserBrokerOptions {
  /** For ids, and whatever else is left to chance. */
  readonly seed: number
  /** Gets every event of the core: appended batches, states of groups, … */
  readonly trace?: (event: TraceEvent) => void
  /** Settings under Kafka's names. */
  readonly config?: Readonly<Record<string, string>>
  /** Gets the broker's log; nobody does unless given. */
  readonly log?: Logger
}

/** The client's end of a connection. */
export interface BrowserSocket {
  /** Sends bytes of the protocol, in pieces of any size. */
  send(bytes: Uint8Array): void
  /** Who gets what the broker sends; what came before is handed over at once. */
  onData(take: (bytes: Uint8Array) => void): void
  /** Who hears that the broker has hung up. */
  onClose(hear: () => void): void
  close(): void
}

export interface BrowserBroker {
  connect(): BrowserSocket
  stop(): void
}

/** Starts a broker; it serves at once. Throws ConfigError for a setting that can't be. */
export function createBrowserBroker(options: BrowserBrokerOptions): BrowserBroker {
  const log = options.log ?? (() => {})
  const random = new SeededRandom(options.seed)
  const timers = new WebTimers(log, pageLoop())
  const storage = new MemoryStorage((event) => timers.soon(event))
  const core = { clock: machineClock(), timers, random, storage, log, trace: options.trace }
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
    serving = true
    for (const go of waiting.splice(0)) go()
  })
  return {
    connect: () => connect(cluster, (go) => (serving ? go() : waiting.push(go))),
    stop: () => cluster.stop(() => timers.close()),
  }
}

/** `whenServing` lets something happen as soon as the broker serves. */
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
