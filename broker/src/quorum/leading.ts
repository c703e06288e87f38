/**
 * Leading an epoch: how it begins, how the voters hear of it, and how it ends.
 *
 *   elected   LeaderChange is written; BeginQuorumEpoch goes to every voter that does not fetch
 *   leads     for as long as a majority fetches (check quorum, leader-progress.ts)
 *   resigns   EndQuorumEpoch goes to the voters, with the best successors in front: the first of them stands for election
 *             at once, each next one waits longer
 *
 * A leader resigns when no majority fetches any more, when it was removed from the voters and that is committed, and when
 * the node shuts down. After the election timeout it becomes Unattached in the next epoch, so that no other
 * node takes it for the leader of the old one. (KIP-595, KIP-853; KafkaRaftClient.pollLeader, pollResigned)
 *
 * LEADING-1  a voter that does not fetch gets BeginQuorumEpoch, again every half of fetchTimeoutMs
 * LEADING-2  the best successor may be elected at once after a resignation, without a fetch timeout
 */
import { ErrorCode } from '../wire/errors.ts'
import { isMeant } from './elections.ts'
import type { Leader, Resigned } from './epoch-state.ts'
import { leaderEndpointsIn } from './leader-endpoints.ts'
import type { LeaderLog } from './leader-log.ts'
import {
  endpointsOfLeader,
  metadataPartition,
  NO_LEADER,
  onlyPartition,
  type RaftRequest,
  type RaftResponse,
  type RaftResponseInput,
} from './raft-calls.ts'
import type { RaftNode } from './raft-node.ts'
import { isSameReplica, type ReplicaKey } from './voters/voter-set.ts'

const NEVER_MS = Number.POSITIVE_INFINITY

export class Leading {
  private readonly node: RaftNode
  private readonly leaderLog: LeaderLog

  constructor(node: RaftNode, leaderLog: LeaderLog) {
    this.node = node
    this.leaderLog = leaderLog
  }

  /** The election is won. */
  start(): void {
    this.leaderLog.startEpoch(this.node.becomeLeader())
  }

  pollLeader({ progress }: Leader): number {
    const { node } = this
    this.leaderLog.update()
    const checkQuorumMs = progress.checkQuorumMs(node.nowMs)
    if (node.shutdownAtMs !== undefined || progress.isResignRequested || checkQuorumMs === 0) {
      node.becomeResigned()
      return 0
    }
    for (const voter of progress.takeReminders(node.nowMs)) this.remind(voter)
    return Math.min(checkQuorumMs, progress.reminderMs(node.nowMs))
  }

  /** Tells a voter who leads (LEADING-1). */
  private remind(voter: ReplicaKey): void {
    const { node } = this
    const peer = node.peer(voter.id)
    if (!peer) return
    node.call(peer, {
      api: 'BeginQuorumEpoch',
      body: () => ({
        clusterId: node.clusterId,
        voterId: voter.id,
        topics: metadataPartition({
          voterDirectoryId: voter.directoryId,
          leaderId: node.key.id,
          leaderEpoch: node.epoch,
        }),
        leaderEndpoints: node.local.endpoints,
      }),
      handle: (response) => this.handleAnswer(response),
    })
  }

  pollResigned({ unacknowledged, successors, epoch, electionDeadlineMs }: Resigned): number {
    const { node } = this
    if (node.shutdownAtMs === undefined && node.nowMs >= electionDeadlineMs) {
      node.becomeUnattached(epoch + 1, undefined)
      return 0
    }
    const waits = [...unacknowledged].map((id) => {
      const peer = node.peer(id)
      if (!peer) return NEVER_MS
      return node.call(peer, {
        api: 'EndQuorumEpoch',
        body: () => ({
          clusterId: node.clusterId,
          topics: metadataPartition({
            leaderId: node.key.id,
            leaderEpoch: epoch,
            preferredSuccessors: successors.map((key) => key.id),
            preferredCandidates: successors.map((key) => ({
              candidateId: key.id,
              candidateDirectoryId: key.directoryId,
            })),
          }),
          leaderEndpoints: node.local.endpoints,
        }),
        handle: (response) => {
          const isFine = this.handleAnswer(response)
          if (isFine) unacknowledged.delete(id)
          return isFine
        },
      })
    })
    const untilMs = electionDeadlineMs - node.nowMs
    return Math.min(untilMs > 0 ? untilMs : NEVER_MS, ...waits)
  }

