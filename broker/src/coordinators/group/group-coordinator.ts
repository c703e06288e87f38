/**
 * The group coordinator: which members are in a group, which partitions they read, and which offsets they have committed.
 *
 * A group id hashes to a partition of `__consumer_offsets`; the leader of that partition is the coordinator of the group.
 * This class finds the partition (`GroupShard`) and passes the request on. The behaviour of groups is in:
 *
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
 * GROUP-COORDINATOR-2  after `onResigned` no delayed request and no timer of the partition's groups is left; after `close`
 *     no timer at all
 *
 * (org.apache.kafka.coordinator.group: GroupCoordinatorService, GroupCoordinatorShard)
 */
import type { Timer } from '../../core.ts'
import type { ConsumerGroupHeartbeatRequest } from '../../messages/consumer-group-heartbeat.ts'
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import type { JoinGroupRequest } from '../../messages/join-group.ts'
import type { ListGroupsRequest } from '../../messages/list-groups.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { changedKeys } from '../../shared-map.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
import type { Steps } from '../../turns.ts'
import { ErrorCode } from '../../wire/errors.ts'
import type { Int64 } from '../../wire/int64.ts'
import type { CoordinatorHost } from '../coordinator-host.ts'
import { partitionFor } from '../partition-for.ts'
import type { JoinDone, SyncDone } from './classic/classic-group.ts'
import { type Leaving, rescheduleSessionTimeout, resignClassic } from './classic/membership.ts'
import type { ClientContext } from './client-context.ts'
import { type DescribedConsumerGroup, describeConsumer } from './consumer/describe.ts'
import type { ConsumerHeartbeatDone } from './consumer/heartbeat.ts'
import { resumeTimers } from './consumer/membership.ts'
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

type Refuse = (error: ErrorCode) => void

/** The partition of a group while `__consumer_offsets` does not exist: no node leads it. */
const NO_PARTITION = -1

export class GroupCoordinator {
  private readonly host: CoordinatorHost
  private readonly config: GroupConfig
  /** By partition of `__consumer_offsets` that this node leads. */
  private readonly shards = new Map<number, GroupShard>()
  /** Partitions that were read and are not led yet. */
  private readonly loaded = new Map<number, GroupShard>()
  /** The topics of the newest metadata, to detect new and deleted ones. */
  private topics: ReadonlyMap<string, { readonly id: string }> = new Map()
  /** The offset of the newest metadata image that contains a new topic. */
  private topicsVersion = 0
  private metadataVersion = 0
  private expiry: Timer | undefined

  constructor({ host, config }: { host: CoordinatorHost; config: GroupConfig }) {
    this.host = host
    this.config = config
  }

  // ---- election and metadata

  /** Reads a partition of `__consumer_offsets` that this node is about to lead, in turns. Throws if it can't be read. */
  *load(partition: number): Steps<void> {
    const shard = new GroupShard({ host: this.host, config: this.config, partition })
    yield* shard.load()
    this.loaded.set(partition, shard)
  }

  /** This node now leads the partition: serves what was loaded, and starts the session timeouts of the members. */
  onElected(partition: number, _leaderEpoch: number): void {
    this.onResigned(partition)
    const shard = this.loaded.get(partition)
    if (!shard) return
    this.loaded.delete(partition)
    this.setMetadataVersions(shard)
    this.shards.set(partition, shard)
    for (const group of shard.groups.values()) {
      if (group.kind === 'consumer') resumeTimers(shard, group)
      else for (const memberId of group.members.keys()) rescheduleSessionTimeout(shard, group, memberId)
    }
    const intervalMs = this.config.offsetsRetentionCheckIntervalMs
    this.expiry ??= startExpiration(this.host, intervalMs, () => this.shards.values())
  }

  /** This node no longer leads the partition. */
  onResigned(partition: number): void {
    const shard = this.shards.get(partition)
    if (!shard) return
    this.shards.delete(partition)
    shard.close()
    for (const group of shard.groups.values()) if (group.kind === 'classic') resignClassic(shard, group)
  }

