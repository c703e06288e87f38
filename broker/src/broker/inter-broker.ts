/**
 * The requests that this broker sends to other brokers, and how it finds them.
 *
 *   markers         to the leaders of a transaction's partitions          WriteTxnMarkers
 *   addPartitions   to the coordinators of transactional ids              AddPartitionsToTxn
 *   toController    to the active controller                              AllocateProducerIds, Envelope
 *
 * Each purpose has its own connections (channel/channels.ts). The addresses are those in the newest metadata; a fenced
 * broker is not called. Where this broker itself is the one to ask, it is asked directly.
 *
 * - after `close` nothing is sent, and no connection and no timer is left
 */
import { Channels } from '../channel/channels.ts'
import { ControllerChannel } from '../channel/controller-channel.ts'
import type { ChannelSettings, Endpoint } from '../channel/node-channel.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { Controller } from '../controller/controller.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import { partitionFor } from '../coordinators/partition-for.ts'
import {
  AddPartitionsManager,
  type Verified,
  type VerifyRequest,
} from '../coordinators/transaction/add-partitions-manager.ts'
import type { AllocateProducerIds } from '../coordinators/transaction/producer-ids.ts'
import { addPartitionsConfigOf } from '../coordinators/transaction/transaction-config.ts'
import {
  type LeaderOf,
  TransactionMarkers,
  type WriteMarker,
} from '../coordinators/transaction/transaction-markers.ts'
import type { Core } from '../core.ts'
import { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from '../messages/allocate-producer-ids.ts'
import { TRANSACTION_STATE_TOPIC } from '../topic-names.ts'
import { ErrorCode } from '../wire/errors.ts'

const ALLOCATE_PRODUCER_IDS = { request: AllocateProducerIdsRequest, response: AllocateProducerIdsResponse }
/** How long a request to the controller may be repeated (BrokerServer: the forwarding channel's retryTimeoutMs). */
const CONTROLLER_RETRY_MS_MAX = 60_000
const NO_EPOCH = -1

export interface InterBrokerOptions {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  readonly metadata: () => MetadataImage
  /** Writes a marker to a partition that this node leads. */
  readonly writeMarker: WriteMarker
  /** The controller, if this node is the active one. */
  readonly controller: Pick<Controller, 'allocateProducerIds'>
  /** The address of the controller's listener; undefined if this node is the only one. */
  readonly controllerEndpoint: Endpoint | undefined
  /** Verifies with this node's own transaction coordinator. */
  readonly verifyHere: (request: VerifyRequest, done: Verified) => void
}

export class InterBroker {
  readonly markers: TransactionMarkers
  readonly addPartitions: AddPartitionsManager
  readonly toController: ControllerChannel
  private readonly options: InterBrokerOptions
  private readonly channels: readonly Channels[]

  constructor(options: InterBrokerOptions) {
    const { core, config, nodeId, metadata, writeMarker, verifyHere } = options
    this.options = options
    const brokers = (id: number): Endpoint | undefined => endpointOf(metadata(), id)
    const settings = channelSettingsOf(config)
    const channelsFor = (purpose: string, its = { endpointOf: brokers, settings }): Channels =>
      new Channels({ core, clientId: `broker-${nodeId}-${purpose}`, ...its })
    const toLeaders = channelsFor('txn-marker-sender')
    const toCoordinators = channelsFor('add-partitions-to-txn')
    this.channels = [toLeaders, toCoordinators]
    this.markers = new TransactionMarkers({
      core,
      nodeId,
      leaderOf: (topic, index) => leaderOf(metadata(), nodeId, topic, index),
      write: writeMarker,
      rpcs: toLeaders,
    })
    this.addPartitions = new AddPartitionsManager({
      core,
      nodeId,
      config: addPartitionsConfigOf(config),
      coordinatorOf: (transactionalId) => coordinatorOf(metadata(), nodeId, transactionalId),
      own: verifyHere,
      rpcs: toCoordinators,
    })
    this.toController = new ControllerChannel({
      core,
      controller: () => metadata().controllerId,
      rpcs: channelsFor('to-controller-forwarding', {
        endpointOf: () => options.controllerEndpoint,
        settings: { ...settings, requestTimeoutMs: controllerTimeoutMsOf(config) },
      }),
      retryTimeoutMs: CONTROLLER_RETRY_MS_MAX,
    })
  }

  /** Asks the controller for a block of producer ids. Without one, older clients must retry as while a coordinator loads. */
  readonly allocateProducerIds: AllocateProducerIds = (done) => {
    const { nodeId, metadata, controller } = this.options
    if (metadata().controllerId === nodeId) return controller.allocateProducerIds(nodeId, done)
    const epoch = (): number => metadata().brokers.get(nodeId)?.epoch ?? NO_EPOCH
    const body = () => ({ brokerId: nodeId, brokerEpoch: epoch() })
    this.toController.send(ALLOCATE_PRODUCER_IDS, body, (result) => {
      const firstProducerId = result.ok ? Number(result.response.producerIdStart) : 0
      const size = result.ok ? result.response.producerIdLen : 0
      if (size > 0) done(ErrorCode.NONE, { firstProducerId, size })
      else done(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    })
  }

  /** The markers are cancelled by the coordinator that has sent them. */
  close(): void {
    this.addPartitions.close()
    this.toController.close()
    for (const channels of this.channels) channels.close()
  }
}

/** The settings of a channel between nodes. */
export function channelSettingsOf(config: BrokerConfig): ChannelSettings {
  return {
    requestTimeoutMs: config.get('request.timeout.ms'),
    setup: {
      initialMs: config.get('socket.connection.setup.timeout.ms'),
      maxMs: config.get('socket.connection.setup.timeout.max.ms'),
    },
  }
}

/** How long the controller may take for one request. */
function controllerTimeoutMsOf(config: BrokerConfig): number {
  return Math.min(config.get('controller.socket.timeout.ms'), CONTROLLER_RETRY_MS_MAX)
}

/** The address of a broker that may be called. */
export function endpointOf(metadata: MetadataImage, nodeId: number): Endpoint | undefined {
  const broker = metadata.brokers.get(nodeId)
  return broker && !broker.fenced ? broker : undefined
}

function leaderOf(
  metadata: MetadataImage,
  nodeId: number,
  topic: string,
  index: number,
): ReturnType<LeaderOf> {
  const leader = metadata.topic(topic)?.partitions[index]?.leader
  if (leader === undefined) return 'no partition'
  return leader === nodeId || endpointOf(metadata, leader) ? leader : 'none'
}

function coordinatorOf(metadata: MetadataImage, nodeId: number, transactionalId: string): number | undefined {
  const count = metadata.topic(TRANSACTION_STATE_TOPIC)?.partitions.length
  if (count === undefined) return undefined
  const leader = leaderOf(metadata, nodeId, TRANSACTION_STATE_TOPIC, partitionFor(transactionalId, count))
  return typeof leader === 'number' ? leader : undefined
}
