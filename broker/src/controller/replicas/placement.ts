/**
 * Where the replicas of a new partition go: striped over racks, and over the brokers of each rack.
 *
 *   racks A, B, C with three brokers each         partition 0   A0 B0 C0
 *                                                 partition 1   B1 C1 A1
 *                                                 partition 2   C2 A2 B2
 *
 * The next partition begins at the next rack, and each rack gives its next broker: so leaders are spread, and partitions
 * that share a leader have their followers on different brokers. Where it begins is random, so that topics with one partition do
 * not all begin on the same broker; after as many partitions as there are brokers, the order is shuffled.
 *
 * PLACEMENT-1  the replicas of a partition are on different brokers
 * PLACEMENT-2  the first replica, which becomes the leader, is on a broker that is not fenced; fenced brokers get other
 *     replicas only when all brokers of their rack that are not fenced have one. A broker in controlled shutdown gets none
 * PLACEMENT-3  with at least as many racks as replicas, a partition has at most one replica in a rack
 *
 * (org.apache.kafka.metadata.placement.StripedReplicaPlacer; KIP-500)
 */
import { ErrorCode, KafkaError } from '../../wire/errors.ts'

/** A broker that may get replicas. Brokers without a rack count as one rack. */
export interface UsableBroker {
  readonly id: number
  readonly rack: string | null
  readonly fenced: boolean
}

/** A random integer from 0 (inclusive) to `bound` (exclusive). */
export type Dice = (bound: number) => number

/** The replicas of `count` partitions. Throws INVALID_REPLICATION_FACTOR. */
export function placePartitions(
  brokers: readonly UsableBroker[],
  { count, factor }: { readonly count: number; readonly factor: number },
  dice: Dice,
): number[][] {
  checkFactor(brokers, factor)
  const stripes = new Stripes(brokers, dice)
  return Array.from({ length: count }, () => stripes.place(factor))
}

function checkFactor(brokers: readonly UsableBroker[], factor: number): void {
  const refuse = (why: string): never => {
    const unable = `Unable to replicate the partition ${factor} time(s): `
    throw new KafkaError(ErrorCode.INVALID_REPLICATION_FACTOR, unable + why)
  }
  if (brokers.every(({ fenced }) => fenced))
    refuse('All brokers are currently fenced, or have all their log directories cordoned.')
  if (factor > brokers.length) {
    const only = `only ${brokers.length} broker(s) are registered or some brokers have all their log directories cordoned.`
    refuse(`The target replication factor of ${factor} cannot be reached because ${only}`)
  }
}

const NO_ROUND = -1

/** Brokers in a circle. A new round (one for each partition) begins one place further. */
class Circle {
  private readonly ids: number[]
  private offset: number
  private taken = 0
  private round = 0

  constructor(ids: readonly number[], dice: Dice) {
    this.ids = [...ids].sort((a, b) => a - b)
    this.offset = ids.length > 0 ? dice(ids.length) : 0
  }

  /** The next broker of this round; undefined when all have had their turn. */
  next(round: number): number | undefined {
    const { ids } = this
    if (ids.length === 0) return undefined
    if (round !== this.round) {
      this.round = round
      this.taken = 0
      this.offset = (this.offset + 1) % ids.length
    }
    return this.taken < ids.length ? ids[(this.offset + this.taken++) % ids.length] : undefined
  }

  shuffle(dice: Dice): void {
    shuffle(this.ids, dice)
    // A rack that was not asked in the last rounds must not take the new round 0 for the old one.
    this.round = NO_ROUND
  }
}

interface Rack {
  readonly unfenced: Circle
  readonly fenced: Circle
}

class Stripes {
  private readonly dice: Dice
  private readonly racks: Rack[]
  private readonly unfencedCount: number
  private round = 0
  private firstRack: number

  constructor(brokers: readonly UsableBroker[], dice: Dice) {
    this.dice = dice
    const byRack = new Map<string | null, UsableBroker[]>()
    for (const broker of brokers) byRack.set(broker.rack, [...(byRack.get(broker.rack) ?? []), broker])
    // Brokers without a rack come first, as in Kafka.
    const names = [...byRack.keys()].sort((a, b) => (a === null ? -1 : b === null ? 1 : a < b ? -1 : 1))
    this.racks = names.map((name) => {
      const ids = (isFenced: boolean): number[] =>
        byRack.get(name)!.flatMap(({ id, fenced }) => (fenced === isFenced ? [id] : []))
      return { fenced: new Circle(ids(true), dice), unfenced: new Circle(ids(false), dice) }
    })
    this.unfencedCount = brokers.filter(({ fenced }) => !fenced).length
    this.firstRack = dice(this.racks.length)
  }

  /** The replicas of the next partition; the first one will lead (PLACEMENT-2). */
  place(factor: number): number[] {
    const { racks, round } = this
    if (round === this.unfencedCount && round > 1) return this.shuffled().place(factor)
    let leaderRack = this.firstRack % racks.length
    let leader = racks[leaderRack]!.unfenced.next(round)
    while (leader === undefined) {
      leaderRack = (leaderRack + 1) % racks.length
      leader = racks[leaderRack]!.unfenced.next(round)
    }
    const replicas = [leader]
    // The leader's rack has given its broker in the first lap.
    let skipped: number | undefined = leaderRack
    for (let at = this.firstRack % racks.length; replicas.length < factor; at = (at + 1) % racks.length) {
      const rack = racks[at]!
      if (at === skipped) {
        skipped = undefined
        continue
      }
      const next = rack.unfenced.next(round) ?? rack.fenced.next(round)
      if (next !== undefined) replicas.push(next)
    }
    this.round++
    this.firstRack = (this.firstRack + 1) % racks.length
    return replicas
  }

  /** All brokers have led a partition: a new order, so that the same replicas do not meet again. */
  private shuffled(): this {
    shuffle(this.racks, this.dice)
    for (const { fenced, unfenced } of this.racks) {
      fenced.shuffle(this.dice)
      unfenced.shuffle(this.dice)
    }
    this.round = 0
    return this
  }
}

/** In place (Fisher and Yates). */
function shuffle(list: unknown[], dice: Dice): void {
  for (let at = list.length - 1; at > 0; at--) {
    const other = dice(at + 1)
    const moved = list[at]
    list[at] = list[other]
    list[other] = moved
  }
}
