/**
 * The log at the leader: what it appends, and how far its own disk has come.
 *
 *   append -> voters read the control records -> followers may fetch it -> flush -> the leader's own part of the majority
 *
 * Followers may get records that the leader has not flushed yet: only the leader's own vote for them waits for its
 * disk. If the leader crashes in between, it may have lost them, but it does not write in that epoch again, so no two
 * records have the same offset and epoch.
 *
 * LEADER-LOG-1  the first batch of an epoch is a LeaderChange, with the voters if the log does not have them, or has another
 *     address of the leader
 * LEADER-LOG-2  the leader's own offset counts when it is on disk
 */
import { ControlType, KRaftVersionRecord, VotersRecord } from '../messages/records/control-records.ts'
import { buildQuorumBatch, encodeBody, encodeLeaderChange } from '../record/control-record.ts'
import type { Leader } from './epoch-state.ts'
import type { LeaderProgress } from './leader-progress.ts'
import type { RaftNode } from './raft-node.ts'
import { BEFORE_LOG } from './voters/voter-history.ts'
import { toVotersRecord, type VoterSet } from './voters/voter-set.ts'

interface ControlRecord {
  readonly type: number
  readonly value: Uint8Array
}

export class LeaderLog {
  private readonly node: RaftNode
  private readonly onAppended: () => void

  /** `onAppended` is called when followers can fetch more. */
  constructor(node: RaftNode, onAppended: () => void) {
    this.node = node
    this.onAppended = onAppended
  }

  /** The first batch of a new epoch (LEADER-LOG-1). */
  startEpoch(progress: LeaderProgress): void {
    const { voters, local } = this.node
    const change = encodeLeaderChange({
      leaderId: local.key.id,
      voters: voters.last.ids.map((voterId) => ({ voterId })),
      grantingVoters: progress.grantedBy.map((voterId) => ({ voterId })),
    })
    const records: ControlRecord[] = [{ type: ControlType.LEADER_CHANGE, value: change }]
    if (voters.canChange) {
      const isMissing = voters.lastOffset === BEFORE_LOG
      if (isMissing || voters.last.needsUpdate(local))
        records.push(
          versionRecord(voters.kraftVersion),
          votersRecord(voters.last.update(local) ?? voters.last),
        )
    }
    this.appendControl(records)
  }

  /** Appends another set of voters: it is in force at once. Returns the offset of its record. */
  appendVoters(voters: VoterSet): number {
    return this.appendControl([votersRecord(voters)])
  }

  private appendControl(records: readonly ControlRecord[]): number {
    const at = { baseOffset: 0, leaderEpoch: this.node.epoch, timestamp: this.node.host.clock.now() }
    return this.append(buildQuorumBatch(records, at))
  }

  /** Appends a batch in the leader's epoch. Returns the offset of its first record. */
  append(batch: Uint8Array): number {
    const { node } = this
    const offset = node.log.appendAsLeader(batch, node.epoch)
    node.voters.update()
    node.flushed.flush()
    this.update()
    this.onAppended()
    return offset
  }

  /** The disk or the voters have changed: the high watermark may advance (LEADER-LOG-2). */
  update(): void {
    const { node } = this
    if (node.state.kind !== 'Leader') return
    const counted = Math.min(node.rules.countedOffset(node.flushed), node.log.endOffset)
    if (node.state.progress.updateLocal(counted, node.voters.last)) node.onHighWatermark()
  }

  /** A replica fetches from `offset`, so it has everything below. */
  replicaFetched(
    { progress }: Leader,
    key: Parameters<LeaderProgress['updateReplica']>[0],
    offset: number,
  ): void {
    const { node } = this
    const at = { offset, leaderEnd: node.log.endOffset, nowMs: node.nowMs }
    if (progress.updateReplica(key, at)) node.onHighWatermark()
  }
}

function votersRecord(voters: VoterSet): ControlRecord {
  return { type: ControlType.KRAFT_VOTERS, value: encodeBody(VotersRecord, toVotersRecord(voters)) }
}

function versionRecord(kRaftVersion: number): ControlRecord {
  return {
    type: ControlType.KRAFT_VERSION,
    value: encodeBody(KRaftVersionRecord, { version: 0, kRaftVersion }),
  }
}
