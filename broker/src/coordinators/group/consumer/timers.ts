/**
 * The timers of a KIP-848 group's members, by name.
 *
 *   session      it was not heard of                                     every member
 *   rebalance    it did not give up what it was told to                  members of the new protocol
 *   join, sync   it did not send the request that a rebalance asks for   classic members
 */
import { type GroupShard, sessionTimer } from '../group-shard.ts'

export function rebalanceTimer(groupId: string, memberId: string): string {
  return `rebalance|${groupId}|${memberId}`
}

export function roundTimer(groupId: string, memberId: string, awaited: 'join' | 'sync'): string {
  return `round|${awaited}|${groupId}|${memberId}`
}

/** The member is gone: nobody waits for it any more. */
export function cancelTimers(shard: GroupShard, groupId: string, memberId: string): void {
  shard.cancelTimer(sessionTimer(groupId, memberId))
  shard.cancelTimer(rebalanceTimer(groupId, memberId))
  shard.cancelTimer(roundTimer(groupId, memberId, 'join'))
  shard.cancelTimer(roundTimer(groupId, memberId, 'sync'))
}
