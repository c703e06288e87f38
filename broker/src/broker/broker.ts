/**
 * A broker: one node's floors put together, started, fed with connections, and stopped.
 *
 *            connections --frames--> router --> api handlers
 *                                                |      |       |
 *                                 coordinators --+      |       +--> controller --> metadata log
 *                                      |                v                              |
 *                                      `---------> partitions --> logs                 | new image
 *                                                       ^------------------------------'
 *
 * Start: the metadata log was replayed by the controller; every partition that it gives to this node is opened (and
 * recovered when the last stop was not clean); coordinators read their partitions; then connections are let in.
 * Stop: no new requests, waiting ones end as if their time were up, logs are flushed and closed, and a marker says
 * that the stop was clean.
 *
 * BROKER-1  a client hears of a partition only after it is served: the image is applied here before anyone is answered
 * BROKER-2  after `stop` nothing of this broker runs: no timer, no connection, no open file
 * BROKER-3  a coordinator that cannot read its partition fails alone: NOT_COORDINATOR for what hashes to it (Kafka:
 *     CoordinatorRuntime's state FAILED), and a line that names the file and the place
 */

import type { Api, Services } from '../api/api.ts'
import { APIS } from '../api/catalog.ts'
import { Loggers } from '../api/configs/loggers.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Controller } from '../controller/controller.ts'
import type { ConfigResource, MetadataImage } from '../controller/metadata/metadata-image.ts'
import { type Expressions, NO_EXPRESSIONS } from '../coordinators/expressions.ts'
import { groupConfigOf } from '../coordinators/group/group-config.ts'
import { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import { ProducerIds } from '../coordinators/transaction/producer-ids.ts'
import { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { Core } from '../core.ts'
import { Counters } from '../counters.ts'
import { explain } from '../log/disk-trouble.ts'
import { LogManager } from '../log/log-manager.ts'
import type { LogFactory } from '../log/log-part.ts'
import type { Partition } from '../partition/partition.ts'
import { ReplicaManager } from '../partition/replica-manager.ts'
import { ClientQuotas, quotaWindowsOf } from '../quota/client-quotas.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import { OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC } from '../topic-names.ts'
import { type Steps, Turns } from '../turns.ts'
import { Connection, type Transport } from './connection.ts'
import { coordinatorHost, markerWriter } from './coordinator-logs.ts'
import { FrameMemory } from './frame-memory.ts'
import { LargeRequests } from './large-requests.ts'
import { cleanerSettingsOf, logConfigOf, logManagerSettingsOf } from './log-settings.ts'
import { type Metric, metricsOf } from './metrics.ts'
import { coordinatorOf, markerRouter, type Peers } from './peers.ts'
import { RequestMemory } from './request-memory.ts'
import { route } from './router.ts'

/** Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS; it has no key. */
const SESSION_IDLE_MS_MIN = 120_000

const NOTHING: ReadonlyMap<string, string> = new Map()

/** A coordinator, as it is told of the partitions of its topic. `onElected` throws when the partition cannot be read. */
interface Elected {
  onElected(partition: number, epoch: number): void
  onResigned(partition: number): void
}

/** Parts of the broker that a learner may put in the place of ours. */
export interface Parts {
  readonly log?: LogFactory
}

export interface BrokerOptions {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  /** Shared by the nodes of one process; its metadata log is replayed already. */
  readonly controller: Controller
  readonly parts?: Parts
  /** Compression, which takes more than plain TypeScript; without it compressed batches are kept as they are. */
  readonly codecs?: Codecs
  /** Regular expressions, which take a library; without it every one is refused. */
  readonly expressions?: Expressions
  /** The nodes of this process; more may be added until they start. */
  readonly peers?: Peers
  /** By API key; all that exist unless a test asks for fewer. */
  readonly apis?: ReadonlyMap<number, Api>
}

export class Broker {
  readonly services: Services
  private readonly core: Core
  private readonly controller: Controller
  private readonly logs: LogManager
  private readonly replicas: ReplicaManager
  private readonly groups: GroupCoordinator
  private readonly transactions: TransactionCoordinator
  private readonly quotas: ClientQuotas
  private readonly connections = new Set<Connection>()
  /** Partitions of internal topics whose coordinator this node is, as `topic-index`, with their topic's id. */
  private readonly coordinated = new Map<string, string>()
  private readonly turns: Turns
  private readonly requestMemory: RequestMemory
  private readonly frameMemory = new FrameMemory()
  private readonly largeRequests: LargeRequests
  private nextConnectionId = 1
  private applied: MetadataImage | undefined
  /** The image that this node is being prepared for. */
  private next: MetadataImage | undefined
  private unsubscribe: (() => void) | undefined

  constructor({
    core,
    config,
    nodeId,
    controller,
    parts,
    apis,
    peers = new Map(),
    codecs = NO_CODECS,
    expressions = NO_EXPRESSIONS,
  }: BrokerOptions) {
    this.core = core
    this.turns = new Turns(core)
    this.requestMemory = new RequestMemory(queuedBytesMax(config), core.timers)
    this.largeRequests = new LargeRequests(core.timers)
    this.controller = controller
    const metadata = (): MetadataImage => controller.image
    this.logs = new LogManager({
      core,
      turns: this.turns,
      settings: logManagerSettingsOf(config),
      cleaner: () => cleanerSettingsOf(config),
      configOf: (topic) => logConfigOf(this.next ?? metadata(), config, topic),
      codecs,
      onLost: ({ topic, partition }, error) => this.lose(topic, partition, error),
      logPart: parts?.log,
    })
    const sessions = {
      slotsMax: config.get('max.incremental.fetch.session.cache.slots'),
      idleMsMin: SESSION_IDLE_MS_MIN,
    }
    this.replicas = new ReplicaManager({
      core,
      nodeId,
      logs: this.logs,
      sessions,
      turns: this.turns,
      counters: new Counters(),
      onReopened: () => this.followCoordinated(),
    })
    const host = coordinatorHost({
      core,
      config,
      nodeId,
      replicas: this.replicas,
      metadata,
      codecs,
      turns: this.turns,
      expressions,
    })
    this.groups = new GroupCoordinator({ host, config: groupConfigOf(config) })
    const writeMarker = markerWriter(
      { core, replicas: this.replicas },
      (partition, producerId, _epoch, committed) =>
        this.groups.onTransactionMarker(partition, producerId, committed),
    )
    this.transactions = new TransactionCoordinator({
      host,
      config: {
        timeoutMsMax: config.get('transaction.max.timeout.ms'),
        abortTimedOutIntervalMs: config.get('transaction.abort.timed.out.transaction.cleanup.interval.ms'),
        removeExpiredIntervalMs: config.get('transaction.remove.expired.transaction.cleanup.interval.ms'),
        expirationMs: () => config.get('transactional.id.expiration.ms'),
        transactionVersion: () => metadata().features.get('transaction.version') ?? 0,
      },
      producerIds: new ProducerIds((done) => controller.allocateProducerIds(nodeId, done)),
      write: markerRouter(peers, metadata, writeMarker),
    })
    this.quotas = new ClientQuotas({ clock: core.clock, windows: quotaWindowsOf(config) })
    const { groups, quotas, replicas, transactions } = this
    this.services = {
      core,
      turns: this.turns,
      expressions,
      nodeId,
      config,
      controller,
      replicas,
      loggers: new Loggers(core.log),
      groups,
      transactions,
      quotas,
      writeMarker,
      transactionsOf: (transactionalId) => coordinatorOf(peers, metadata(), transactionalId, transactions),
      metadata,
      apis: apis ?? APIS,
    }
  }

  /** Opens the logs and begins to follow the metadata. Throws StorageError when the data folder can't be used. */
  start(): void {
    this.logs.start()
    // Nobody is served yet: all logs are opened in one go.
    const preparing = this.prepare(this.controller.image, this.services.turns)
    while (!preparing.next().done) {}
    this.apply(this.controller.image)
    this.logs.putStraysAside(
      (topic, index) => this.controller.image.topic(topic)?.partitions[index] !== undefined,
    )
    this.unsubscribe = this.controller.onImage(
      (image) => this.apply(image),
      (image, turns) => this.prepare(image, turns),
    )
  }

  /** Opens and deletes logs (BROKER-1). */
  private *prepare(image: MetadataImage, turns: Turns): Steps<void> {
    const { config, nodeId } = this.services
    this.next = image
    config.setDynamic(
      image.configs.get(`broker:${nodeId}`) ?? NOTHING,
      image.configs.get('broker:') ?? NOTHING,
    )
    this.quotas.apply(image)
    yield* this.replicas.apply(image, turns)
  }

  private apply(image: MetadataImage): void {
    this.next = undefined
    this.applySettings(image)
    this.follow(image, OFFSETS_TOPIC, this.groups)
    this.follow(image, TRANSACTION_STATE_TOPIC, this.transactions)
    this.groups.onMetadata(image)
  }

  /** A log is gone; who made his state of it knows nothing any more. */
  private lose(topic: string, index: number, error: Error): void {
    this.replicas.lose(topic, index, error)
    this.followCoordinated()
  }

  private followCoordinated(): void {
    this.follow(this.controller.image, OFFSETS_TOPIC, this.groups)
    this.follow(this.controller.image, TRANSACTION_STATE_TOPIC, this.transactions)
  }

  private applySettings(image: MetadataImage): void {
    const before = this.applied
    this.applied = image
    if (!before) return
    const isChanged = (resource: ConfigResource): boolean =>
      before.configs.get(resource) !== image.configs.get(resource)
    const brokerChanged = isChanged('broker:') || isChanged(`broker:${this.services.nodeId}`)
    this.replicas.applySettings((topic) => brokerChanged || isChanged(`topic:${topic}`))
  }

  /** A coordinator is told of the partitions of its topic that this node has come to lead, or leads no more. */
  private follow(image: MetadataImage, name: string, coordinator: Elected): void {
    const topic = image.topic(name)
    const led = topic?.partitions.map((_, index) => this.replicas.find(name, index)) ?? []
    for (const [key, topicId] of this.coordinated) {
      const index = Number(key.slice(name.length + 1))
      if (!key.startsWith(`${name}-`) || (topicId === topic?.id && led[index])) continue
      this.coordinated.delete(key)
      coordinator.onResigned(index)
    }
    for (const partition of led) {
      if (!partition || this.coordinated.has(partition.key)) continue
      this.coordinated.set(partition.key, partition.topicId)
      this.elect(coordinator, partition)
    }
  }

  /** A coordinator that cannot read its partition answers NOT_COORDINATOR for it; the rest serves (BROKER-3). */
  private elect(coordinator: Elected, { key, index, leaderEpoch }: Partition): void {
    try {
      coordinator.onElected(index, leaderEpoch)
    } catch (error) {
      const who = coordinator === this.groups ? 'groups' : 'transactional ids'
      const what = `the coordinator of ${key} does not serve, and refuses its ${who}: ${explain(error)}`
      const help = `stop the broker and put ${key} back from a backup, or move it away: its ${who} begin anew then`
      this.core.log('error', `${what}. ${help}`)
    }
  }

  private holdBack(connection: Connection): void {
    const waitMs = this.quotas.admitted(this.services.config.get('max.connection.creation.rate'))
    if (waitMs > 0) connection.holdBack(waitMs)
  }

  /** A client has connected; feed its bytes to the connection that is given back. */
  connect(transport: Transport): Connection {
    const connection = new Connection({
      id: this.nextConnectionId++,
      core: this.core,
      turns: this.turns,
      transport,
      frameBytesMax: this.services.config.get('socket.request.max.bytes'),
      memory: this.requestMemory,
      frameMemory: this.frameMemory,
      handle: (frame, from, reply) => route(this.services, this.largeRequests, frame, from, reply),
      onClosed: (closed) => this.connections.delete(closed),
    })
    this.connections.add(connection)
    const throttleMs = this.quotas.connected(transport.remoteHost)
    if (throttleMs > 0) connection.turnAway(throttleMs)
    else this.holdBack(connection)
    return connection
  }

  /** What an operator sees of it now; the samples are made when they are asked for. */
  metrics(): Iterable<Metric> {
    const { replicas, groups, transactions, services } = this
    return metricsOf({
      nodeId: services.nodeId,
      counters: replicas.counters,
      image: this.controller.image,
      apiName: (apiKey) => services.apis.get(apiKey)?.request.name.replace(/Request$/, '') ?? `${apiKey}`,
      partitions: () => replicas.partitions(),
      partitionCount: replicas.partitionCount,
      offlineCount: replicas.offlinePartitions().size,
      connectionCount: this.connections.size,
      waiting: replicas.purgatory.waiting,
      groups: groups.counts(),
      transactionalIds: transactions.idCount,
    })
  }

  /** Stops cleanly; `done` is called when everything is on disk. */
  stop(done: () => void = () => {}): void {
    this.turns.close()
    this.unsubscribe?.()
    this.groups.close()
    this.transactions.close()
    this.replicas.close()
    for (const connection of [...this.connections]) connection.close()
    this.logs.close(done, this.controller.image.brokers.get(this.services.nodeId)?.epoch)
  }
}

/** queued.max.request.bytes; where only socket.request.max.bytes was raised, one frame of that size (request-memory.ts). */
function queuedBytesMax(config: BrokerConfig): number {
  const bytesMax = config.get('queued.max.request.bytes')
  return bytesMax > 0 ? Math.max(bytesMax, config.get('socket.request.max.bytes')) : bytesMax
}
