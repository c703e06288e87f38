/**
 * The group coordinator: which members are in a group, which partitions they read, and which offsets they have committed.
 *
 * A group id hashes to a partition of `__consumer_offsets`; the leader of that partition is the coordinator of the group.
 * The runtime loads the partition and finds it (`GroupShard`), and this class passes the request on. The rest is in:
 *
 *   ../runtime/     load, appends, responses when records are committed, resignation
 *   classic/        JoinGroup, SyncGroup, Heartbeat, LeaveGroup
 *   consumer/       ConsumerGroupHeartbeat (KIP-848)
 *   migration/      conversion between the protocols, and groups with members of both
 *   assignor/       which member should read which partition (KIP-848)
 *   offsets/        commits, where they are kept, their expiration
 *   group-*.ts      records, configuration, administration
 *
 * Every method calls `done` once, now or later (a JoinGroup waits for the other members).
 *
 * GROUP-COORDINATOR-1  a broker that is not the coordinator responds NOT_COORDINATOR, and the client looks for the
 *     coordinator again: FindCoordinator creates `__consumer_offsets` if it does not exist
 * GROUP-COORDINATOR-2  after `onResignation` no delayed request and no timer of the partition's groups is left; after
 *     `close` no timer at all
 * GROUP-COORDINATOR-3  while a partition is loaded its groups get COORDINATOR_LOAD_IN_PROGRESS, and the client tries again;
 *     a Heartbeat gets NONE: the member may well be a member still
 * GROUP-COORDINATOR-4  what a response tells of a group is committed
 *
 * (org.apache.kafka.coordinator.group: GroupCoordinatorService, GroupCoordinatorShard)
 */
import type { Timer } from '../../core.ts'
import type { ConsumerGroupHeartbeatRequest } from '../../messages/consumer-group-heartbeat.ts'
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import type { JoinGroupRequest } from '../../messages/join-group.ts'
import type { ListGroupsRequest } from '../../messages/list-groups.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { Appended, CoordinatorHost } from '../coordinator-host.ts'
import { partitionFor } from '../partition-for.ts'
import { CoordinatorRuntime } from '../runtime/coordinator-runtime.ts'
import type { JoinDone, SyncDone } from './classic/classic-group.ts'
import type { Leaving } from './classic/membership.ts'
import type { ClientContext } from './client-context.ts'
import { type DescribedConsumerGroup, describeConsumer } from './consumer/describe.ts'
import type { ConsumerHeartbeatDone } from './consumer/heartbeat.ts'
import { validateHeartbeatRequest } from './consumer/request-checks.ts'
import {
  type DescribedGroup,
  deleteGroup,
  describeClassic,
  type ListedGroup,
  listGroups,
} from './group-admin.ts'
import type { GroupConfig } from './group-config.ts'
import {
  classicGroupHeartbeat,
  classicGroupJoin,
  classicGroupLeave,
  classicGroupSync,
  consumerGroupHeartbeat,
  type LeaveDone,
  resignGroups,
  startSessionTimeouts,
} from './group-protocols.ts'
import { GroupShard } from './group-shard.ts'
import { type Commit, type Committer, commitOffsets } from './offsets/commit.ts'
import { deleteOffsetsOfTopics, startExpiration } from './offsets/expiration.ts'
import {
  deleteOffsets,
  type FetchedOffsets,
  fetchOffsets,
  type OffsetsToFetch,
  type OffsetToDelete,
  refusedFetch,
} from './offsets/fetch.ts'
import { TopicChanges } from './topic-changes.ts'

type Refuse = (error: ErrorCode) => void

/** The partition of a group while `__consumer_offsets` does not exist: no node leads it. */
const NO_PARTITION = -1

export class GroupCoordinator {
  private readonly host: CoordinatorHost
  private readonly config: GroupConfig
  private readonly runtime: CoordinatorRuntime<GroupShard>
  private readonly topicChanges = new TopicChanges()
  private expiry: Timer | undefined

  constructor({ host, config }: { host: CoordinatorHost; config: GroupConfig }) {
    this.host = host
    this.config = config
    const loaded = (shard: GroupShard): void => {
      this.setMetadataVersions(shard)
      startSessionTimeouts(shard)
    }
    const life = { loaded, unloaded: resignGroups }
    this.runtime = new CoordinatorRuntime({
      host,
      topic: OFFSETS_TOPIC,
      serves: 'groups',
      create: (context) => new GroupShard({ host, config, context, life }),
    })
  }

