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
 * and recovers it after an unclean shutdown. Then connections are accepted, while coordinators load their partitions in turns.
 * Stop: requests are refused, delayed operations expire, logs are flushed and closed, the clean shutdown file is written.
 *
 * BROKER-1  a client never sees a partition in Metadata before this node serves it: images are applied here first
 * BROKER-2  after `stop` nothing of this broker runs: no timer, no connection, no open file
 * BROKER-3  a coordinator that can't read one partition does not affect the others (coordinators/runtime/)
 * BROKER-4  connections are accepted before coordinators have loaded; their clients get COORDINATOR_LOAD_IN_PROGRESS
 */

import type { Api, Services } from '../api/api.ts'
import { APIS } from '../api/catalog.ts'
import { Loggers } from '../api/configs/loggers.ts'
import { TopicCreation } from '../api/topics/topic-creation.ts'
import type { ControllerChannel } from '../channel/controller-channel.ts'
import type { Endpoint } from '../channel/node-channel.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Controller } from '../controller/controller.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import { type Expressions, NO_EXPRESSIONS } from '../coordinators/expressions.ts'
import { groupConfigOf } from '../coordinators/group/group-config.ts'
import { GroupCoordinator } from '../coordinators/group/group-coordinator.ts'
import { ProducerIds } from '../coordinators/transaction/producer-ids.ts'
import { transactionConfigOf } from '../coordinators/transaction/transaction-config.ts'
import { TransactionCoordinator } from '../coordinators/transaction/transaction-coordinator.ts'
import type { Core } from '../core.ts'
import { Counters } from '../counters.ts'
import { LogManager } from '../log/log-manager.ts'
import type { LogFactory } from '../log/log-part.ts'
import { ClientQuotas, quotaWindowsOf } from '../quota/client-quotas.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import type { Partition } from '../replica/partition.ts'
import { ReplicaManager } from '../replica/replica-manager.ts'
import { changedKeys } from '../shared-map.ts'
import { OFFSETS_TOPIC, TRANSACTION_STATE_TOPIC } from '../topic-names.ts'
import { type Steps, Turns } from '../turns.ts'
import type { Connection, Transport } from './connection.ts'
import { Connections, type ListenerName } from './connections.ts'
import { CoordinatorElections } from './coordinator-elections.ts'
import { coordinatorHost, markerWriter } from './coordinator-logs.ts'
import { InterBroker } from './inter-broker.ts'
import { cleanerSettingsOf, logConfigOf, logManagerSettingsOf } from './log-settings.ts'
import { type Metric, metricsOf } from './metrics.ts'
import { replicationOf } from './replication.ts'

/** Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS, a constant there too: no config key sets it. */
const SESSION_IDLE_MS_MIN = 120_000

const NOTHING: ReadonlyMap<string, string> = new Map()

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
  /** Where the other nodes reach the controller; undefined if there are none. */
  readonly controllerEndpoint?: Endpoint | undefined
  readonly parts?: Parts
  /** Compression needs more than plain TypeScript. Without codecs, compressed batches are stored unread. */
  readonly codecs?: Codecs
  /** Regular expressions need a library. Without one, every expression is refused. */
  readonly expressions?: Expressions
  /** By API key. Default: all APIs; a test may pass fewer. */
  readonly apis?: ReadonlyMap<number, Api>
}

export class Broker {
  readonly services: Services
  private readonly controller: Controller
  private readonly logs: LogManager
  private readonly replicas: ReplicaManager
  private readonly groups: GroupCoordinator
  private readonly transactions: TransactionCoordinator
  private readonly interBroker: InterBroker
  /** Absent if there is no other node to replicate with. */
  private readonly replication: ReturnType<typeof replicationOf> | undefined
  private readonly quotas: ClientQuotas
  private readonly connections: Connections
  private readonly elections: CoordinatorElections
  private readonly turns: Turns
  private applied: MetadataImage | undefined
  /** The next image, whose logs are being opened and deleted now. */
  private next: MetadataImage | undefined
  private unsubscribe: (() => void) | undefined

