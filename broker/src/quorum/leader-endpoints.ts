/**
 * The address of the leader, as responses give it: one host and port, of the listener on which the request came.
 *
 * Software from before KIP-853 does not send it: then the address is in the set of voters.
 */
import { CONTROLLER_LISTENER } from './voters/quorum-voters.ts'
import type { Endpoint } from './voters/voter-set.ts'

/** Empty if the response does not name the address of this leader. */
export function leaderEndpointsIn(
  nodes: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[],
  leaderId: number,
): Endpoint[] {
  const node = nodes.find(({ nodeId }) => nodeId === leaderId)
  return node ? [{ name: CONTROLLER_LISTENER, host: node.host, port: node.port }] : []
}
