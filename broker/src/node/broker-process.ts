/**
 * The brokers of one Node process: locks folders, binds ports, starts the cluster, and undoes all of it.
 *
 *   start   lock the folders -> bind the ports -> replay and recover -> register -> accept connections
 *   stop    refuse connections -> flush and close the logs, mark them clean -> close sockets and timers -> unlock
 *
 * The command line (cli.ts) and the library (index.ts) are two ways to set the options.
 *
 * BROKER-PROCESS-1  a failed start undoes what it has done: no port, lock or timer stays behind
 * BROKER-PROCESS-2  `stop` may be called at any time and more than once; every caller gets the same promise
 */
import { hostname } from 'node:os'
import type { Parts } from '../broker/broker.ts'
import { Cluster } from '../broker/cluster.ts'
import type { Metric } from '../broker/metrics.ts'
import { BrokerConfig } from '../config/broker-config.ts'
import type { Logger, Storage, TraceEvent } from '../core.ts'
import { RE2_EXPRESSIONS } from '../re2/re2-expressions.ts'
import { MemoryStorage } from '../sim/memory-storage.ts'
import { Stalls } from '../stalls.ts'
import { useMachineCode } from '../wire/crc32c.ts'
import { randomUuid } from '../wire/uuid.ts'
import { type Address, advertisedAddress } from './cli-options.ts'
import { NODE_CODECS } from './compression/codecs.ts'
import { coreOfNode, dice, type NodeCore } from './core-of-node.ts'
import { Descriptors } from './descriptors.ts'
import { type DataFolder, openDataFolder } from './files/data-folder.ts'
import { FileStorage } from './files/file-storage.ts'
import { watchHeap } from './heap-watch.ts'
import { machineCrc32c } from './machine-crc32c.ts'
import { MetricsServer } from './metrics/metrics-server.ts'
import { ProcessMetrics } from './metrics/process-metrics.ts'
import type { MovableTime } from './movable-time.ts'
import { connectionLimits } from './network/connection-limits.ts'
import { type ConnectionLimits, TcpListener } from './network/tcp.ts'
import { NODE_LOOP, watchLoop } from './node-loop.ts'
import { NODE_HASHES } from './password-hashes.ts'

/** Only the brokers of this process call the controller. */
const LOOPBACK = '127.0.0.1'
const NO_LIMITS: ConnectionLimits = {
  connectionsMax: Number.POSITIVE_INFINITY,
  connectionsPerIpMax: () => Number.POSITIVE_INFINITY,
  idleMsMax: 0,
}

export interface ProcessOptions {
  readonly host: string
  /** Port of the first broker; the others use the next ports. 0: a free port for each. */
  readonly port: number
  readonly brokers: number
  /** The data folder. Undefined: in memory. */
  readonly data: string | undefined
  readonly config: Readonly<Record<string, string>>
  readonly log: Logger
  /** Where the first broker serves its metrics; the others use the next ports. Undefined: no metrics. */
  readonly metrics?: Address | undefined
  readonly parts?: Parts | undefined
  readonly trace?: ((event: TraceEvent) => void) | undefined
  /** A test's own time; left out: the machine's. */
  readonly time?: MovableTime | undefined
}

export interface RunningBrokers {
  /** host:port of each broker, separated by commas. Clients call it bootstrap.servers. */
  readonly bootstrap: string
  /** The metrics URL of each broker. */
  readonly metricsUrls: readonly string[]
  stop(): Promise<void>
}

/** Starts the brokers; resolves when they accept requests. Rejects with ConfigError, ListenError, DataFolderError, StorageError. */
export async function runBrokers(options: ProcessOptions): Promise<RunningBrokers> {
  const process = new BrokerProcess(options)
  useMachineCode(machineCrc32c())
  try {
    await process.start()
    return process
  } catch (error) {
    await process.abandon()
    throw error
  }
}

