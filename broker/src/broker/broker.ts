/**
 * A broker: the parts of one node put together. It starts, takes connections, and stops.
 *
 *            connections --frames--> router --> api handlers
 *                                                |      |       |
 *                                 coordinators --+      |       +--> controller --> metadata log
 *                                      |                v                              |
 *                                      `---------> partitions --> logs                 | new image
 *                                                       ^------------------------------'
 *
 * Start: the controller has replayed the metadata log. The broker opens every partition that is assigned to this node,
 * and recovers it after an unclean shutdown. Then coordinators load their partitions, and connections are accepted.
 * Stop: requests are refused, delayed operations expire, logs are flushed and closed, the clean shutdown file is written.
 *
 * BROKER-1  a client never sees a partition in Metadata before this node serves it: images are applied here first
 * BROKER-2  after `stop` nothing of this broker runs: no timer, no connection, no open file
 * BROKER-3  a coordinator that can't load one partition answers NOT_COORDINATOR for the groups or transactional ids of
 *     that partition only (Kafka: CoordinatorRuntime's state FAILED); one log line names the file and the position
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

/** Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS, a constant there too: no config key sets it. */
const SESSION_IDLE_MS_MIN = 120_000

const NOTHING: ReadonlyMap<string, string> = new Map()

/** What a coordinator does when this node becomes or stops being leader of a partition of its topic. `onElected` throws if the partition can't be read. */
interface ElectedCoordinator {
  onElected(partition: number, epoch: number): void
  onResigned(partition: number): void
}

/** Parts of the broker that a learner may replace with their own. */
export interface Parts {
  readonly log?: LogFactory
}

export interface BrokerOptions {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  /** Shared by all nodes of the process. It has replayed the metadata log before the broker starts. */
  readonly controller: Controller
  readonly parts?: Parts
  /** Compression needs more than plain TypeScript. Without codecs, compressed batches are stored unread. */
  readonly codecs?: Codecs
  /** Regular expressions need a library. Without one, every expression is refused. */
  readonly expressions?: Expressions
  /** All nodes of this process. Nodes may be added to the map until they start. */
  readonly peers?: Peers
  /** By API key. Default: all APIs; a test may pass fewer. */
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
  /** Partitions of internal topics whose coordinator is this node: `topic-index` -> the id of the topic. */
  private readonly coordinated = new Map<string, string>()
  private readonly turns: Turns
  private readonly requestMemory: RequestMemory
  private readonly frameMemory = new FrameMemory()
  private readonly largeRequests: LargeRequests
  private nextConnectionId = 1
  private applied: MetadataImage | undefined
  /** The next image, whose logs are being opened and deleted now. */
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
      onLost: ({ topic, partition }, error) => this.onLogLost(topic, partition, error),
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
      onReopened: () => this.followInternalTopics(),
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

  /** Opens the logs and subscribes to metadata changes. Throws StorageError when the data folder can't be used. */
  start(): void {
    this.logs.start()
    // No client is connected yet, so all logs are opened in one turn.
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

  /** Opens and deletes logs as the new image demands (BROKER-1). */
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
    this.followInternalTopic(image, OFFSETS_TOPIC, this.groups)
    this.followInternalTopic(image, TRANSACTION_STATE_TOPIC, this.transactions)
    this.groups.onMetadata(image)
  }

  /** A log failed. The coordinator that built its state from this log must not serve it any longer. */
  private onLogLost(topic: string, index: number, error: Error): void {
    this.replicas.lose(topic, index, error)
    this.followInternalTopics()
  }

  private followInternalTopics(): void {
    this.followInternalTopic(this.controller.image, OFFSETS_TOPIC, this.groups)
    this.followInternalTopic(this.controller.image, TRANSACTION_STATE_TOPIC, this.transactions)
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

  /** Informs a coordinator of the partitions of its topic that this node has begun or stopped to lead. */
  private followInternalTopic(image: MetadataImage, name: string, coordinator: ElectedCoordinator): void {
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

  /** If the coordinator cannot read its partition, it answers NOT_COORDINATOR for it; the rest is served (BROKER-3). */
  private elect(coordinator: ElectedCoordinator, { key, index, leaderEpoch }: Partition): void {
    try {
      coordinator.onElected(index, leaderEpoch)
    } catch (error) {
      const who = coordinator === this.groups ? 'groups' : 'transactional ids'
      const what = `the coordinator of ${key} failed to load and refuses its ${who}: ${explain(error)}`
      const help = `stop the broker and restore ${key} from a backup, or move its folder away: its ${who} are lost then`
      this.core.log('error', `${what}. ${help}`)
    }
  }

  private holdBack(connection: Connection): void {
    const waitMs = this.quotas.admitted(this.services.config.get('max.connection.creation.rate'))
    if (waitMs > 0) connection.holdBack(waitMs)
  }

  /** Called for a new client. Pass the client's bytes to the returned connection. */
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
    if (throttleMs > 0) connection.closeAfter(throttleMs)
    else this.holdBack(connection)
    return connection
  }

  /** The metrics for an operator. Each sample is computed when the iterator reaches it. */
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

/** queued.max.request.bytes. If only socket.request.max.bytes was raised: one frame of that size (request-memory.ts). */
function queuedBytesMax(config: BrokerConfig): number {
  const bytesMax = config.get('queued.max.request.bytes')
  return bytesMax > 0 ? Math.max(bytesMax, config.get('socket.request.max.bytes')) : bytesMax
}