  // ---- election and metadata

  /** This node leads the partition in this epoch: loads it, and serves it then. */
  onElection(partition: number, leaderEpoch: number): void {
    const intervalMs = this.config.offsetsRetentionCheckIntervalMs
    this.expiry ??= startExpiration(this.host, intervalMs, () => this.runtime.shards())
    this.runtime.load(partition, leaderEpoch)
  }

  /** This node leads the partition no longer: another one does in this epoch, or, without an epoch, none. */
  onResignation(partition: number, leaderEpoch?: number): void {
    this.runtime.unload(partition, leaderEpoch)
  }

  close(): void {
    this.expiry?.cancel()
    this.runtime.close()
  }

  /** Called for each new metadata image. */
  onMetadata(image: Parameters<TopicChanges['follow']>[0]): void {
    const gone = this.topicChanges.follow(image)
    for (const shard of this.runtime.shards()) this.setMetadataVersions(shard)
    if (gone.size > 0) deleteOffsetsOfTopics(this.host, this.runtime.shards(), gone)
  }

  private setMetadataVersions(shard: GroupShard): void {
    shard.topicsVersion = this.topicChanges.topicsVersion
    shard.metadataVersion = this.topicChanges.metadataVersion
  }

  /**
   * Appends the marker of a transaction to the partition by `write`, and ends the transaction; `done` is called when the
   * marker is committed. Refused, and not written, while the partition is not served.
   */
  completeTransaction(
    partition: number,
    ended: { readonly producerId: Int64; readonly committed: boolean },
    write: () => Appended,
    timeoutMs: number,
    done: (error: ErrorCode) => void,
  ): void {
    this.runtime.run(partition, done, (shard) => shard.completeTransaction(ended, write, timeoutMs, done))
  }

  // ---- classic groups