  constructor({
    core,
    config,
    nodeId,
    controller,
    controllerEndpoint,
    parts,
    apis,
    codecs = NO_CODECS,
    expressions = NO_EXPRESSIONS,
  }: BrokerOptions) {
    this.turns = new Turns(core)
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
    const own = { core, config, nodeId, metadata }
    const toController = (): ControllerChannel => this.interBroker.toController
    const moved = (partition: Partition): void => this.replicas.moved(partition)
    const sessions = {
      slotsMax: config.get('max.incremental.fetch.session.cache.slots'),
      idleMsMin: SESSION_IDLE_MS_MIN,
    }
    this.replication = controllerEndpoint && replicationOf({ ...own, toController, moved })
    this.replicas = new ReplicaManager({
      core,
      nodeId,
      logs: this.logs,
      sessions,
      turns: this.turns,
      counters: new Counters(),
      onReopened: () => this.onReopened(),
      replication: this.replication,
      lagMsMax: () => config.get('replica.lag.time.max.ms'),
    })
    const host = coordinatorHost({
      ...own,
      replicas: this.replicas,
      codecs,
      turns: this.turns,
      expressions,
    })
    this.groups = new GroupCoordinator({ host, config: groupConfigOf(config) })
    const writeMarker = markerWriter({ core, replicas: this.replicas }, this.groups, () =>
      config.get('request.timeout.ms'),
    )
    this.interBroker = new InterBroker({
      ...own,
      controller,
      controllerEndpoint,
      writeMarker,
      verifyHere: (request, done) => this.transactions.verifyPartitions(request, done),
    })
    this.transactions = new TransactionCoordinator({
      host,
      config: transactionConfigOf(config, () => metadata().features),
      producerIds: new ProducerIds(this.interBroker.allocateProducerIds),
      markers: this.interBroker.markers,
    })
    this.elections = new CoordinatorElections({
      replicas: this.replicas,
      coordinators: [
        { topic: OFFSETS_TOPIC, coordinator: this.groups },
        { topic: TRANSACTION_STATE_TOPIC, coordinator: this.transactions },
      ],
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
      addPartitions: this.interBroker.addPartitions,
      toController: this.interBroker.toController,
      isController: () => metadata().controllerId === nodeId,
      topicCreation: new TopicCreation(),
      metadata,
      apis: apis ?? APIS,
    }
    this.connections = new Connections(this.services)
  }

  /**
   * Opens the logs and subscribes to metadata changes, in turns. `done` gets an unexpected error, if any. Throws StorageError
   * when the data folder can't be used.
   */
  start(done: (error?: unknown) => void): void {
    this.logs.start()
    const { image } = this.controller
    const prepared = (): void => {
      this.apply(image)
      this.logs.putStraysAside(
        (topic, index) => this.controller.image.topic(topic)?.partitions[index] !== undefined,
      )
      this.unsubscribe = this.controller.onImage(
        (next) => this.apply(next),
        (next, turns) => this.prepare(next, turns),
      )
      done()
    }
    this.turns.run(this.prepare(image, this.turns), prepared, done, { name: 'the start of the broker' })
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
    this.elections.apply(image)
    this.groups.onMetadata(image)
  }

  /** A log failed. The coordinator that built its state from this log must not serve it any longer. */
  private onLogLost(topic: string, index: number, error: Error): void {
    this.replicas.lose(topic, index, error)
    this.elections.apply(this.controller.image)
  }

  /** Partitions that could not be opened before are served now. */
  private onReopened(): void {
    this.elections.apply(this.controller.image)
  }

  private applySettings(image: MetadataImage): void {
    const changed = changedKeys(this.applied?.configs ?? image.configs, image.configs)
    this.applied = image
    const isOfBroker = changed.some((each) => each === 'broker:' || each === `broker:${this.services.nodeId}`)
    const topics = changed.flatMap((each) => (each.startsWith('topic:') ? each.slice('topic:'.length) : []))
    this.replicas.applySettings(isOfBroker ? 'all' : topics)
  }

  /** Called for a new client of one of the listeners. Pass the client's bytes to the returned connection. */
  connect(transport: Transport, listener?: ListenerName): Connection {
    return this.connections.connect(transport, listener)
  }

  /** The metrics for an operator. Each sample is computed when the iterator reaches it. */
  metrics(): Iterable<Metric> {
    const { replicas, groups, transactions, services } = this
    return metricsOf({
      nodeId: services.nodeId,
      counters: replicas.counters,
      image: this.controller.image,
      apiName: (apiKey) => services.apis.get(apiKey)?.request.name.replace(/Request$/, '') ?? `${apiKey}`,
      partitions: () => replicas.online(),
      partitionCount: replicas.partitionCount,
      offlineCount: replicas.offlinePartitions().size,
      connectionCount: this.connections.count,
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
    this.interBroker.close()
    this.replication?.isrProposals.close()
    this.replicas.close()
    this.connections.close()
    this.logs.close(done, this.controller.image.brokers.get(this.services.nodeId)?.epoch)
  }
}
