/**
 * The leader changes the set of voters: AddRaftVoter, RemoveRaftVoter, UpdateRaftVoter (KIP-853).
 *
 *   add      checks -> ApiVersions to the new voter: does it know kraft.version? -> has it caught up?
 *            -> Voters record is appended, in force at once -> answered when it is committed
 *   remove   checks -> Voters record -> answered when it is committed; a leader that removed itself resigns then
 *   update   checks -> Voters record -> answered at once
 *
 * One voter at a time, and the next change only when the last one is committed. Also not before this leader has
 * committed something in its own epoch: an older leader's change may be on its way, and the two together could make two
 * majorities without a common voter. (AddVoterHandler, RemoveVoterHandler, UpdateVoterHandler)
 *
 * A limit, as in Kafka: a node that is no voter by its own log does not stand for election, even if the removal is not
 * committed. If of two voters the one that is being removed has more of the log, and the leader crashes, the other one
 * needs its vote and does not get it: the quorum is stuck. (Raft lets such a node stand; thesis, section 4.2.2.)
 *
 * VOTER-CHANGES-1  a change begins when the change before it is committed, and a record of this epoch is
 * VOTER-CHANGES-2  a voter is added when it has caught up with the leader
 * VOTER-CHANGES-3  a leader that is not among the voters resigns once that is committed
 */
import type { Timer } from '../../core.ts'
import { ErrorCode, errorName } from '../../wire/errors.ts'
import { ZERO_UUID } from '../../wire/uuid.ts'
import type { Leader } from '../epoch-state.ts'
import type { LeaderLog } from '../leader-log.ts'
import type { RaftRequest, RaftResponse, RaftResponseInput } from '../raft-calls.ts'
import { NO_LEADER } from '../raft-calls.ts'
import type { RaftNode } from '../raft-node.ts'
import type { ServingFetch } from '../serving-fetch.ts'
import { KRAFT_FEATURE } from './quorum-voters.ts'
import type { ReplicaKey, VersionRange, VoterNode } from './voter-set.ts'

/** The answer to an addition or removal; the message is null if there is no error. */
export type VoterChangeAnswer = RaftResponseInput<'AddRaftVoter'>
type Respond = (answer: VoterChangeAnswer) => void

/** A change that is not answered yet. */
interface PendingChange {
  readonly respond: Respond
  readonly timer: Timer
  /** The offset of the Voters record; undefined as long as the new voter is asked for its versions. */
  recordOffset: number | undefined
}

export class VoterChanges {
  private readonly node: RaftNode
  private readonly leaderLog: LeaderLog
  private readonly fetches: ServingFetch
  private pending: PendingChange | undefined

  constructor(node: RaftNode, parts: { leaderLog: LeaderLog; fetches: ServingFetch }) {
    this.node = node
    this.leaderLog = parts.leaderLog
    this.fetches = parts.fetches
  }

  // -- add -----------------------------------------------------------------------------------------------------------

  handleAdd(request: RaftRequest<'AddRaftVoter'>, respond: Respond): void {
    const { node } = this
    const refused = this.refusalOf(request.clusterId, 'Add', keyOf(request))
    if (refused) return respond(refused)
    const { state } = node
    if (state.kind !== 'Leader') return respond(failed(ErrorCode.NOT_LEADER_OR_FOLLOWER))
    const key = keyOf(request)
    if (!this.hasDefaultListener(request.listeners))
      return respond(
        failed(
          ErrorCode.INVALID_REQUEST,
          `Add voter request didn't include ${this.missing(request.listeners)}`,
        ),
      )
    const isEarly = this.refusalOfChange(state, 'adding')
    if (isEarly) return respond(isEarly)
    if (node.voters.last.node(key.id)) {
      const why = `The voter id for ${shown(key)} is already part of the set of voters ${this.shownVoters()}.`
      return respond(failed(ErrorCode.DUPLICATE_VOTER, why))
    }
    this.askForVersions(key, request, respond)
  }

  private askForVersions(key: ReplicaKey, request: RaftRequest<'AddRaftVoter'>, respond: Respond): void {
    const { node } = this
    const peer = node.peer(key.id, request.listeners)
    if (!peer || !node.connections.isReady(key.id, node.nowMs))
      return respond(
        failed(ErrorCode.REQUEST_TIMED_OUT, `New voter ${shown(key)} is not ready to receive requests`),
      )
    const change = this.begin(respond, node.config.requestTimeoutMs)
    const ended = (error: ErrorCode): boolean => {
      if (this.pending !== change) return true
      const why = `Aborted add voter operation for since API_VERSIONS returned an error ${errorName(error)}`
      this.end(failed(ErrorCode.REQUEST_TIMED_OUT, why))
      return false
    }
    node.call(peer, {
      api: 'ApiVersions',
      body: () => ({ clientSoftwareName: 'offset-zero', clientSoftwareVersion: '1' }),
      handle: (response) => {
        if (response.errorCode !== ErrorCode.NONE) return ended(ErrorCode.UNSUPPORTED_VERSION)
        if (this.pending === change) this.addCaughtUp(key, request, response)
        return true
      },
      onFailure: ended,
    })
  }

