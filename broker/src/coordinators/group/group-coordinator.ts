/**
 * The group coordinator: who is in which group, who reads what, and how far they have come.
 *
 * A group id is hashed to a partition of `__consumer_offsets`; the leader of that partition is the group's coordinator.
 * This class finds the partition (`GroupShard`) and the group, and hands on; what groups do stands in the folders and files beside:
 *
 *   classic/        JoinGroup, SyncGroup, Heartbeat, LeaveGroup
 *   consumer/       ConsumerGroupHeartbeat (KIP-848)
 *   migration/      from the one protocol to the other, and members of both in one group
 *   assignor/       which member shall read which partition (KIP-848)
 *   offsets/        commits, where they are kept, their expiration
 *   group-*.ts      records, configuration, administration
 *
 * Every verb calls `done` once, now or later (a JoinGroup waits for the other members). (GroupCoordinatorService)
 *
 * GROUP-COORDINATOR-1  a broker that is not the coordinator says NOT_COORDINATOR, and the client looks for it again:
 *     FindCoordinator makes `__consumer_offsets` where there is none yet
 * GROUP-COORDINATOR-2  after `onResigned` no member of the partition's groups waits any more, and none of their timers
 *     runs; after `close` no timer at all
 */

import type { Timer } from '../../core.ts'
import type { ConsumerGroupHeartbeatRequest } from '../../messages/consumer-group-heartbeat.ts'
import type { HeartbeatRequest } from '../../messages/heartbeat.ts'
import type { JoinGroupRequest } from '../../messages/join-group.ts'
import type { ListGroupsRequest } from '../../messages/list-groups.ts'
import type { SyncGroupRequest } from '../../messages/sync-group.ts'
import { OFFSETS_TOPIC } from '../../topic-names.ts'
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
import { expireOffsets, forgetTopics } from './offsets/expiration.ts'
import {
  deleteOffsets,
  type FetchedOffsets,
  fetchOffsets,
  type OffsetsToFetch,
  type OffsetToDelete,
} from './offsets/fetch.ts'

type Refuse = (error: ErrorCode) => void

/** The partition of a group while `__consumer_offsets` is not there; this node does not lead it. */
const NOWHERE = -1

export class GroupCoordinator {
  private readonly host: CoordinatorHost
  private readonly config: GroupConfig
  /** By partition of `__consumer_offsets` that this node leads. */
  private readonly shards = new Map<number, GroupShard>()
  /** Topic ids by name, as of the newest metadata: to see which are gone. */
  private topics = new Map<string, string>()
  /** The version of the newest metadata that has a new topic. */
  private topicsVersion = 0
  private metadataVersion = 0
  private expiry: Timer | undefined

  constructor({ host, config }: { host: CoordinatorHost; config: GroupConfig }) {
    this.host = host
    this.config = config
  }

  // ---- the coordinator's own life

  /** This node leads a partition of `__consumer_offsets` from now on: reads it, and waits for its members. */
  onElected(partition: number, _leaderEpoch: number): void {
    this.onResigned(partition)
    const shard = new GroupShard({ host: this.host, config: this.config, partition })
    shard.load()
    this.tellVersions(shard)
    this.shards.set(partition, shard)
    for (const group of shard.groups.values()) {
      if (group.kind === 'consumer') resumeTimers(shard, group)
      else for (const memberId of group.members.keys()) rescheduleSessionTimeout(shard, group, memberId)
    }
    this.expiry ??= this.planExpiry()
  }

  /** Another node leads the partition now. */
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

  private planExpiry(): Timer {
    const expire = (): void => {
      this.expiry = this.planExpiry()
      for (const shard of this.shards.values()) expireOffsets(shard)
    }
    return this.host.core.timers.set(this.config.offsetsRetentionCheckIntervalMs, expire, 'expiry of offsets')
  }

  /** The metadata has changed. */
  onMetadata(image: {
    readonly offset: number
    readonly topics: ReadonlyMap<string, { readonly id: string }>
  }): void {
    const before = this.topics
    this.topics = new Map([...image.topics].map(([name, { id }]) => [name, id]))
    if ([...this.topics].some(([name, id]) => before.get(name) !== id)) this.topicsVersion = image.offset
    this.metadataVersion = image.offset
    for (const shard of this.shards.values()) this.tellVersions(shard)
    const gone = [...before].filter(([name, id]) => this.topics.get(name) !== id).map(([name]) => name)
    if (gone.length > 0) this.onTopicsDeleted(gone)
  }

  private tellVersions(shard: GroupShard): void {
    shard.topicsVersion = this.topicsVersion
    shard.metadataVersion = this.metadataVersion
  }

  /** Their offsets mean nothing any more. */
  onTopicsDeleted(names: readonly string[]): void {
    for (const shard of this.shards.values()) forgetTopics(shard, new Set(names))
  }

