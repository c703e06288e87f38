/**
 * How this broker takes part in replication: as a follower it fetches from leaders, as a leader it proposes ISRs.
 *
 *   replica/replica-fetchers.ts  --Fetch, ListOffsets-->  the leader's listener, a connection for each leader
 *   replica/isr-updates.ts       --AlterPartition------>  the active controller, also if it is this node
 *
 * - a fetcher that is closed leaves no connection behind
 */
import { Channels } from '../channel/channels.ts'
import type { ControllerChannel } from '../channel/controller-channel.ts'
import type { BrokerConfig } from '../config/broker-config.ts'
import type { MetadataImage } from '../controller/metadata/metadata-image.ts'
import type { Core } from '../core.ts'
import { AlterPartitionRequest, AlterPartitionResponse } from '../messages/alter-partition.ts'
import { FetchRequest, FetchResponse } from '../messages/fetch.ts'
import { ListOffsetsRequest, ListOffsetsResponse } from '../messages/list-offsets.ts'
import { IsrUpdates, type IsrUpdatesOptions } from '../replica/isr-updates.ts'
import type { Partition } from '../replica/partition.ts'
import type { FetcherSettings, LeaderEndpoint } from '../replica/replica-fetcher.ts'
import { ReplicaFetchers } from '../replica/replica-fetchers.ts'
import type { Replication } from '../replica/replica-manager.ts'
import { channelSettingsOf, endpointOf } from './inter-broker.ts'

const ALTER_PARTITION = { request: AlterPartitionRequest, response: AlterPartitionResponse }
/** From this version on topics have ids in Fetch (KIP-516), and the response names diverging epochs. */
const FETCH = { request: FetchRequest, response: FetchResponse, versions: { min: 13, max: 17 } }
/** Leader epochs fence the request (KIP-320). */
const LIST_OFFSETS = {
  request: ListOffsetsRequest,
  response: ListOffsetsResponse,
  versions: { min: 4, max: 9 },
}
const NO_EPOCH = -1

export interface ReplicationOptions {
  readonly core: Core
  readonly config: BrokerConfig
  readonly nodeId: number
  readonly metadata: () => MetadataImage
  readonly toController: () => Pick<ControllerChannel, 'send'>
  /** The log of a partition has changed. */
  readonly moved: (partition: Partition) => void
}

/** The owner closes both when the broker stops (ReplicaManager.close closes the fetchers). */
export function replicationOf(
  options: ReplicationOptions,
): Replication & { readonly isrProposals: IsrUpdates } {
  const { core, config, nodeId, metadata, moved } = options
  const { clock, timers, log } = core
  const brokerEpoch = (): number => metadata().brokers.get(nodeId)?.epoch ?? NO_EPOCH
  const send: IsrUpdatesOptions['send'] = (request, answered) =>
    options.toController().send(
      ALTER_PARTITION,
      () => request,
      (result) => answered(result.ok ? result.response : undefined),
    )
  return {
    isrProposals: new IsrUpdates({ nodeId, timers, brokerEpoch, send }),
    fetchers: new ReplicaFetchers({
      nodeId,
      settings: fetcherSettingsOf(config),
      ...{ clock, timers, log, brokerEpoch, moved },
      connect: (leaderId) => leaderEndpoint(options, leaderId),
    }),
  }
}

/** A connection of its own to a leader: a Fetch that waits for records must not delay anything else. */
function leaderEndpoint(
  { core, config, nodeId, metadata }: ReplicationOptions,
  leaderId: number,
): LeaderEndpoint {
  const channels = new Channels({
    core,
    clientId: `broker-${nodeId}-fetcher-${leaderId}`,
    endpointOf: (id) => endpointOf(metadata(), id),
    settings: { ...channelSettingsOf(config), requestTimeoutMs: config.get('replica.socket.timeout.ms') },
  })
  return {
    fetch: (request, answered) =>
      channels.send(
        leaderId,
        FETCH,
        () => request,
        (result) => answered(result.ok ? result.response : undefined),
      ),
    listOffsets: (request, answered) =>
      channels.send(
        leaderId,
        LIST_OFFSETS,
        () => request,
        (result) => answered(result.ok ? result.response : undefined),
      ),
    close: () => channels.close(),
  }
}

function fetcherSettingsOf(config: BrokerConfig): FetcherSettings {
  return {
    waitMaxMs: config.get('replica.fetch.wait.max.ms'),
    minBytes: config.get('replica.fetch.min.bytes'),
    maxBytes: config.get('replica.fetch.max.bytes'),
    responseMaxBytes: config.get('replica.fetch.response.max.bytes'),
    backoffMs: config.get('replica.fetch.backoff.ms'),
  }
}
