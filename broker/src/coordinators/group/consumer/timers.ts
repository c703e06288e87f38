/**
 * The names of the timers of a KIP-848 group's members.
 *
 *   session      no heartbeat in time                                           every member
 *   rebalance    partitions not revoked in time                                 members of the new protocol
 *   join, sync   the JoinGroup or SyncGroup of a rebalance not sent in time     classic members
 */
import { type GroupShard, sessionTimer } from '../group-shard.ts'

export function rebalanceTimer(groupId: string, memberId: string): string {
  return `rebalance|${groupId}|${memberId}`
}

export function classicRequestTimer(groupId: string, memberId: string, awaited: 'join' | 'sync'): string {
  return `round|${awaited}|${groupId}|${memberId}`
}

/** Cancels all timers of a member that was removed. */
export function cancelTimers(shard: GroupShard, groupId: string, memberId: string): void {
  shard.cancelTimer(sessionTimer(groupId, memberId))
  shard.cancelTimer(rebalanceTimer(groupId, memberId))
  shard.cancelTimer(classicRequestTimer(groupId, memberId, 'join'))
  shard.cancelTimer(classicRequestTimer(groupId, memberId, 'sync'))
}
