/**
 * Elections: a voter that hears from no leader asks the others, first whether it would win, then for their votes.
 *
 *   Prospective  --Vote, preVote--> voters    a majority would vote for it:  Candidate of the next epoch
 *   Candidate    --Vote-----------> voters    a majority has voted for it:   Leader
 *
 * Votes are asked again after an error, from voters that have not answered yet. A lost pre-vote ends at once: the node
 * fetches from its old leader again, or waits for another one. A lost vote waits for the end of its election timeout,
 * which is random: of two candidates that took votes from each other, one is first next time. (KIP-595, KIP-996)
 *
 * The other side of it, who may have the vote of this node, is vote-grant.ts.
 *
 * RAFT-ELECTIONS-1  a replica claims in a vote only what it has on disk
 * RAFT-ELECTIONS-2  a replica that cannot win raises no epoch
 * RAFT-ELECTIONS-3  the only voter is elected at once, without a request
 */
import { ErrorCode } from '../wire/errors.ts'
import { ZERO_UUID } from '../wire/uuid.ts'
import type { Candidate, Prospective } from './epoch-state.ts'
import { leaderEndpointsIn } from './leader-endpoints.ts'
import {
  endpointsOfLeader,
  metadataPartition,
  NO_LEADER,
  onlyPartition,
  type RaftRequest,
  type RaftRequestInput,
  type RaftResponse,
  type RaftResponseInput,
} from './raft-calls.ts'
import { isUpToDate } from './raft-log.ts'
import type { RaftNode } from './raft-node.ts'
import type { ReplicaKey } from './voters/voter-set.ts'

/** The first version of Vote with a pre-vote. */
const PRE_VOTE_VERSION = 2

export class Elections {
  private readonly node: RaftNode
  private readonly onElected: () => void

  /** `onElected` is called as soon as this replica has won; it is still a candidate then. */
  constructor(node: RaftNode, onElected: () => void) {
    this.node = node
    this.onElected = onElected
  }

  /** Begins with a pre-vote, if the log is on disk (RAFT-ELECTIONS-1). Returns the ms until the next look. */
  start(): number {
    const { node } = this
    if (node.shutdownAtMs !== undefined || !node.isVoter || !node.isLogCounted())
      return Number.POSITIVE_INFINITY
    node.becomeProspective()
    this.conclude()
    return 0
  }

  /** Prospective or Candidate: asks for votes, and ends the election when it is decided or its time is over. */
  poll(state: Prospective | Candidate): number {
    const { node } = this
    if (this.conclude()) return 0
    if (node.nowMs >= state.electionDeadlineMs && node.shutdownAtMs === undefined) {
      if (state.kind === 'Candidate') {
        node.becomeProspective()
        return 0
      }
      if (node.rules.leavesLostPreVote()) return this.leave(state)
    }
    const untilMs = Math.max(0, state.electionDeadlineMs - node.nowMs)
    if (state.votes.isLost || !node.isLogCounted()) return untilMs || Number.POSITIVE_INFINITY
    const waits = state.votes.unanswered.map((voter) => this.ask(voter, state))
    return Math.min(...waits, untilMs || Number.POSITIVE_INFINITY)
  }

  /** Moves on if the votes decide it; returns whether they did. */
  private conclude(): boolean {
    const { node } = this
    const { state } = node
    if (state.kind === 'Prospective') {
      if (state.votes.isWon) {
        node.becomeCandidate()
        this.conclude()
        return true
      }
      if (state.votes.isLost && node.rules.leavesLostPreVote()) {
        this.leave(state)
        return true
      }
    }
    if (state.kind === 'Candidate' && state.votes.isWon) {
      this.onElected()
      return true
    }
    return false
  }

  /** Back to the leader that is known, or to none. */
  private leave({ epoch, leaderId, leaderEndpoints }: Prospective): number {
    if (leaderId !== undefined && leaderEndpoints.length > 0)
      this.node.becomeFollower(epoch, leaderId, leaderEndpoints)
    else this.node.becomeUnattached(epoch, leaderId)
    return 0
  }

