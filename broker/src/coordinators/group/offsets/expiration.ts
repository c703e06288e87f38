/**
 * Expiration of committed offsets and of empty groups.
 *
 * An offset is kept for `offsets.retention.minutes` (a week) after the group has become empty, or, while the group has
 * members, after the last commit for a topic that no member subscribes to (KIP-211). A client below OffsetCommit v5 may
 * have chosen another time for its commit. A group without members and offsets is deleted, too.
 *
 * Time is settled time (settled-time.ts): no offset is deleted because the clock jumps ahead for a moment.
 *
 * OFFSET-EXPIRATION-1  an offset is not deleted while an open transaction has an offset for the same partition
 *
 * (OffsetMetadataManager.cleanupExpiredOffsets)
 */
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { groupTombstones, offsetRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'
import type { Group } from '../group-state.ts'
import type { PartitionOffset } from './offset-store.ts'

/** Deletes the expired offsets and groups of a partition. */
export function expireOffsets(shard: GroupShard): void {
  for (const group of [...shard.groups.values()]) {
    shard.whenIdle(group.groupId, () => {
      if (shard.groups.get(group.groupId) === group) expireGroup(shard, group)
    })
  }
}

function expireGroup(shard: GroupShard, group: Group): void {
  const { groupId } = group
  const all = shard.offsets.all(groupId)
  const expired = all.filter(createExpiryTest(shard, group))
  const records = expired.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
  const isUnused =
    expired.length === all.length && hasNoMembers(group) && !shard.offsets.hasAnyPending(groupId)
  if (isUnused) records.push(...groupTombstones(group))
  shard.write(groupId, records, (error) => {
    if (error !== ErrorCode.NONE) {
      return shard.host.core.log('warn', 'could not delete expired offsets: the next check tries again', {
        group: groupId,
        error: errorName(error),
      })
    }
    if (isUnused) shard.groups.delete(groupId)
  })
}

function hasNoMembers(group: Group): boolean {
  return group.state === 'Empty' && (group.kind === 'consumer' || group.pendingJoin.size === 0)
}

/** Returns a test: has this offset of the group expired? It looks up the group's subscriptions once. */
function createExpiryTest(shard: GroupShard, group: Group): (offset: PartitionOffset) => boolean {
  const isSubscribedTo = group.subscriptionTest()
  const since = retentionStart(group)
  const nowMs = shard.settledNow()
  return ({ topic, partition, committed }) => {
    // OFFSET-EXPIRATION-1
    if (isSubscribedTo(topic) || shard.offsets.isPending(group.groupId, topic, partition)) return false
    if (since === undefined) return false
    if (committed.expireTimestamp !== undefined) return nowMs >= committed.expireTimestamp
    const sinceMs = since === 'commit' ? committed.commitTimestamp : since
    return nowMs - sinceMs >= shard.config.offsetsRetentionMs
  }
}

/** When the retention time starts: at a time (ms), or with each commit; undefined if offsets do not expire now. */
function retentionStart(group: Group): number | 'commit' | undefined {
  if (group.kind === 'consumer' || group.protocolType === null) return 'commit'
  if (group.state === 'Empty') return group.stateTimestamp < 0 ? 'commit' : group.stateTimestamp
  return group.state === 'Stable' && group.subscribedTopics() ? 'commit' : undefined
}

/** Deletes the offsets of deleted topics. */
export function deleteOffsetsOfTopics(shard: GroupShard, topics: ReadonlySet<string>): void {
  for (const groupId of shard.offsets.groupIds()) {
    shard.whenIdle(groupId, () => {
      const deleted = shard.offsets.partitions(groupId).filter(({ topic }) => topics.has(topic))
      const records = deleted.map(({ topic, partition }) =>
        offsetRecord(groupId, topic, partition, undefined),
      )
      shard.write(groupId, records, () => {})
    })
  }
}