class BrokerProcess implements RunningBrokers {
  private readonly options: ProcessOptions
  private readonly nodeIds: readonly number[]
  private readonly listeners: TcpListener[] = []
  /** Where the other brokers reach the controller; a single broker needs none. */
  private controllerListener: TcpListener | undefined
  private readonly metricsServers: MetricsServer[] = []
  private readonly cores: NodeCore[] = []
  /** All brokers share one thread, so they share one record of its stalls. */
  private readonly stalls: Stalls
  private descriptors: Descriptors | undefined
  private unwatch: (() => void) | undefined
  /** One per node; dynamic changes are included. */
  private readonly configs: BrokerConfig[] = []
  private folder: DataFolder | undefined
  private cluster: Cluster | undefined
  private stopping: Promise<void> | undefined

  constructor(options: ProcessOptions) {
    const firstId = new BrokerConfig(options.config).get('node.id') ?? 1
    this.options = options
    this.stalls = new Stalls({ log: options.log, clock: NODE_LOOP })
    this.nodeIds = Array.from({ length: options.brokers }, (_, i) => firstId + i)
  }

  get bootstrap(): string {
    return this.nodeIds.map((_, i) => this.addressOf(i).join(':')).join(',')
  }

  async start(): Promise<void> {
    const { options, nodeIds } = this
    this.folder =
      options.data === undefined ? inMemory(nodeIds.length) : openDataFolder(options.data, nodeIds, dice)
    const files = this.folder.storages.filter((storage) => storage instanceof FileStorage)
    this.descriptors = new Descriptors({
      log: options.log,
      makeRoom: () => files.map((storage) => storage.makeRoom()).includes(true),
    })
    for (const storage of files) storage.shareDescriptors(() => this.descriptors?.ranOut())
    for (const i of nodeIds.keys()) this.listeners.push(await this.listen(i))
    if (nodeIds.length > 1) this.controllerListener = await this.listenAt(LOOPBACK, 0)
    for (const i of nodeIds.keys()) await this.openMetrics(i)
    const { clusterId, storages } = this.folder
    const nodes = nodeIds.map((id, i) => this.node(id, i, storages[i]!))
    this.cluster = new Cluster({
      clusterId,
      nodes,
      parts: options.parts,
      codecs: NODE_CODECS,
      expressions: RE2_EXPRESSIONS,
      passwordHashes: NODE_HASHES,
      controllerEndpoint: this.controllerListener && { host: LOOPBACK, port: this.controllerListener.port },
    })
    await started(this.cluster)
    const [first] = this.cluster.brokers
    this.controllerListener?.serve((transport) => first!.connect(transport, 'CONTROLLER'))
    for (const [i, broker] of this.cluster.brokers.entries()) {
      this.listeners[i]!.serve((transport) => broker.connect(transport))
    }
    // A start may block the thread for long, but no client waits yet.
    const unwatchLoop = watchLoop(this.stalls)
    const unwatchHeap = watchHeap(options.log)
    this.unwatch = () => {
      unwatchLoop()
      unwatchHeap()
    }
  }

  get metricsUrls(): readonly string[] {
    return this.metricsServers.map(({ url }) => url)
  }

  private async openMetrics(index: number): Promise<void> {
    const { metrics: address, log } = this.options
    if (!address) return
    const ofProcess = new ProcessMetrics(this.stalls)
    const metrics = function* (this: BrokerProcess): Generator<Metric> {
      yield* this.cluster?.brokers[index]?.metrics() ?? []
      yield* ofProcess.metrics()
    }.bind(this)
    const port = address.port === 0 ? 0 : address.port + index
    this.metricsServers.push(await MetricsServer.open({ host: address.host, port, metrics, log }))
  }

  private listen(index: number): Promise<TcpListener> {
    const { host, port } = this.options
    return this.listenAt(host, port === 0 ? 0 : port + index, (settings) =>
      connectionLimits(this.configs[index] ?? settings),
    )
  }