  joinGroup(request: JoinGroupRequest, client: ClientContext, done: JoinDone): void {
    const { groupId, memberId, sessionTimeoutMs } = request
    const refuse: Refuse = (errorCode) => done({ errorCode, memberId })
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    const { sessionTimeoutMsMin, sessionTimeoutMsMax } = this.config
    if (sessionTimeoutMs < sessionTimeoutMsMin || sessionTimeoutMs > sessionTimeoutMsMax) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT)
    }
    this.runOnShard(groupId, refuse, (shard) => classicGroupJoin(shard, { request, client, done }))
  }

  syncGroup(request: SyncGroupRequest, _client: ClientContext, done: SyncDone): void {
    const refuse: Refuse = (errorCode) => done({ errorCode })
    if (request.groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    this.runOnShard(request.groupId, refuse, (shard) => classicGroupSync(shard, request, done))
  }

  heartbeat(request: HeartbeatRequest, _client: ClientContext, done: (error: ErrorCode) => void): void {
    if (request.groupId === '') return done(ErrorCode.INVALID_GROUP_ID)
    const refuse: Refuse = (error) =>
      done(error === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ? ErrorCode.NONE : error)
    this.read(request.groupId, refuse, (shard) => classicGroupHeartbeat(shard, request), done)
  }

  /** `done` gets the error of the whole request, or one error for each of `members`. */
  leaveGroup(groupId: string, members: readonly Leaving[], done: LeaveDone): void {
    const refuse: Refuse = (error) => done(error, [])
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    this.runOnShard(groupId, refuse, (shard) => classicGroupLeave(shard, groupId, members, done))
  }

  // ---- KIP-848 groups

  consumerGroupHeartbeat(
    request: ConsumerGroupHeartbeatRequest,
    client: ClientContext,
    done: ConsumerHeartbeatDone,
  ): void {
    const invalid = validateHeartbeatRequest(request, client.apiVersion, this.config.consumerAssignors)
    if (invalid) return done(invalid)
    const refuse: Refuse = (errorCode) => done({ errorCode })
    this.runOnShard(request.groupId, refuse, (shard) =>
      consumerGroupHeartbeat(shard, { request, client, done }),
    )
  }

  describeConsumerGroup(groupId: string, done: (group: DescribedConsumerGroup) => void): void {
    const refuse: Refuse = (errorCode) => done({ groupId, errorCode })
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    const describe = (shard: GroupShard) => describeConsumer(shard, shard.groups.get(groupId), groupId)
    this.read(groupId, refuse, describe, done)
  }

  // ---- offsets

  /**
   * OffsetCommit, and TxnOffsetCommit if `committer.transaction` is set. Sets the error code of each commit; commits that
   * already have one are skipped.
   */
  commitOffsets(committer: Committer, commits: readonly Commit[], done: () => void): void {
    const refuse: Refuse = (error) => {
      for (const commit of commits) if (commit.errorCode === ErrorCode.NONE) commit.errorCode = error
      done()
    }
    this.runOnShard(committer.groupId, refuse, (shard) => commitOffsets(shard, committer, commits, done))
  }

  fetchOffsets(request: OffsetsToFetch, done: (fetched: FetchedOffsets) => void): void {
    // Older consumers do not know COORDINATOR_NOT_AVAILABLE in this response. (GroupCoordinatorService.handleOffsetFetchException)
    const refuse: Refuse = (error) =>
      done(refusedFetch(error === ErrorCode.COORDINATOR_NOT_AVAILABLE ? ErrorCode.NOT_COORDINATOR : error))
    this.read(request.groupId, refuse, (shard) => fetchOffsets(shard, request), done)
  }

  /** The number of committed offsets of a group. */
  offsetCountOf(groupId: string): number {
    const shard = this.runtime.find(this.partitionFor(groupId) ?? NO_PARTITION)
    return typeof shard === 'number' ? 0 : shard.offsets.countOf(groupId)
  }

  /** Sets the error code of each partition; `done` gets the error of the whole request. */
  deleteOffsets(
    groupId: string,
    partitions: readonly OffsetToDelete[],
    done: (error: ErrorCode) => void,
  ): void {
    if (groupId === '') return done(ErrorCode.INVALID_GROUP_ID)
    this.runOnShard(groupId, done, (shard) => deleteOffsets(shard, groupId, partitions, done))
  }

  // ---- administration

  deleteGroup(groupId: string, done: Refuse): void {
    this.runOnShard(groupId, done, (shard) => deleteGroup(shard, groupId, done))
  }

  describeGroup(groupId: string, apiVersion: number, done: (group: DescribedGroup) => void): void {
    const refuse: Refuse = (errorCode) => done({ groupId, errorCode })
    const describe = (shard: GroupShard) => describeClassic(shard.groups.get(groupId), groupId, apiVersion)
    this.read(groupId, refuse, describe, done)
  }

  /** The number of groups of each type on this node, and of their committed offsets. */
  counts(): { readonly classic: number; readonly consumer: number; readonly offsets: number } {
    const counts = { classic: 0, consumer: 0, offsets: 0 }
    for (const { groups, offsets } of this.runtime.shards()) {
      for (const { kind } of groups.values()) counts[kind]++
      counts.offsets += offsets.count
    }
    return counts
  }

  /** Lists the groups that this node coordinates; refused while a partition is being loaded. */
  *listGroups(request: ListGroupsRequest): Steps<{ errorCode: ErrorCode; groups: ListedGroup[] }> {
    if (this.runtime.isLoading) return { errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, groups: [] }
    const groups = yield* listGroups(this.host.turns, this.runtime.shards(), request)
    return { errorCode: ErrorCode.NONE, groups }
  }

  get groupCount(): number {
    return this.runtime.shards().reduce((sum, { groups }) => sum + groups.size, 0)
  }

  // ---- finding the group
  /** The partition of `__consumer_offsets` that a group belongs to; undefined while the topic does not exist. */
  partitionFor(groupId: string): number | undefined {
    const count = this.host.partitionCount(OFFSETS_TOPIC)
    return count === undefined ? undefined : partitionFor(groupId, count)
  }

  /** Runs `work` on the group's shard, or calls `refuse` (GROUP-COORDINATOR-1, GROUP-COORDINATOR-3). */
  private runOnShard(groupId: string, refuse: Refuse, work: (shard: GroupShard) => void): void {
    this.runtime.run(this.partitionFor(groupId) ?? NO_PARTITION, refuse, work)
  }

  /** Runs `work` on the group's shard; `done` gets its response when what it tells is committed (GROUP-COORDINATOR-4). */
  private read<Response>(
    groupId: string,
    refuse: Refuse,
    work: (shard: GroupShard) => Response,
    done: (response: Response) => void,
  ): void {
    this.runOnShard(groupId, refuse, (shard) => {
      const response = work(shard)
      shard.respond(refuse, () => done(response))
    })
  }
}
