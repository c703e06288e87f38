/**
 * What must hold at every moment in a set of replicas, under the names of the specifications: LogMatching, StrongIsr,
 * LeaderCandidateCompleteness, ReplicationQuorumSuperset, ConsistentRead, NeverTwoLeadersInSameEpoch (kafka-tlaplus kip-966,
 * kafka-specification).
 */
import type { PartitionLog } from '../src/log/partition-log.ts'
import type { Partition } from '../src/replica/partition.ts'
import { contents } from './log-fixtures.ts'
import type { ThreeReplicas } from './three-replicas.ts'

/** A record as a checker sees it. */
interface Entry {
  readonly value: string
  readonly epoch: number
}

/** Everything that a checker compares: a log is decoded again only if it has changed. */
interface View {
  readonly key: string
  readonly entries: readonly Entry[]
}

export class InvariantBroken extends Error {
  readonly invariant: string
  constructor(invariant: string, details: string) {
    super(`${invariant}: ${details}`)
    this.invariant = invariant
  }
}

export class ReplicaInvariants {
  private readonly cluster: ThreeReplicas
  private readonly views = new Map<number, View>()
  /** What a consumer has read at each offset. */
  private readonly seen: string[] = []
  private lastKey = ''

  constructor(cluster: ThreeReplicas) {
    this.cluster = cluster
  }

  /** Throws InvariantBroken. */
  check(): void {
    const { nodes, state, acknowledged } = this.cluster
    const key = `${nodes.map(({ id, life, log }) => `${keyOf(log!)} ${roleOf(life?.replicas.replica('t', 0))} ${id}`)} ${state.partitionEpoch} ${acknowledged.length}`
    if (key === this.lastKey) return
    this.lastKey = key
    for (const { id, log } of nodes) this.look(id, log!)
    this.neverTwoLeadersInSameEpoch()
    this.logMatching()
    this.strongIsr()
    this.leaderCandidateCompleteness()
    this.replicationQuorumSuperset()
    this.consistentRead()
  }

  private look(id: number, log: PartitionLog): void {
    const key = keyOf(log)
    if (this.views.get(id)?.key === key) return
    const entries: Entry[] = []
    for (const text of contents(log)) {
      const at = text.indexOf(':')
      const offset = Number(text.slice(0, at))
      entries[offset] = { value: text.slice(at + 1), epoch: log.epochForOffset(offset) }
    }
    this.views.set(id, { key, entries })
  }

  /** By offset; nothing below the log start. */
  private entriesOf(id: number): readonly (Entry | undefined)[] {
    return this.views.get(id)!.entries
  }

  /** Where the records of all these nodes begin that count. */
  private startOf(...ids: number[]): number {
    const starts = ids.map((id) => this.cluster.node(id).log!.logStartOffset)
    return Math.max(this.cluster.deletedBefore, ...starts)
  }

  private leaders(): { id: number; partition: Partition }[] {
    return this.cluster.nodes.flatMap(({ id, life }) => {
      const partition = life?.replicas.find('t', 0)
      return partition ? [{ id, partition }] : []
    })
  }

  private neverTwoLeadersInSameEpoch(): void {
    const epochs = this.leaders().map(({ partition }) => partition.leaderEpoch)
    if (new Set(epochs).size < epochs.length)
      throw new InvariantBroken('NeverTwoLeadersInSameEpoch', `${epochs}`)
  }

  /** Two logs with the same epoch at an offset are equal up to there. */
  private logMatching(): void {
    for (const a of this.cluster.nodes)
      for (const b of this.cluster.nodes) {
        if (a.id >= b.id) continue
        const [ours, theirs] = [this.entriesOf(a.id), this.entriesOf(b.id)]
        const start = this.startOf(a.id, b.id)
        let at = Math.min(ours.length, theirs.length) - 1
        while (at >= start && ours[at]?.epoch !== theirs[at]?.epoch) at--
        for (; at >= start; at--)
          if (ours[at]?.value !== theirs[at]?.value || ours[at]?.epoch !== theirs[at]?.epoch)
            throw new InvariantBroken('LogMatching', `offset ${at} of nodes ${a.id} and ${b.id}`)
      }
  }

  /** What lies below any leader's high watermark is on every member of the ISR. */
  private strongIsr(): void {
    for (const { id, partition } of this.leaders()) {
      const { highWatermark } = partition.log
      for (const member of this.cluster.state.isr)
        for (let at = this.startOf(id, member); at < highWatermark; at++)
          if (this.entriesOf(member)[at]?.value !== this.entriesOf(id)[at]?.value)
            throw new InvariantBroken('StrongIsr', `offset ${at} of leader ${id} is not on node ${member}`)
    }
  }

  /** Whoever may be elected has every acknowledged record. */
  private leaderCandidateCompleteness(): void {
    for (const member of this.cluster.state.isr)
      for (const { offset, value } of this.cluster.acknowledged)
        if (offset >= this.startOf(member) && this.entriesOf(member)[offset]?.value !== value)
          throw new InvariantBroken(
            'LeaderCandidateCompleteness',
            `${value} at ${offset} is not on node ${member}`,
          )
  }

  /** The leader never waits for fewer replicas than the controller may elect. */
  private replicationQuorumSuperset(): void {
    const { state } = this.cluster
    for (const { id, partition } of this.leaders()) {
      if (partition.leaderEpoch !== state.leaderEpoch) continue
      const maximal = partition.leadership!.maximalIsr
      const missing = state.isr.filter((member) => !maximal.includes(member))
      if (missing.length > 0)
        throw new InvariantBroken('ReplicationQuorumSuperset', `leader ${id} lacks ${missing}`)
    }
  }

  /** What a consumer has read at an offset never changes. */
  private consistentRead(): void {
    for (const { id, partition } of this.leaders()) {
      const entries = this.entriesOf(id)
      for (let at = this.startOf(id); at < partition.log.highWatermark; at++) {
        const read = entries[at]?.value ?? 'nothing'
        this.seen[at] ??= read
        if (this.seen[at] !== read)
          throw new InvariantBroken(
            'ConsistentRead',
            `offset ${at} of node ${id}: ${this.seen[at]}, then ${read}`,
          )
      }
    }
  }
}

function keyOf(log: PartitionLog): string {
  return `${log.logStartOffset}-${log.logEndOffset}-${log.latestEpoch}`
}

function roleOf(partition: Partition | undefined): string {
  if (!partition) return 'none'
  return `${partition.role} ${partition.leaderEpoch} ${partition.log.highWatermark} ${partition.leadership?.maximalIsr}`
}
