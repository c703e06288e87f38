/**
 * Offsets and groups that nobody needs any more.
 *
 * A partition's offset is kept as long as somebody may come back for it: `offsets.retention.minutes` (a week) after the
 * group became empty, or, while it has members, after the last commit of a topic that nobody reads any more (KIP-211).
 * A client below OffsetCommit v5 may have given a commit its own time. A group without members and offsets goes too.
 *
 * Time is settled time (settled-time.ts): a clock that jumps ahead for a moment deletes nobody's offsets.
 *
 * OFFSET-EXPIRATION-1  a partition with an offset in an open transaction is left alone
 */
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import { groupTombstones, offsetRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'
import type { Group } from '../group-state.ts'
import type { PartitionOffset } from './offset-store.ts'

/** Looks through all groups of a partition once. */
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
  const expired = all.filter(expiryTest(shard, group))
  const records = expired.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
  const isOver = expired.length === all.length && isDeserted(group) && !shard.offsets.hasAnyPending(groupId)
  if (isOver) records.push(...groupTombstones(group))
  shard.write(groupId, records, (error) => {
    if (error !== ErrorCode.NONE) {
      return shard.host.core.log('warn', 'expired offsets were not deleted', {
        group: groupId,
        error: errorName(error),
      })
    }
    if (isOver) shard.groups.delete(groupId)
  })
}

function isDeserted(group: Group): boolean {
  return group.state === 'Empty' && (group.kind === 'consumer' || group.pendingJoin.size === 0)
}

/** Tells of a group's offsets whether they have expired. What the members subscribe to is looked up once for all. */
function expiryTest(shard: GroupShard, group: Group): (offset: PartitionOffset) => boolean {
  const isSubscribedTo = group.subscriptionTest()
  const since = keptSince(group)
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

/** The time from which the retention counts, or of each commit its own; undefined when it doesn't run. */
function keptSince(group: Group): number | 'commit' | undefined {
  if (group.kind === 'consumer' || group.protocolType === null) return 'commit'
  if (group.state === 'Empty') return group.stateTimestamp < 0 ? 'commit' : group.stateTimestamp
  return group.state === 'Stable' && group.subscribedTopics() ? 'commit' : undefined
}

/** Topics are gone: nobody can read on from their offsets. */
export function forgetTopics(shard: GroupShard, topics: ReadonlySet<string>): void {
  for (const groupId of shard.offsets.groupIds()) {
    shard.whenIdle(groupId, () => {
      const gone = shard.offsets.partitions(groupId).filter(({ topic }) => topics.has(topic))
      const records = gone.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
      shard.write(groupId, records, () => {})
    })
  }
}