  private ask(voter: ReplicaKey, state: Prospective | Candidate): number {
    const { node } = this
    const peer = node.peer(voter.id)
    if (!peer) return Number.POSITIVE_INFINITY
    const preVote = state.kind === 'Prospective'
    return node.call(peer, {
      api: 'Vote',
      body: () => this.requestTo(voter, preVote),
      ...(preVote ? { versionMin: PRE_VOTE_VERSION } : {}),
      handle: (response) => this.handleResponse(response, voter.id),
      onFailure: (error) => {
        // Software without pre-votes does not refuse one: it will be asked for its vote (KIP-996).
        if (error !== ErrorCode.UNSUPPORTED_VERSION || !preVote) return false
        state.votes.record(voter.id, true)
        this.conclude()
        return true
      },
    })
  }

  private requestTo(voter: ReplicaKey, preVote: boolean): RaftRequestInput<'Vote'> {
    const { node } = this
    return {
      clusterId: node.clusterId,
      voterId: voter.id,
      topics: metadataPartition({
        replicaEpoch: node.epoch,
        replicaId: node.key.id,
        replicaDirectoryId: node.key.directoryId,
        voterDirectoryId: voter.directoryId,
        lastOffsetEpoch: node.log.lastEpoch,
        lastOffset: node.log.endOffset,
        preVote,
      }),
    }
  }

  private handleResponse(response: RaftResponse<'Vote'>, voterId: number): boolean {
    const answer = onlyPartition(response.topics)
    if (response.errorCode !== ErrorCode.NONE || !answer) return false
    const endpoints = leaderEndpointsIn(response.nodeEndpoints, answer.leaderId)
    const handled = this.node.handleCommon(answer.errorCode, answer, endpoints)
    if (handled !== undefined) return handled
    const { state } = this.node
    if (state.kind === 'Prospective' || state.kind === 'Candidate') {
      state.votes.record(voterId, answer.voteGranted)
      this.conclude()
    }
    return true
  }

  // -- the voter's side ----------------------------------------------------------------------------------------------

  handleVote(request: RaftRequest<'Vote'>): RaftResponseInput<'Vote'> {
    const { node } = this
    if (request.clusterId !== null && request.clusterId !== node.clusterId)
      return { errorCode: ErrorCode.INCONSISTENT_CLUSTER_ID }
    const asked = onlyPartition(request.topics)
    if (!asked) return { errorCode: ErrorCode.INVALID_REQUEST }
    const { replicaEpoch, replicaId, preVote, lastOffsetEpoch: epoch } = asked
    const offset = Number(asked.lastOffset)
    // A candidate has raised its epoch, so its log ends in an older one.
    const isIllegal = preVote ? epoch > replicaEpoch : epoch >= replicaEpoch
    if (offset < 0 || epoch < 0 || isIllegal) return this.answer(ErrorCode.INVALID_REQUEST)
    if (replicaEpoch < node.epoch) return this.answer(ErrorCode.FENCED_LEADER_EPOCH)
    if (replicaId < 0) return this.answer(ErrorCode.INVALID_REQUEST)
    if (replicaEpoch > node.epoch) node.becomeUnattached(replicaEpoch, undefined)
    if (!isMeant(node.key, { id: request.voterId, directoryId: asked.voterDirectoryId }))
      return this.answer(ErrorCode.INVALID_VOTER_KEY)
    const nominee = { id: replicaId, directoryId: asked.replicaDirectoryId }
    const isLogUpToDate = isUpToDate(
      { offset, epoch },
      { offset: node.log.endOffset, epoch: node.log.lastEpoch },
    )
    const { state } = node
    const granted = node.rules.mayGrantVote(state, { nominee, preVote, isLogUpToDate })
    const isFree = (state.kind === 'Unattached' || state.kind === 'Prospective') && !state.votedKey
    if (granted && !preVote && isFree) node.addVote(nominee)
    return this.answer(ErrorCode.NONE, granted)
  }

  private answer(errorCode: ErrorCode, voteGranted = false): RaftResponseInput<'Vote'> {
    const { node } = this
    const leaderId = node.leaderId ?? NO_LEADER
    return {
      errorCode: ErrorCode.NONE,
      topics: metadataPartition({ errorCode, leaderId, leaderEpoch: node.epoch, voteGranted }),
      nodeEndpoints: endpointsOfLeader(leaderId, node.leaderEndpoints),
    }
  }
}

/** Whether a request to a voter is for this replica, and not for one with the same id on a lost disk. */
export function isMeant(local: ReplicaKey, { id, directoryId }: ReplicaKey): boolean {
  if (id < 0) return true
  return id === local.id && (directoryId === ZERO_UUID || directoryId === local.directoryId)
}
