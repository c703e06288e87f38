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
  private order = 0

  /** Stores an offset; with a producer id it stays pending until `endTransaction`. */
  set(groupId: string, topic: string, partition: number, value: CommittedOffset, producerId?: Int64): void {
    const groups = producerId === undefined ? this.committed : childOf(this.pending, producerId)
    childOf(childOf(groups, groupId), topic).set(partition, { ...value, order: this.order++ })
  }

  /** Replays a tombstone: deletes the committed and all pending offsets of the partition. */
  delete(groupId: string, topic: string, partition: number): void {
    remove(this.committed, groupId, topic, partition)
    for (const groups of this.pending.values()) remove(groups, groupId, topic, partition)
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

  /** All partitions for which a group has a committed or a pending offset. */
  partitions(groupId: string): { readonly topic: string; readonly partition: number }[] {
    const found = new Map<string, { topic: string; partition: number }>()
    for (const groups of [this.committed, ...this.pending.values()]) {
      for (const [topic, partitions] of groups.get(groupId) ?? [])
        for (const partition of partitions.keys()) found.set(`${topic} ${partition}`, { topic, partition })
    }
    return [...found.values()]
  }

  /** Whether an open transaction has an offset for this partition. */
  isPending(groupId: string, topic: string, partition: number): boolean {
    for (const groups of this.pending.values())
      if (groups.get(groupId)?.get(topic)?.has(partition)) return true
    return false
  }

  hasAnyPending(groupId: string): boolean {
    for (const groups of this.pending.values()) if (groups.has(groupId)) return true
    return false
  }

  /** The groups that have committed or pending offsets. */
  groupIds(): string[] {
    const pending = [...this.pending.values()].flatMap((groups) => [...groups.keys()])
    return [...new Set([...this.committed.keys(), ...pending])]
  }

  /** Replays the marker of a transaction. Returns the groups whose offsets have changed. */
  endTransaction(producerId: Int64, isCommit: boolean): string[] {
    const groups = this.pending.get(producerId)
    this.pending.delete(producerId)
    if (!groups || !isCommit) return []
    for (const [groupId, topics] of groups) {
      for (const [topic, partitions] of topics) {
        for (const [partition, value] of partitions) this.commitPending(groupId, topic, partition, value)
      }
    }
    return [...groups.keys()]
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
