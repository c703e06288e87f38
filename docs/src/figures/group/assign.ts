/**
 * How the leader of a classic group divides one topic: what clients do in `JoinGroup`, not the broker.
 *
 * ASSIGN-1  each partition goes to one member; the shares differ by one at most
 * ASSIGN-2  cooperative: a partition that another member still owns goes to nobody in this generation
 */

/** A member as its leader sees it: what it says that it owns. */
export interface Subscriber {
  readonly memberId: string
  readonly owned: readonly number[]
}

/** By member id. */
export type Shares = Map<string, number[]>

/** Like Kafka's RangeAssignor: members by their ids, each gets its piece of the row of partitions. */
export function rangeShares(subscribers: readonly Subscriber[], partitions: number): Shares {
  const ids = subscribers.map(({ memberId }) => memberId).sort()
  let next = 0
  return new Map(
    ids.map((id, place) => {
      const first = next
      next += shareSize(partitions, ids.length, place)
      return [id, numbers(first, next)]
    }),
  )
}

/** Like Kafka's CooperativeStickyAssignor: everyone keeps what he owns, up to a fair share (ASSIGN-2). */
export function cooperativeShares(subscribers: readonly Subscriber[], partitions: number): Shares {
  const byOwned = [...subscribers].sort(
    (a, b) => b.owned.length - a.owned.length || (a.memberId < b.memberId ? -1 : 1),
  )
  const shares: Shares = new Map(
    byOwned.map(({ memberId, owned }, place) => [
      memberId,
      [...owned].sort((a, b) => a - b).slice(0, shareSize(partitions, byOwned.length, place)),
    ]),
  )
  const kept = new Set([...shares.values()].flat())
  const owned = new Set(subscribers.flatMap((each) => each.owned))
  for (const partition of numbers(0, partitions)) {
    if (kept.has(partition)) continue
    const poorest = [...shares.values()].reduce((least, share) =>
      share.length < least.length ? share : least,
    )
    // Its place in the share is taken, even if it comes only in the next generation.
    poorest.push(owned.has(partition) ? -1 : partition)
  }
  return new Map([...shares].map(([id, share]) => [id, share.filter((partition) => partition >= 0)]))
}

/** The first members get one more when the partitions cannot be divided evenly. */
function shareSize(partitions: number, members: number, place: number): number {
  return Math.floor(partitions / members) + (place < partitions % members ? 1 : 0)
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, place) => from + place)
}
