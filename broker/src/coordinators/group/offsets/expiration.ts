/**
 * Expiration of committed offsets and of empty groups.
 *
 * An offset is kept for `offsets.retention.minutes` (a week) after the group has become empty, or, while the group has
 * members, after the last commit for a topic that no member subscribes to (KIP-211). A client below OffsetCommit v5 may
 * have chosen another time for its commit. A group without members and offsets is deleted, too.
 *
 * Time is settled time (settled-time.ts): no offset is deleted because the clock jumps ahead for a moment.
 *
 * A broker may keep a million offsets, in many groups or in one. So they are looked through in turns, and deleted in
 * pieces: what a piece deletes is looked at again when it is written, because the group went on meanwhile.
 *
 * OFFSET-EXPIRATION-1  an offset is not deleted while an open transaction has an offset for the same partition
 * OFFSET-EXPIRATION-2  the work pauses when its turn is over; an offset that is committed meanwhile is not deleted
 *
 * (OffsetMetadataManager.cleanupExpiredOffsets)
 */
import type { Timer } from '../../../core.ts'
import type { Steps } from '../../../turns.ts'
import { ErrorCode, errorName } from '../../../wire/errors.ts'
import type { CoordinatorHost, CoordinatorRecord } from '../../coordinator-host.ts'
import { groupTombstones, offsetRecord } from '../group-records.ts'
import type { GroupShard } from '../group-shard.ts'
import type { Group } from '../group-state.ts'
import type { PartitionOffset } from './offset-store.ts'

/** How many offsets are deleted in one batch, which may have a megabyte. */
const PIECE_OFFSETS = 1000

/** Deletes expired offsets every `intervalMs`, until it is cancelled. `shards`: the partitions that are led then. */
export function startExpiration(
  host: CoordinatorHost,
  intervalMs: number,
  shards: () => Iterable<GroupShard>,
): Timer {
  let timer: Timer
  const next = (): void => {
    const expire = (): void => {
      next()
      expireOffsets(host, [...shards()])
    }
    timer = host.core.timers.set(intervalMs, expire, 'expiry of offsets')
  }
  next()
  return { cancel: () => timer.cancel() }
}

/** Deletes the expired offsets and groups of these partitions. */
export function expireOffsets(host: CoordinatorHost, shards: readonly GroupShard[]): void {
  runOnAll(host, shards, 'expiry of offsets', expireIn)
}

/** Deletes the offsets of deleted topics. */
export function deleteOffsetsOfTopics(
  host: CoordinatorHost,
  shards: readonly GroupShard[],
  topics: ReadonlySet<string>,
): void {
  runOnAll(host, shards, 'offsets of deleted topics', (shard) => deleteOfTopics(shard, topics))
}

function runOnAll(
  { core, turns }: CoordinatorHost,
  shards: readonly GroupShard[],
  name: string,
  work: (shard: GroupShard) => Steps<void>,
): void {
  const steps = function* (): Steps<void> {
    for (const shard of shards) yield* work(shard)
  }
  turns.run(
    steps(),
    () => {},
    (error) => core.log('error', `${name}: ${error instanceof Error ? error.stack : String(error)}`),
    { name },
  )
}

function* expireIn(shard: GroupShard): Steps<void> {
  for (const group of [...shard.groups.values()]) {
    if (shard.host.turns.isOver) yield
    yield* expireGroup(shard, group)
  }
}

/** Deletes the expired offsets in pieces; with the last piece, the group, if nothing is left of it. */
function* expireGroup(shard: GroupShard, group: Group): Steps<void> {
  const { groupId } = group
  const isExpired = createExpiryTest(shard, group)
  let piece: PartitionOffset[] = []
  const write = (isLast: boolean): void => {
    const expired = piece
    piece = []
    shard.run(() => {
      if (shard.groups.get(groupId) === group) writeExpired(shard, group, expired, isLast)
    })
  }
  for (const offset of shard.offsets.each(groupId)) {
    if (shard.host.turns.isOver) yield
    if (isExpired(offset)) piece.push(offset)
    if (piece.length === PIECE_OFFSETS) write(false)
  }
  write(true)
}

function writeExpired(
  shard: GroupShard,
  group: Group,
  piece: readonly PartitionOffset[],
  isLast: boolean,
): void {
  const { groupId } = group
  const isExpired = createExpiryTest(shard, group)
  const expired = piece.filter(
    (each) => shard.offsets.get(groupId, each.topic, each.partition) === each.committed && isExpired(each),
  )
  const records: CoordinatorRecord[] = tombstones(groupId, expired)
  const isUnused =
    isLast &&
    expired.length === shard.offsets.countOf(groupId) &&
    hasNoMembers(group) &&
    !shard.offsets.hasAnyPending(groupId)
  if (isUnused) records.push(...groupTombstones(group))
  const appended = (): void => {
    if (isUnused) shard.groups.delete(groupId)
  }
  const done = (error: ErrorCode): void => {
    if (error !== ErrorCode.NONE)
      shard.host.core.log('warn', 'could not delete expired offsets: the next check tries again', {
        group: groupId,
        error: errorName(error),
      })
  }
  shard.write(records, done, { appended })
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

function* deleteOfTopics(shard: GroupShard, topics: ReadonlySet<string>): Steps<void> {
  for (const groupId of shard.offsets.groupIds()) {
    if (shard.host.turns.isOver) yield
    const deleted = shard.offsets.partitions(groupId, topics)
    for (let at = 0; at < deleted.length; at += PIECE_OFFSETS) {
      if (shard.host.turns.isOver) yield
      const piece = deleted.slice(at, at + PIECE_OFFSETS)
      shard.run(() => {
        const gone = piece.filter(({ topic, partition }) => !isOfNewTopic(shard, groupId, topic, partition))
        shard.write(tombstones(groupId, gone), () => {})
      })
    }
  }
}

/** Whether a topic with this name was created again meanwhile, and the group has committed an offset for it. */
function isOfNewTopic(shard: GroupShard, groupId: string, topic: string, partition: number): boolean {
  const id = shard.host.topicId(topic)
  return id !== undefined && shard.offsets.get(groupId, topic, partition)?.topicId === id
}

function tombstones(
  groupId: string,
  offsets: readonly { readonly topic: string; readonly partition: number }[],
): CoordinatorRecord[] {
  return offsets.map(({ topic, partition }) => offsetRecord(groupId, topic, partition, undefined))
}