  /** The new voter has answered: it is added if it may be (VOTER-CHANGES-2). */
  private addCaughtUp(
    key: ReplicaKey,
    request: RaftRequest<'AddRaftVoter'>,
    answer: RaftResponse<'ApiVersions'>,
  ): void {
    const { node } = this
    const { state } = node
    const change = this.pending
    if (!change || state.kind !== 'Leader') return
    const feature = answer.supportedFeatures.find(({ name }) => name === KRAFT_FEATURE)
    const kraftVersions = { min: feature?.minVersion ?? 0, max: feature?.maxVersion ?? 0 }
    if (!includes(kraftVersions, node.voters.kraftVersion)) {
      const range = `(min: ${kraftVersions.min}, max: ${kraftVersions.max}`
      const why = `the ${KRAFT_FEATURE} range ${range} doesn't support the finalized version ${node.voters.kraftVersion}`
      return this.end(
        failed(ErrorCode.INVALID_REQUEST, `Aborted add voter operation for ${shown(key)} since ${why}`),
      )
    }
    if (!state.progress.isCaughtUp(key, node.nowMs)) {
      const why = `Aborted add voter operation for ${shown(key)} since it is lagging behind`
      return this.end(failed(ErrorCode.REQUEST_TIMED_OUT, why))
    }
    const voters = node.voters.last.add({ key, endpoints: request.listeners, kraftVersions })
    if (!voters) return this.end(failed(ErrorCode.DUPLICATE_VOTER))
    change.recordOffset = this.leaderLog.appendVoters(voters)
    if (!request.ackWhenCommitted) this.end(done())
  }

  // -- remove --------------------------------------------------------------------------------------------------------

  handleRemove(request: RaftRequest<'RemoveRaftVoter'>, respond: Respond): void {
    const { node } = this
    const refused = this.refusalOf(request.clusterId, 'Remove', keyOf(request))
    if (refused) return respond(refused)
    const { state } = node
    if (state.kind !== 'Leader') return respond(failed(ErrorCode.NOT_LEADER_OR_FOLLOWER))
    const isEarly = this.refusalOfChange(state, 'removing')
    if (isEarly) return respond(isEarly)
    const key = keyOf(request)
    const voters = node.voters.last.remove(key)
    if (!voters) {
      const why = `Cannot remove voter ${shown(key)} from the set of voters ${this.shownVoters()}`
      return respond(failed(ErrorCode.VOTER_NOT_FOUND, why))
    }
    const change = this.begin(respond, node.config.requestTimeoutMs)
    change.recordOffset = this.leaderLog.appendVoters(voters)
  }

  // -- update --------------------------------------------------------------------------------------------------------

  handleUpdate(request: RaftRequest<'UpdateRaftVoter'>): RaftResponseInput<'UpdateRaftVoter'> {
    const { node } = this
    if (request.clusterId !== null && request.clusterId !== node.clusterId)
      return this.updated(ErrorCode.INCONSISTENT_CLUSTER_ID)
    const error = this.fetches.leaderError(request.currentLeaderEpoch)
    const { state } = node
    if (error !== ErrorCode.NONE || state.kind !== 'Leader') return this.updated(error)
    const { minSupportedVersion: min, maxSupportedVersion: max } = request.kRaftVersionFeature
    const voter: VoterNode = {
      key: keyOf(request),
      endpoints: request.listeners,
      kraftVersions: { min, max },
    }
    const isSound = isNamed(voter.key) && this.hasDefaultListener(request.listeners) && min >= 0 && max >= min
    if (!isSound) return this.updated(ErrorCode.INVALID_REQUEST)
    const isEarly = this.refusalOfChange(state, 'updating')
    if (isEarly) return this.updated(isEarly.errorCode ?? ErrorCode.REQUEST_TIMED_OUT)
    if (!includes({ min, max }, node.voters.kraftVersion)) return this.updated(ErrorCode.INVALID_REQUEST)
    const voters = node.voters.last.update(voter)
    if (!voters) return this.updated(ErrorCode.VOTER_NOT_FOUND)
    this.leaderLog.appendVoters(voters)
    return this.updated(ErrorCode.NONE)
  }