  private handleAnswer(response: RaftResponse<'BeginQuorumEpoch'> | RaftResponse<'EndQuorumEpoch'>): boolean {
    const answer = onlyPartition(response.topics)
    if (response.errorCode !== ErrorCode.NONE || !answer) return false
    const endpoints = leaderEndpointsIn(response.nodeEndpoints, answer.leaderId)
    return this.node.handleCommon(answer.errorCode, answer, endpoints) ?? true
  }

  // -- the voters' side ----------------------------------------------------------------------------------------------

  handleBeginQuorumEpoch(request: RaftRequest<'BeginQuorumEpoch'>): RaftResponseInput<'BeginQuorumEpoch'> {
    const told = onlyPartition(request.topics)
    const error = this.errorOf(request.clusterId, told)
    if (error !== undefined || !told) return error ?? { errorCode: ErrorCode.INVALID_REQUEST }
    this.node.learn(told, request.leaderEndpoints)
    const meant = { id: request.voterId, directoryId: told.voterDirectoryId }
    return this.answer(isMeant(this.node.key, meant) ? ErrorCode.NONE : ErrorCode.INVALID_VOTER_KEY)
  }

  handleEndQuorumEpoch(request: RaftRequest<'EndQuorumEpoch'>): RaftResponseInput<'EndQuorumEpoch'> {
    const { node } = this
    const told = onlyPartition(request.topics)
    const error = this.errorOf(request.clusterId, told)
    if (error !== undefined || !told) return error ?? { errorCode: ErrorCode.INVALID_REQUEST }
    node.learn(told, request.leaderEndpoints)
    const { state } = node
    if (state.kind === 'Follower' && state.leaderId === told.leaderId) {
      const successors =
        told.preferredCandidates.length > 0
          ? told.preferredCandidates.map((each) => ({
              id: each.candidateId,
              directoryId: each.candidateDirectoryId,
            }))
          : told.preferredSuccessors.map((id) => ({ ...node.key, id }))
      state.fetchDeadlineMs = node.nowMs + this.successionDelayMs(successors)
    }
    return this.answer(ErrorCode.NONE)
  }

  /** The first successor waits 0 ms, the last one up to electionBackoffMaxMs (LEADING-2). */
  private successionDelayMs(successors: readonly ReplicaKey[]): number {
    const { key, config } = this.node
    const position = successors.findIndex((successor) => isSameReplica(successor, key))
    if (position === 0) return 0
    if (position < 0) return config.electionBackoffMaxMs
    const firstMs = config.electionBackoffMaxMs >> (successors.length - 1)
    return Math.min(config.electionBackoffMaxMs, firstMs << (position - 1))
  }

  /** The response to a request that is refused as a whole. */
  private errorOf(
    clusterId: string | null,
    told: { readonly leaderId: number; readonly leaderEpoch: number } | undefined,
  ): RaftResponseInput<'BeginQuorumEpoch'> | undefined {
    if (clusterId !== null && clusterId !== this.node.clusterId)
      return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID }
    if (!told) return { errorCode: ErrorCode.INVALID_REQUEST }
    if (told.leaderEpoch < this.node.epoch) return this.answer(ErrorCode.FENCED_LEADER_EPOCH)
    return told.leaderId < 0 ? this.answer(ErrorCode.INVALID_REQUEST) : undefined
  }

  private answer(errorCode: ErrorCode): RaftResponseInput<'BeginQuorumEpoch'> {
    const { node } = this
    const leaderId = node.leaderId ?? NO_LEADER
    return {
      errorCode: ErrorCode.NONE,
      topics: metadataPartition({ errorCode, leaderId, leaderEpoch: node.epoch }),
      nodeEndpoints: endpointsOfLeader(leaderId, node.leaderEndpoints),
    }
  }
}
