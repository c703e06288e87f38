/**
 * Who wants to know what is committed: the controller, and the publisher of the metadata image.
 *
 *   handleLoadSnapshot   forget everything: this is the state up to the end of the snapshot
 *   handleCommit         the next committed batches, in order, each once
 *   handleLeaderChange   who leads, in which epoch; at most twice an epoch: unknown, then known
 *
 * A listener learns that its own node leads when it has all records from before that epoch: what it decides as the
 * leader must stand on all that was committed. (RaftClient.Listener)
 *
 * RAFT-LISTENERS-1  a listener gets every committed record once and in order, after a snapshot or from offset 0
 * RAFT-LISTENERS-2  it learns of its own leadership after all committed records of earlier epochs
 * RAFT-LISTENERS-3  no snapshot is loaded by a listener of the leader
 */
import { batchPositions, lastOffsetAt } from '../record/batch.ts'
import { leaderIdOf } from './epoch-state.ts'
import type { OffsetAndEpoch } from './raft-log.ts'
import type { RaftNode } from './raft-node.ts'

const READ_BYTES = 1_048_576
/** Nothing was sent yet: a snapshot comes first if there is one. */
const NOTHING_SENT = -1

export interface LeaderAndEpoch {
  /** Undefined if it is not known yet. */
  readonly leaderId: number | undefined
  readonly epoch: number
}

export interface RaftListener {
  /** Whole committed batches. The bytes belong to the log: they are valid within the call. */
  handleCommit(commit: { readonly baseOffset: number; readonly batches: Uint8Array }): void
  handleLoadSnapshot(snapshot: { readonly id: OffsetAndEpoch; readonly bytes: Uint8Array }): void
  handleLeaderChange(leader: LeaderAndEpoch): void
}

interface Registration {
  readonly listener: RaftListener
  nextOffset: number
  told: LeaderAndEpoch
}

export class RaftListeners {
  private readonly node: RaftNode
  private readonly registered: Registration[] = []

  constructor(node: RaftNode) {
    this.node = node
  }

  register(listener: RaftListener): void {
    this.registered.push({ listener, nextOffset: NOTHING_SENT, told: { leaderId: undefined, epoch: -1 } })
  }

  unregister(listener: RaftListener): void {
    const at = this.registered.findIndex((each) => each.listener === listener)
    if (at >= 0) this.registered.splice(at, 1)
  }

  /** Tells everyone what is new. */
  update(): void {
    const { highWatermark } = this.node
    for (const registration of [...this.registered]) {
      if (highWatermark !== undefined) this.sendCommitted(registration, highWatermark)
      this.sendLeader(registration)
    }
  }

  /** RAFT-LISTENERS-1 */
  private sendCommitted(to: Registration, highWatermark: number): void {
    const { log } = this.node
    if (to.nextOffset >= highWatermark) return
    const latest = log.snapshots.latest()
    if (latest && (to.nextOffset === NOTHING_SENT || to.nextOffset < log.startOffset)) {
      to.nextOffset = latest.offset
      const bytes = log.snapshots.read(latest, 0, log.snapshots.size(latest) ?? 0)
      to.listener.handleLoadSnapshot({ id: latest, bytes })
    }
    to.nextOffset = Math.max(0, to.nextOffset)
    while (to.nextOffset < highWatermark) {
      const batches = log.read(to.nextOffset, READ_BYTES, highWatermark)
      if (batches.length === 0) return
      const baseOffset = to.nextOffset
      for (const at of batchPositions(batches)) to.nextOffset = lastOffsetAt(batches, at) + 1
      to.listener.handleCommit({ baseOffset, batches })
    }
  }

  /** RAFT-LISTENERS-2 */
  private sendLeader(to: Registration): void {
    const { state, key } = this.node
    if (state.kind === 'Resigned') return
    const leader: LeaderAndEpoch = { leaderId: leaderIdOf(state, key.id), epoch: state.epoch }
    const isNews =
      leader.epoch > to.told.epoch || (to.told.leaderId === undefined && leader.leaderId !== undefined)
    if (!isNews || (state.kind === 'Leader' && to.nextOffset <= state.progress.startOffset)) return
    to.told = leader
    to.listener.handleLeaderChange(leader)
  }
}
