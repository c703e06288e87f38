/**
 * The connections that a node opens to other nodes for one purpose: one to each node, opened at the first request.
 *
 *   channels of broker 1, for markers  --->  node 2      each is a NodeChannel
 *                                      --->  node 3
 *
 * There is one of these for each purpose, as Kafka has one NetworkClient for each: a Fetch that waits at a node must not
 * delay the markers for it.
 *
 * (InterBrokerSendThread and its NetworkClient)
 */
import { type ChannelOptions, type Endpoint, NodeChannel } from './node-channel.ts'
import type { Rpc, RpcResult, Rpcs } from './rpc.ts'

export interface ChannelsOptions extends Omit<ChannelOptions, 'nodeId' | 'endpoint'> {
  /** The current address of a node; undefined if it has none. Asked whenever a connection is opened. */
  readonly endpointOf: (nodeId: number) => Endpoint | undefined
}

export class Channels implements Rpcs {
  private readonly options: ChannelsOptions
  private readonly byNode = new Map<number, NodeChannel>()

  constructor(options: ChannelsOptions) {
    this.options = options
  }

  send<In, Out>(
    nodeId: number,
    rpc: Rpc<In, Out>,
    body: (version: number) => In,
    done: (result: RpcResult<Out>) => void,
    timeoutMs?: number,
  ): void {
    this.channelTo(nodeId).send(rpc, body, done, timeoutMs)
  }

  close(): void {
    for (const channel of this.byNode.values()) channel.close()
  }

  private channelTo(nodeId: number): NodeChannel {
    const known = this.byNode.get(nodeId)
    if (known) return known
    const { endpointOf, ...options } = this.options
    const channel = new NodeChannel({ ...options, nodeId, endpoint: () => endpointOf(nodeId) })
    this.byNode.set(nodeId, channel)
    return channel
  }
}