  private updated(errorCode: number): RaftResponseInput<'UpdateRaftVoter'> {
    const { node } = this
    const [at] = node.leaderEndpoints
    const leaderId = at ? (node.leaderId ?? NO_LEADER) : NO_LEADER
    return {
      errorCode,
      currentLeader: { leaderId, leaderEpoch: node.epoch, host: at?.host ?? '', port: at?.port ?? 0 },
    }
  }

  // -- checks --------------------------------------------------------------------------------------------------------

  private refusalOf(clusterId: string | null, what: string, key: ReplicaKey): VoterChangeAnswer | undefined {
    const { node } = this
    if (clusterId !== null && clusterId !== node.clusterId) {
      const why = `The given id "${clusterId}" doesn't match the cluster id "${node.clusterId}"`
      return failed(ErrorCode.INCONSISTENT_CLUSTER_ID, why)
    }
    const error = this.fetches.leaderError(node.epoch)
    if (error !== ErrorCode.NONE) return failed(error)
    return isNamed(key)
      ? undefined
      : failed(ErrorCode.INVALID_REQUEST, `${what} voter request didn't include a valid voter`)
  }

  /** VOTER-CHANGES-1 */
  private refusalOfChange(leader: Leader, verb: string): VoterChangeAnswer | undefined {
    const { node } = this
    if (this.pending)
      return failed(
        ErrorCode.REQUEST_TIMED_OUT,
        'Request timed out waiting for leader to handle previous add or remove voter request',
      )
    if (!node.voters.canChange)
      return failed(
        ErrorCode.UNSUPPORTED_VERSION,
        `Cluster doesn't support ${verb} voter because the ${KRAFT_FEATURE} feature is ${node.voters.kraftVersion}`,
      )
    const why = node.rules.refusalOfVoterChange({
      highWatermark: leader.progress.highWatermark,
      votersOffset: node.voters.lastOffset,
    })
    return why === undefined
      ? undefined
      : failed(ErrorCode.REQUEST_TIMED_OUT, `Request timed out waiting for ${why}`)
  }

  private hasDefaultListener(listeners: readonly { readonly name: string }[]): boolean {
    const [own] = this.node.local.endpoints
    return listeners.some(({ name }) => name === own?.name)
  }

  private missing(listeners: readonly { name: string; host: string; port: number }[]): string {
    const given = listeners.map(
      ({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`,
    )
    const name = this.node.local.endpoints[0]?.name
    return `the endpoint (Endpoints(endpoints={${given.join(', ')}})) for the default listener ListenerName(${name})`
  }

  private shownVoters(): string {
    return `[${this.node.voters.last.keys.map(shown).join(', ')}]`
  }

  // -- the pending change --------------------------------------------------------------------------------------------

  private begin(respond: Respond, timeoutMs: number): PendingChange {
    const expire = (): void => {
      if (this.pending === change) this.end(failed(ErrorCode.REQUEST_TIMED_OUT))
    }
    const timer = this.node.host.timers.set(
      timeoutMs,
      () => this.node.run(expire),
      'the timeout of a change of the voters',
    )
    const change: PendingChange = { respond, timer, recordOffset: undefined }
    this.pending = change
    return change
  }

  private end(answer: VoterChangeAnswer): void {
    const change = this.pending
    this.pending = undefined
    change?.timer.cancel()
    change?.respond(answer)
  }

  /** The high watermark of this leader advanced: the change may be committed. */
  committed(leader: Leader): void {
    const { node } = this
    const highWatermark = leader.progress.highWatermark ?? 0
    const offset = this.pending?.recordOffset
    if (offset !== undefined && highWatermark > offset) this.end(done())
    // VOTER-CHANGES-3
    if (!node.isVoter && highWatermark > node.voters.lastOffset) leader.progress.isResignRequested = true
  }

  /** This node leads no longer: it is unknown what becomes of the change. */
  fail(): void {
    if (this.pending) this.end(failed(ErrorCode.NOT_LEADER_OR_FOLLOWER))
  }
}

function keyOf(request: { readonly voterId: number; readonly voterDirectoryId: string }): ReplicaKey {
  return { id: request.voterId, directoryId: request.voterDirectoryId }
}

function isNamed({ id, directoryId }: ReplicaKey): boolean {
  return id >= 0 && directoryId !== ZERO_UUID
}

function includes({ min, max }: VersionRange, version: number): boolean {
  return min <= version && version <= max
}

/** In Kafka's notation. */
function shown({ id, directoryId }: ReplicaKey): string {
  return `ReplicaKey(id=${id}, directoryId=${directoryId})`
}

function done(): VoterChangeAnswer {
  return { errorCode: ErrorCode.NONE, errorMessage: null }
}

function failed(errorCode: ErrorCode, errorMessage: string | null = null): VoterChangeAnswer {
  return { errorCode, errorMessage }
}