  private listenAt(
    host: string,
    port: number,
    limits: (settings: BrokerConfig) => ConnectionLimits = () => NO_LIMITS,
  ): Promise<TcpListener> {
    const { config, log } = this.options
    const settings = new BrokerConfig(config)
    return TcpListener.open({
      host,
      port,
      backlog: settings.get('socket.listen.backlog.size'),
      limits: () => limits(settings),
      log,
      descriptors: this.descriptors,
    })
  }

  private node(id: number, index: number, storage: Storage) {
    const { config, log, trace, data, time } = this.options
    const core = coreOfNode({
      storage,
      log,
      time,
      stalls: this.stalls,
      addressOf: (host, port) => this.listeningAddressOf(host, port),
      trace: trace && ((event) => trace({ node: id, ...event })),
    })
    this.cores.push(core)
    const [host, port] = this.addressOf(index)
    const settings = new BrokerConfig({
      'advertised.listeners': `PLAINTEXT://${host}:${port}`,
      // With several brokers, a configured value is the first broker's; the others get their own.
      ...(this.nodeIds.length > 1 ? withoutAdvertised(config) : config),
      'node.id': String(id),
      'process.roles': index === 0 ? 'broker,controller' : 'broker',
      listeners: `PLAINTEXT://${this.options.host}:${this.listeners[index]!.port}`,
      ...(data !== undefined && { 'log.dirs': data }),
    })
    this.configs[index] = settings
    return {
      core: core.core,
      config: settings,
      endpoint: { id, host, port, rack: settings.get('broker.rack') },
    }
  }

  /** The address that Metadata gives to clients: advertised.listeners if set, else where this broker listens. */
  private addressOf(index: number): [host: string, port: number] {
    const { host, config } = this.options
    const advertised = advertisedAddress(config)
    if (advertised) return [advertised.host, advertised.port + index]
    return [isWildcard(host) ? hostname() : host, this.listeners[index]!.port]
  }

  /**
   * Where to connect for an advertised address. A node of this process is reached where it listens: the address for clients
   * may be one that can only be reached from outside.
   */
  private listeningAddressOf(host: string, port: number): { host: string; port: number } {
    const index = this.nodeIds.findIndex((_, i) => this.addressOf(i).join(':') === `${host}:${port}`)
    const listener = this.listeners[index]
    if (!listener) return { host, port }
    const { host: bound } = this.options
    return { host: isWildcard(bound) ? loopbackOf(bound) : bound, port: listener.port }
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopCleanly()
    return this.stopping
  }

  private async stopCleanly(): Promise<void> {
    for (const listener of this.allListeners()) listener.refuse()
    await new Promise<void>((resolve) => this.cluster!.stop(resolve))
    await this.abandon()
  }

  private allListeners(): TcpListener[] {
    return this.controllerListener ? [...this.listeners, this.controllerListener] : this.listeners
  }

  /** Releases everything, whether or not the cluster was stopped (BROKER-PROCESS-1). */
  async abandon(): Promise<void> {
    this.unwatch?.()
    for (const core of this.cores) core.close()
    await Promise.all([...this.allListeners(), ...this.metricsServers].map((server) => server.close()))
    this.folder?.unlock()
  }
}

function withoutAdvertised(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'advertised.listeners'))
}

/** Whether this address means "all addresses of this machine". */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/** The address of this machine itself, for a listener on all addresses. */
function loopbackOf(wildcard: string): string {
  return wildcard === '::' ? '::1' : '127.0.0.1'
}

function started(cluster: Cluster): Promise<void> {
  return new Promise((resolve, reject) => {
    cluster.start((failure) => (failure === undefined ? resolve() : reject(new Error(failure))))
  })
}

function inMemory(nodes: number): DataFolder {
  return {
    clusterId: randomUuid((length) => dice.bytes(length)),
    storages: Array.from({ length: nodes }, () => new MemoryStorage((event) => void setImmediate(event))),
    unlock: () => {},
  }
}