  /** A transaction that has offsets in this partition has ended: the marker is in the log. */
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
    this.enter(groupId, refuse, (shard) => classicGroupJoin(shard, { request, client, done }))
  }

  syncGroup(request: SyncGroupRequest, _client: ClientContext, done: SyncDone): void {
    const refuse: Refuse = (errorCode) => done({ errorCode })
    if (request.groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    this.enter(request.groupId, refuse, (shard) => classicGroupSync(shard, request, done))
  }

  heartbeat(request: HeartbeatRequest, _client: ClientContext, done: (error: ErrorCode) => void): void {
    if (request.groupId === '') return done(ErrorCode.INVALID_GROUP_ID)
    this.enter(request.groupId, done, (shard) => done(classicGroupHeartbeat(shard, request)))
  }

  /** `done` gets the error of the whole, or one for each of `members`. */
  leaveGroup(groupId: string, members: readonly Leaving[], done: LeaveDone): void {
    const refuse: Refuse = (error) => done(error, [])
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    this.enter(groupId, refuse, (shard) => classicGroupLeave(shard, groupId, members, done))
  }

  // ---- KIP-848 groups

  consumerGroupHeartbeat(
    request: ConsumerGroupHeartbeatRequest,
    client: ClientContext,
    done: ConsumerHeartbeatDone,
  ): void {
    const unsound = validateHeartbeatRequest(request, client.apiVersion, this.config.consumerAssignors)
    if (unsound) return done(unsound)
    const refuse: Refuse = (errorCode) => done({ errorCode })
    this.enter(request.groupId, refuse, (shard) => consumerGroupHeartbeat(shard, { request, client, done }))
  }

  describeConsumerGroup(groupId: string, done: (group: DescribedConsumerGroup) => void): void {
    const refuse: Refuse = (errorCode) => done({ groupId, errorCode })
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID)
    this.enter(groupId, refuse, (shard) => done(describeConsumer(shard, shard.groups.get(groupId), groupId)))
  }

  // ---- offsets

  /**
   * OffsetCommit, and TxnOffsetCommit when `committer.transaction` is there. Fills in the error code of each commit;
   * those that have one already are left alone.
   */
  commitOffsets(committer: Committer, commits: readonly Commit[], done: () => void): void {
    const refuse: Refuse = (error) => {
      for (const commit of commits) if (commit.errorCode === ErrorCode.NONE) commit.errorCode = error
      done()
    }
    this.enter(committer.groupId, refuse, (shard) => commitOffsets(shard, committer, commits, done))
  }

  fetchOffsets(request: OffsetsToFetch, done: (fetched: FetchedOffsets) => void): void {
    const refuse: Refuse = (errorCode) => done({ errorCode, topics: [] })
    this.enter(request.groupId, refuse, (shard) => done(fetchOffsets(shard, request)))
  }

  /** Fills in the error code of each partition; `done` gets the error of the whole. */
  deleteOffsets(
    groupId: string,
    partitions: readonly OffsetToDelete[],
    done: (error: ErrorCode) => void,
  ): void {
    if (groupId === '') return done(ErrorCode.INVALID_GROUP_ID)
    this.enter(groupId, done, (shard) => deleteOffsets(shard, groupId, partitions, done))
  }

  // ---- administration

  deleteGroup(groupId: string, done: (error: ErrorCode) => void): void {
    this.enter(groupId, done, (shard) => deleteGroup(shard, groupId, done))
  }

  describeGroup(groupId: string, apiVersion: number, done: (group: DescribedGroup) => void): void {
    const refuse: Refuse = (errorCode) => done({ groupId, errorCode })
    this.enter(groupId, refuse, (shard) =>
      done(describeClassic(shard.groups.get(groupId), groupId, apiVersion)),
    )
  }

  /** How many groups this node coordinates, by their protocol, and how many offsets they have committed. */
  counts(): { readonly classic: number; readonly consumer: number; readonly offsets: number } {
    const counts = { classic: 0, consumer: 0, offsets: 0 }
    for (const { groups, offsets } of this.shards.values()) {
      for (const { kind } of groups.values()) counts[kind]++
      counts.offsets += offsets.count
    }
    return counts
  }

  /** The groups that this node coordinates. */
  listGroups(request: ListGroupsRequest): ListedGroup[] {
    return listGroups(
      [...this.shards.values()].flatMap((shard) => [...shard.groups.values()]),
      request,
    )
  }

  // ---- finding the group

  /** The partition of `__consumer_offsets` that a group belongs to; undefined while there is no such topic. */
  partitionFor(groupId: string): number | undefined {
    const count = this.host.partitionCount(OFFSETS_TOPIC)
    return count === undefined ? undefined : partitionFor(groupId, count)
  }

  /** Does `work` with the group's shard when the group is idle, or says why it can't (GROUP-COORDINATOR-1). */
  private enter(groupId: string, refuse: Refuse, work: (shard: GroupShard) => void): void {
    const partition = this.partitionFor(groupId) ?? NOWHERE
    const shard = this.shards.get(partition)
    if (!shard) return refuse(ErrorCode.NOT_COORDINATOR)
    shard.whenIdle(groupId, () => {
      if (this.shards.get(partition) === shard) work(shard)
      else refuse(ErrorCode.NOT_COORDINATOR)
    })
  }
}
