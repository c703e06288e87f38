/**
 * Members sorted by load, taken from both ends: from the light end the members that get a partition, from the heavy end
 * those that give one. So a topic with thousands of partitions is balanced in one pass, without sorting after each step.
 *
 *      load   light                heavy              Each end is a range of members that had the same load when the
 *        |                 [# #] #                    range was formed. The next member in it gets (or gives) one. When
 *        |         #   #   [# #] #  <- has nothing    all of them have, the range is extended by the neighbours that have
 *        | [# # #] #   #   [# #] #     to give        the same load now.
 *        +-----------------------
 *
 * - the caller owns `loads` and changes a load by one after each step
 *
 * LOAD-SCALE-2  a member that has nothing to give is excluded from the heavy end and does not return
 */
export class LoadScale {
  private readonly loads: readonly number[]
  private readonly sorted: number[]
  private light = { end: 0, load: 0, next: 0 }
  private heavy = { start: 0, end: 0, load: 0, next: 0 }

  /** `members`: indexes into `loads`, at least one. Of two members with the same load the lower index is the lighter. */
  constructor(members: readonly number[], loads: readonly number[]) {
    this.loads = loads
    this.sorted = [...members].sort((a, b) => loads[a]! - loads[b]! || a - b)
    const { length } = this.sorted
    this.light = { end: 0, load: this.loadAt(0) - 1, next: 0 }
    this.heavy = { start: length, end: length, load: this.loadAt(length - 1) + 1, next: length - 1 }
  }

  private loadAt(place: number): number {
    return this.loads[this.sorted[place]!]!
  }

  /** The difference between the highest and the lowest load, before anything has moved. */
  get spread(): number {
    return this.loadAt(this.sorted.length - 1) - this.loadAt(0)
  }

  /** Whether the ends differ by at most one, so that another move would not improve the balance. */
  get isLevel(): boolean {
    return this.heavy.load - this.light.load <= 1
  }

  /** The member that gets the next partition. */
  takeLightest(): number {
    const { light } = this
    if (light.next >= light.end) {
      light.load++
      while (light.end < this.sorted.length && this.loadAt(light.end) === light.load) light.end++
      light.next = 0
    }
    return this.sorted[light.next++]!
  }

  /** The member that gives the next partition; undefined if no member can give one. */
  takeHeaviest(canGive: (member: number) => boolean): number | undefined {
    for (;;) {
      if (this.heavy.next < this.heavy.start) this.extendHeavy()
      if (this.heavy.next < 0) return undefined
      const member = this.sorted[this.heavy.next--]!
      if (canGive(member)) return member
      this.exclude(this.heavy.next + 1)
    }
  }

  /** All members of the heavy range have given one: extends it by the members with the same load. */
  private extendHeavy(): void {
    const { heavy } = this
    // If all of them were excluded (LOAD-SCALE-2), continue with the load of the next member.
    if (heavy.end <= heavy.start && heavy.start > 0) heavy.load = this.loadAt(heavy.start - 1)
    else heavy.load--
    while (heavy.start > 0 && this.loadAt(heavy.start - 1) === heavy.load) heavy.start--
    heavy.next = heavy.end - 1
  }

  /** LOAD-SCALE-2: swaps the member with the last one of the heavy range, and shortens the range. */
  private exclude(place: number): void {
    const last = --this.heavy.end
    const member = this.sorted[place]!
    this.sorted[place] = this.sorted[last]!
    this.sorted[last] = member
  }
}
