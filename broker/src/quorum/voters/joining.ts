/**
 * A replica keeps its own entry in the set of voters right.
 *
 *   voter      the entry has other addresses or versions than this node   -> UpdateRaftVoter
 *   observer   with autoJoin: its id is a voter with another directory    -> RemoveRaftVoter of the lost disk
 *              with autoJoin: its id is no voter                          -> AddRaftVoter
 *
 * It looks every few fetch timeouts, as a follower that hears from its leader, and tries again at the next look if the
 * leader refuses. (KIP-853; controller.quorum.auto.join.enable)
 *
 * JOINING-1  a voter that returns with another address becomes known by it
 * JOINING-2  with autoJoin a controller with a new disk replaces its old self
 */
import { ErrorCode } from '../../wire/errors.ts'
import type { Follower } from '../epoch-state.ts'
import { leaderEndpointsIn } from '../leader-endpoints.ts'
import type { RaftPeer } from '../raft-calls.ts'
import { VOTER_CHECK_FACTOR } from '../raft-host.ts'
import type { RaftNode } from '../raft-node.ts'

const NEVER_MS = Number.POSITIVE_INFINITY

export class Joining {
  private readonly node: RaftNode

  constructor(node: RaftNode) {
    this.node = node
  }

  /** Sends what is to be sent. Returns the ms until the next look. */
  poll(state: Follower): number {
    const { node } = this
    if (!node.voters.canChange || !state.hasFetched) return NEVER_MS
    const leader = node.peer(state.leaderId, state.leaderEndpoints)
    const waitMs = state.voterCheckMs - node.nowMs
    if (waitMs > 0 || !leader) return leader ? waitMs : NEVER_MS
    // A fetch that waits at the leader is not worth losing: the next look is soon.
    const busyMs = node.connections.busyMs(node.nowMs)
    if (busyMs > 0) return busyMs
    state.voterCheckMs = node.nowMs + node.config.fetchTimeoutMs * VOTER_CHECK_FACTOR
    if (node.isVoter) this.update(leader)
    else if (node.config.autoJoin) this.join(leader)
    return state.voterCheckMs - node.nowMs
  }

  /** JOINING-1 */
  private update(leader: RaftPeer): void {
    const { node } = this
    const { key, endpoints, kraftVersions } = node.local
    if (!node.voters.last.needsUpdate(node.local)) return
    node.call(leader, {
      api: 'UpdateRaftVoter',
      body: () => ({
        ...{ clusterId: node.clusterId, currentLeaderEpoch: node.epoch, listeners: endpoints },
        ...{ voterId: key.id, voterDirectoryId: key.directoryId },
        kRaftVersionFeature: {
          minSupportedVersion: kraftVersions.min,
          maxSupportedVersion: kraftVersions.max,
        },
      }),
      handle: ({ errorCode, currentLeader }) => {
        const { leaderId, leaderEpoch, host, port } = currentLeader
        const from = { leaderId, leaderEpoch }
        const known = leaderEndpointsIn(host === '' ? [] : [{ nodeId: leaderId, host, port }], leaderId)
        const isLate = errorCode === ErrorCode.REQUEST_TIMED_OUT
        return node.handleCommon(isLate ? ErrorCode.NONE : errorCode, from, known) ?? true
      },
    })
  }

  /** JOINING-2 */
  private join(leader: RaftPeer): void {
    const { node } = this
    const { key, endpoints } = node.local
    const lost = node.voters.last.node(key.id)
    const whose = { clusterId: node.clusterId, voterId: key.id }
    const handle = ({ errorCode }: { errorCode: number }): boolean => errorCode === ErrorCode.NONE
    if (lost)
      node.call(leader, {
        api: 'RemoveRaftVoter',
        body: () => ({ ...whose, voterDirectoryId: lost.key.directoryId }),
        handle,
      })
    else
      node.call(leader, {
        api: 'AddRaftVoter',
        body: () => ({
          ...whose,
          ...{ voterDirectoryId: key.directoryId, listeners: endpoints },
          ...{ timeoutMs: node.config.requestTimeoutMs, ackWhenCommitted: false },
        }),
        handle,
      })
  }
}
