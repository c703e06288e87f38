/**
 * The nodes of one process: one controller, one metadata log, and a broker for each node.
 *
 *   cluster -- controller -- __cluster_metadata-0, in the first node's storage
 *      |            |
 *      |--- broker 1'--- its storage, its endpoint
 *      `--- broker 2 ... each applies the controller's image; brokers send each other requests (inter-broker.ts)
 *
 * The host of the core (a Node process, the simulator, a worker in a page) makes a Cluster, starts it, and gives
 * `brokers[i]` the connections that arrive at the i-th endpoint.
 *
 *   start: open and replay the metadata log -> brokers open their logs -> nodes register -> `done`
 *   stop:  flush the metadata log -> brokers stop, flush their logs, write the clean shutdown file -> `done`
 *
 * - the metadata log is flushed before any log directory is marked as cleanly stopped
 *
 * CLUSTER-1  `start` calls `done` after the registration of every node is flushed: Metadata then lists all nodes
 */

import type { Endpoint } from '../channel/node-channel.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import { Controller, type NodeEndpoint, type Outcome } from '../controller/controller.ts'
import type { PasswordHashes } from '../controller/decisions/scram-decisions.ts'
import { MetadataLog } from '../controller/metadata/metadata-log.ts'
import type { Expressions } from '../coordinators/expressions.ts'
import type { Core } from '../core.ts'
import { readMetaProperties } from '../log/checkpoints/meta-properties.ts'
import { DEFAULT_LOG_CONFIG, type Log } from '../log/log.ts'
import { openLog } from '../log/open-log.ts'
import { readCleanShutdown } from '../log/recovery/clean-shutdown.ts'
import type { Codecs } from '../record/compression.ts'
import { METADATA_FOLDER, METADATA_TOPIC } from '../topic-names.ts'
import { ErrorCode } from '../wire/errors.ts'
import { METADATA_TOPIC_UUID } from '../wire/uuid.ts'
import { Broker, type Parts } from './broker.ts'

/** Any id outside the range that Kafka reserves (DirectoryId). */
const IN_MEMORY_ID = 'in-memory-in-memory-ig'

/** One node: its core, its settings, and the address for clients. */
export interface ClusterNode {
  readonly core: Core
  readonly config: BrokerConfig
  readonly endpoint: Omit<NodeEndpoint, 'directoryId'>
}

export interface ClusterOptions {
  readonly clusterId: string
  /** The first node is the controller too. */
  readonly nodes: readonly ClusterNode[]
  /** Where the host accepts connections for the controller (`Broker.connect` of the first node); with several nodes only. */
  readonly controllerEndpoint?: Endpoint | undefined
  readonly parts?: Parts | undefined
  readonly codecs?: Codecs | undefined
  readonly expressions?: Expressions | undefined
  /** Needed to store SCRAM passwords; without it they can't be set. */
  readonly passwordHashes?: PasswordHashes | undefined
}

export class Cluster {
  /** In the order of `nodes`. */
  readonly brokers: readonly Broker[]
  private readonly nodes: readonly ClusterNode[]
  private readonly controller: Controller
  /** The broker epochs of clean shutdowns, in the order of the nodes; read before the nodes remove the files. */
  private readonly cleanEpochs: readonly (number | undefined)[]

  /** Opens the metadata log; throws DamagedLogError when it is damaged, StorageError when the first node's storage can't be used. */
  constructor(options: ClusterOptions) {
    const { clusterId, nodes, parts, codecs, expressions, passwordHashes, controllerEndpoint } = options
    this.nodes = nodes
    this.cleanEpochs = nodes.map(({ core }) => readCleanShutdown(core.storage)?.brokerEpoch)
    const { core, config, endpoint } = nodes[0]!
    const { id, host, port } = endpoint
    const log = new MetadataLog({
      log: openMetadataLog(core, config),
      voter: { id, directoryId: directoryIdOf(core), host, port },
      now: () => core.clock.now(),
      say: core.log,
    })
    this.controller = new Controller({ core, config, log, clusterId, nodeId: endpoint.id, passwordHashes })
    this.brokers = nodes.map(
      ({ core, config, endpoint }) =>
        new Broker({
          core,
          config,
          nodeId: endpoint.id,
          controller: this.controller,
          controllerEndpoint,
          ...(parts && { parts }),
          ...(codecs && { codecs }),
          ...(expressions && { expressions }),
        }),
    )
  }

  /** Replays, recovers and registers. `done` gets a description of the failure, if any. Throws when recovery is impossible. */
  start(done: (failure?: string) => void): void {
    this.controller.start()
    const failed: string[] = []
    const started = countdown(this.brokers.length, () => {
      if (failed[0] === undefined) this.register(done)
      else done(failed[0])
    })
    for (const broker of this.brokers) {
      broker.start((error) => {
        if (error !== undefined) failed.push(error instanceof Error ? error.message : String(error))
        started()
      })
    }
  }

  private register(done: (failure?: string) => void): void {
    const failed: string[] = []
    const registered = countdown(this.nodes.length, () => done(failed[0]))
    for (const [at, { core, endpoint }] of this.nodes.entries()) {
      this.controller.registerBroker(
        { ...endpoint, directoryId: directoryIdOf(core) },
        (outcome: Outcome) => {
          if (outcome.errorCode !== ErrorCode.NONE)
            failed.push(outcome.message ?? `error ${outcome.errorCode}`)
          registered()
        },
        this.cleanEpochs[at],
      )
    }
  }

  /** Stops every node cleanly, and calls `done` when everything is flushed. */
  stop(done: () => void): void {
    this.controller.metadataLog.whenFlushed(() => {
      const stopped = countdown(this.brokers.length, done)
      for (const broker of this.brokers) broker.stop(stopped)
      this.controller.close()
    })
  }
}

/** The id that the log directory was formatted with. In-memory storage is never formatted, and has a fixed id. */
function directoryIdOf({ storage }: Core): string {
  return readMetaProperties(storage)?.directoryId || IN_MEMORY_ID
}

/** Returns a function that calls `done` on its `count`-th call. */
function countdown(count: number, done: () => void): () => void {
  let left = count
  return () => {
    left--
    if (left === 0) done()
  }
}

/** The metadata log lies beside the logs of the topics, as in Kafka's combined mode, in a folder like a partition's. */
function openMetadataLog({ storage, clock, log, trace }: Core, config: BrokerConfig): Log {
  return openLog({
    storage,
    folder: METADATA_FOLDER,
    topic: METADATA_TOPIC,
    partition: 0,
    topicId: METADATA_TOPIC_UUID,
    config: {
      ...DEFAULT_LOG_CONFIG,
      // internal.metadata.log.segment.bytes has no minimum: tests set it.
      segmentBytes:
        config.get('internal.metadata.log.segment.bytes') ?? config.get('metadata.log.segment.bytes'),
      segmentMs: config.get('metadata.log.segment.ms'),
      retentionMs: -1,
    },
    clock,
    log,
    trace,
    // No recovery checkpoint lists this log: after a crash it is recovered from its beginning.
    recoveryPoint: 0,
    hadCleanShutdown: readCleanShutdown(storage) !== undefined,
    refusesDamage: true,
  })
}
