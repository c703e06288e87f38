/**
 * A request to another node, and what became of it.
 *
 * State machines that send requests (transaction markers, a follower's fetcher, a quorum) get an `Rpcs`, so that a test can
 * record what they send and answer by hand; channels.ts sends for real.
 *
 * A request may fail in four ways, and the difference matters: what was never sent may be sent again in any case; what was
 * sent may have been executed, although no response came.
 */
import type { Message, VersionRange } from '../wire/schema.ts'

/** The messages of an API, with the versions that the sender can use. */
export interface Rpc<In, Out> {
  readonly request: Message<unknown, In>
  readonly response: Message<Out, unknown>
  /** Default: all versions that are declared and final. */
  readonly versions?: VersionRange
}

export type Failure =
  /** Never sent: the node has no address, refuses connections, or did not take it in time. */
  | 'not connected'
  /** Sent, and not answered within the timeout. It may have been executed. The connection is closed. */
  | 'timed out'
  /** Sent, and the connection broke before the response. It may have been executed. */
  | 'disconnected'
  /** Not sent: the node and this one have no version of the API in common. */
  | 'unsupported version'

export type RpcResult<Out> =
  | { readonly ok: true; readonly response: Out; readonly version: number }
  /** `reason`: for the log. */
  | { readonly ok: false; readonly failure: Failure; readonly reason: string }

/** Sends requests to nodes. */
export interface Rpcs {
  /**
   * `body` makes the request in the version that was agreed with the node; if it throws, the request fails as 'unsupported
   * version'. `done` is called once, never within the call, and not at all after `close`. `timeoutMs`: how long the request
   * may wait to be sent, and then again how long the response may take; default: the channel's.
   */
  send<In, Out>(
    nodeId: number,
    rpc: Rpc<In, Out>,
    body: (version: number) => In,
    done: (result: RpcResult<Out>) => void,
    timeoutMs?: number,
  ): void
  /** Closes all connections. Idempotent. */
  close(): void
}
