/**
 * The committed offsets of a partition's groups, in memory: what replaying `__consumer_offsets` gives.
 *
 *   group -> topic -> partition -> offset, leader epoch, a note, when
 *
 * An offset that was committed within a transaction is kept apart, under its producer, until the transaction's marker
 * comes: commit makes it the group's, abort forgets it (KIP-98). Until then a reader that asks for stable offsets is
 * told to wait (KIP-447).
 *
 * OFFSET-STORE-1  an offset of a transaction doesn't replace one that was appended after it (`order`)
 */
import type { Int64 } from '../../../wire/int64.ts'

export interface CommittedOffset {
  readonly offset: Int64
  /** -1 when the client did not say. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestamp: number
  /** Only from clients of OffsetCommit below v5; otherwise the broker's retention counts. */
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
  /** By producer id, then as above. */
  private readonly pending = new Map<Int64, Map<string, ByTopic<Stored>>>()
  private order = 0

  /** Remembers an offset; with a producer id it stays pending until `endTransaction`. */
  set(groupId: string, topic: string, partition: number, value: CommittedOffset, producerId?: Int64): void {
    const groups = producerId === undefined ? this.committed : childOf(this.pending, producerId)
    childOf(childOf(groups, groupId), topic).set(partition, { ...value, order: this.order++ })
  }

  /** A tombstone: the offset is forgotten, unless it comes with a transaction (which deletes nothing). */
  delete(groupId: string, topic: string, partition: number): void {
    remove(this.committed, groupId, topic, partition)
    for (const groups of this.pending.values()) remove(groups, groupId, topic, partition)
  }

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.committed.get(groupId)?.get(topic)?.get(partition)
  }

  /** How many offsets are committed, by all groups. */
  get count(): number {
    let count = 0
    for (const topics of this.committed.values())
      for (const partitions of topics.values()) count += partitions.size
    return count
  }

  /** All that a group has committed, in the order in which topics and partitions were first seen. */
  all(groupId: string): PartitionOffset[] {
    const topics = this.committed.get(groupId) ?? new Map<string, Map<number, Stored>>()
    return [...topics].flatMap(([topic, partitions]) =>
      [...partitions].map(([partition, committed]) => ({ topic, partition, committed })),
    )
  }

  /** All partitions that a group has an offset for, those of open transactions too. */
  partitions(groupId: string): { readonly topic: string; readonly partition: number }[] {
    const found = new Map<string, { topic: string; partition: number }>()
    for (const groups of [this.committed, ...this.pending.values()]) {
      for (const [topic, partitions] of groups.get(groupId) ?? [])
        for (const partition of partitions.keys()) found.set(`${topic} ${partition}`, { topic, partition })
    }
    return [...found.values()]
  }

  /** Whether a transaction that is still open has an offset for this partition. */
  isPending(groupId: string, topic: string, partition: number): boolean {
    for (const groups of this.pending.values())
      if (groups.get(groupId)?.get(topic)?.has(partition)) return true
    return false
  }

  hasAnyPending(groupId: string): boolean {
    for (const groups of this.pending.values()) if (groups.has(groupId)) return true
    return false
  }

  /** Groups that have committed something, in a transaction or not. */
  groupIds(): string[] {
    const pending = [...this.pending.values()].flatMap((groups) => [...groups.keys()])
    return [...new Set([...this.committed.keys(), ...pending])]
  }

  /** The transaction's marker. Gives the groups whose offsets changed. */
  endTransaction(producerId: Int64, isCommit: boolean): string[] {
    const groups = this.pending.get(producerId)
    this.pending.delete(producerId)
    if (!groups || !isCommit) return []
    for (const [groupId, topics] of groups) {
      for (const [topic, partitions] of topics) {
        for (const [partition, value] of partitions) this.settle(groupId, topic, partition, value)
      }
    }
    return [...groups.keys()]
  }

  private settle(groupId: string, topic: string, partition: number, value: Stored): void {
    const partitions = childOf(childOf(this.committed, groupId), topic)
    const known = partitions.get(partition)
    if (!known || known.order < value.order) partitions.set(partition, value) // OFFSET-STORE-1
  }
}

/** The map under a key; an empty one is put there when it has none. */
function childOf<K, C, V>(parent: Map<K, Map<C, V>>, key: K): Map<C, V> {
  let child = parent.get(key)
  if (!child) {
    child = new Map<C, V>()
    parent.set(key, child)
  }
  return child
}

function remove(
  groups: Map<string, ByTopic<Stored>>,
  groupId: string,
  topic: string,
  partition: number,
): void {
  const topics = groups.get(groupId)
  const partitions = topics?.get(topic)
  partitions?.delete(partition)
  if (partitions?.size === 0) topics?.delete(topic)
  if (topics?.size === 0) groups.delete(groupId)
}
