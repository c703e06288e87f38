/**
 * The committed offsets of the groups of one partition, in memory: the result of replaying `__consumer_offsets`.
 *
 *   group -> topic -> partition -> offset, leader epoch, metadata text, timestamps
 *
 * Offsets that were committed in a transaction are stored separately, by producer id, until the transaction's marker:
 * COMMIT makes them the group's offsets, ABORT drops them (KIP-98). Until then, a fetch of stable offsets fails with
 * UNSTABLE_OFFSET_COMMIT and is retried by the client (KIP-447).
 *
 * OFFSET-STORE-1  an offset of a transaction doesn't replace one that was appended after it (`order`)
 * OFFSET-STORE-2  whether a partition has a pending offset is known without a look at the open transactions: there may be
 *     tens of thousands
 */
import type { Int64 } from '../../../wire/int64.ts'

export interface CommittedOffset {
  readonly offset: Int64
  /** -1 if the client did not send one. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestamp: number
  /** Only from clients with OffsetCommit below v5; otherwise the broker's retention time applies. */
  readonly expireTimestamp: Int64 | undefined
  readonly topicId: string
}

interface Stored extends CommittedOffset {
  readonly order: number
}

type ByTopic<T> = Map<string, Map<number, T>>

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly committed: CommittedOffset
}

export class OffsetStore {
  private readonly committed = new Map<string, ByTopic<Stored>>()
  /** By producer id, then like `committed`. */
  private readonly pending = new Map<Int64, Map<string, ByTopic<Stored>>>()
  /** In how many transactions a partition is pending (OFFSET-STORE-2). */
  private readonly pendingIn = new Map<string, ByTopic<number>>()
  private order = 0

  /** Stores an offset; with a producer id it stays pending until `endTransaction`. */
  set(groupId: string, topic: string, partition: number, value: CommittedOffset, producerId?: Int64): void {
    const groups = producerId === undefined ? this.committed : childOf(this.pending, producerId)
    const partitions = childOf(childOf(groups, groupId), topic)
    if (producerId !== undefined && !partitions.has(partition))
      this.countPending(groupId, topic, partition, 1)
    partitions.set(partition, { ...value, order: this.order++ })
  }

  private countPending(groupId: string, topic: string, partition: number, by: 1 | -1): void {
    const partitions = childOf(childOf(this.pendingIn, groupId), topic)
    const now = (partitions.get(partition) ?? 0) + by
    if (now > 0) partitions.set(partition, now)
    else remove(this.pendingIn, groupId, topic, partition)
  }

  /** Replays a tombstone: deletes the committed and all pending offsets of the partition. */
  delete(groupId: string, topic: string, partition: number): void {
    remove(this.committed, groupId, topic, partition)
    if (!this.isPending(groupId, topic, partition)) return
    for (const groups of this.pending.values()) remove(groups, groupId, topic, partition)
    remove(this.pendingIn, groupId, topic, partition)
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.committed.get(groupId)?.get(topic)?.get(partition)
  }

  /** The number of committed offsets of all groups. */
  get count(): number {
    let count = 0
    for (const topics of this.committed.values())
      for (const partitions of topics.values()) count += partitions.size
    return count
  }

  /** All committed offsets of a group, in the order of the first commits. */
  all(groupId: string): PartitionOffset[] {
    const topics = this.committed.get(groupId) ?? new Map<string, Map<number, Stored>>()
    return [...topics].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, committed]) => ({ topic, partition, committed })),
    )
  }

  /** The same one by one; the store may be changed in between. */
  *each(groupId: string): Generator<PartitionOffset, void> {
    for (const [topic, partitions] of this.committed.get(groupId) ?? [])
      for (const [partition, committed] of partitions) yield { topic, partition, committed }
  }

  /** The number of committed offsets of a group. */
  countOf(groupId: string): number {
    let count = 0
    for (const partitions of this.committed.get(groupId)?.values() ?? []) count += partitions.size
    return count
  }

  /** All partitions, of these topics if they are given, for which a group has a committed or a pending offset. */
  partitions(
    groupId: string,
    topics?: ReadonlySet<string>,
  ): { readonly topic: string; readonly partition: number }[] {
    const found = new Map<string, { topic: string; partition: number }>()
    for (const groups of [this.committed, this.pendingIn]) {
      for (const [topic, partitions] of groups.get(groupId) ?? []) {
        if (topics && !topics.has(topic)) continue
        for (const partition of partitions.keys()) found.set(`${topic} ${partition}`, { topic, partition })
      }
    }
    return [...found.values()]
  }

  /** Whether an open transaction has an offset for this partition. */
  isPending(groupId: string, topic: string, partition: number): boolean {
    return this.pendingIn.get(groupId)?.get(topic)?.has(partition) ?? false
  }

  hasAnyPending(groupId: string): boolean {
    return this.pendingIn.has(groupId)
  }

  /** The groups that have committed or pending offsets. */
  groupIds(): string[] {
    return [...new Set([...this.committed.keys(), ...this.pendingIn.keys()])]
  }

  /** Replays the marker of a transaction. Returns the groups whose offsets have changed. */
  endTransaction(producerId: Int64, isCommit: boolean): string[] {
    const groups = this.pending.get(producerId)
    this.pending.delete(producerId)
    for (const [groupId, topics] of groups ?? []) {
      for (const [topic, partitions] of topics) {
        for (const [partition, value] of partitions) {
          this.countPending(groupId, topic, partition, -1)
          if (isCommit) this.commitPending(groupId, topic, partition, value)
        }
      }
    }
    return groups && isCommit ? [...groups.keys()] : []
  }

  private commitPending(groupId: string, topic: string, partition: number, value: Stored): void {
    const partitions = childOf(childOf(this.committed, groupId), topic)
    const known = partitions.get(partition)
    if (!known || known.order < value.order) partitions.set(partition, value) // OFFSET-STORE-1
  }
}

/** The map under a key; creates an empty one if there is none. */
function childOf<K, C, V>(parent: Map<K, Map<C, V>>, key: K): Map<C, V> {
  let child = parent.get(key)
  if (!child) {
    child = new Map<C, V>()
    parent.set(key, child)
  }
  return child
}

function remove<T>(groups: Map<string, ByTopic<T>>, groupId: string, topic: string, partition: number): void {
  const topics = groups.get(groupId)
  const partitions = topics?.get(topic)
  partitions?.delete(partition)
  if (partitions?.size === 0) topics?.delete(topic)
  if (topics?.size === 0) groups.delete(groupId)
}