  close(): void {
    this.expiry?.cancel()
    for (const partition of [...this.shards.keys()]) this.onResigned(partition)
  }

  /** Called for each new metadata image. */
  onMetadata(image: {
    readonly offset: number
    readonly topics: ReadonlyMap<string, { readonly id: string }>
  }): void {
    const before = this.topics
    this.topics = image.topics
    const changed = changedKeys(before, image.topics).filter(
      (name) => before.get(name)?.id !== image.topics.get(name)?.id,
    )
    if (changed.some((name) => image.topics.has(name))) this.topicsVersion = image.offset
    this.metadataVersion = image.offset
    for (const shard of this.shards.values()) this.setMetadataVersions(shard)
    const gone = new Set(changed.filter((name) => before.has(name)))
    if (gone.size > 0) deleteOffsetsOfTopics(this.host, [...this.shards.values()], gone)
  }

  private setMetadataVersions(shard: GroupShard): void {
    shard.topicsVersion = this.topicsVersion
    shard.metadataVersion = this.metadataVersion
  }

  /** The marker of a transaction with offsets in this partition was appended. */
  onTransactionMarker(partition: number, producerId: Int64, committed: boolean): void {
    this.shards.get(partition)?.offsets.endTransaction(producerId, committed)
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
    this.runOnShard(request.groupId, done, (shard) => done(classicGroupHeartbeat(shard, request)))
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
    this.runOnShard(groupId, refuse, (shard) =>
      done(describeConsumer(shard, shard.groups.get(groupId), groupId)),
    )
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
    const refuse: Refuse = (errorCode) => done(refusedFetch(errorCode))
    this.runOnShard(request.groupId, refuse, (shard) => done(fetchOffsets(shard, request)))
  }

  /** The number of committed offsets of a group. */
  offsetCountOf(groupId: string): number {
    return this.shards.get(this.partitionFor(groupId) ?? NO_PARTITION)?.offsets.countOf(groupId) ?? 0
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

  deleteGroup(groupId: string, done: (error: ErrorCode) => void): void {
    this.runOnShard(groupId, done, (shard) => deleteGroup(shard, groupId, done))
  }

  describeGroup(groupId: string, apiVersion: number, done: (group: DescribedGroup) => void): void {
    const refuse: Refuse = (errorCode) => done({ groupId, errorCode })
    this.runOnShard(groupId, refuse, (shard) =>
      done(describeClassic(shard.groups.get(groupId), groupId, apiVersion)),
    )
  }

  /** The number of groups of each type on this node, and of their committed offsets. */
  counts(): { readonly classic: number; readonly consumer: number; readonly offsets: number } {
    const counts = { classic: 0, consumer: 0, offsets: 0 }
    for (const { groups, offsets } of this.shards.values()) {
      for (const { kind } of groups.values()) counts[kind]++
      counts.offsets += offsets.count
    }
    return counts
  }

  /** Lists the groups that this node coordinates. */
  listGroups(request: ListGroupsRequest): Steps<ListedGroup[]> {
    return listGroups(this.host.turns, [...this.shards.values()], request)
  }

  get groupCount(): number {
    return [...this.shards.values()].reduce((sum, { groups }) => sum + groups.size, 0)
  }

  // ---- finding the group
  /** The partition of `__consumer_offsets` that a group belongs to; undefined while the topic does not exist. */
  partitionFor(groupId: string): number | undefined {
    const count = this.host.partitionCount(OFFSETS_TOPIC)
    return count === undefined ? undefined : partitionFor(groupId, count)
  }

  /** Runs `work` on the group's shard once the group is idle, or calls `refuse` (GROUP-COORDINATOR-1). */
  private runOnShard(groupId: string, refuse: Refuse, work: (shard: GroupShard) => void): void {
    const partition = this.partitionFor(groupId) ?? NO_PARTITION
    const shard = this.shards.get(partition)
    if (!shard) return refuse(ErrorCode.NOT_COORDINATOR)
    shard.whenIdle(groupId, () => {
      if (this.shards.get(partition) === shard) work(shard)
      else refuse(ErrorCode.NOT_COORDINATOR)
    })
  }
}
