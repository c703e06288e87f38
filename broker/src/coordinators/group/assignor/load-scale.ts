/**
 * Members in the order of their loads, taken from both ends: from the light one those who get a partition, from the heavy
 * one those who give one up. In this way a topic with thousands of partitions is balanced in one walk, without sorting
 * after each step.
 *
 *      load   light                heavy            Each end is a stretch of members that had the same load when it was
 *        |                 [# #] #                  made; who is next in it, goes up (or down) by one. When all of it
 *        |         #   #   [# #] #  <- has nothing  has moved, the stretch takes in the neighbours that have that load
 *        | [# # #] #   #   [# #] #     to give      by now.
 *        +-----------------------
 *
 * - loads are the caller's: it changes them after each step, by one
 * LOAD-SCALE-2  a member without anything to give is left out of the heavy end for good
 */
export class LoadScale {
  private readonly loads: readonly number[]
  private readonly sorted: number[]
  private light = { end: 0, load: 0, next: 0 }
  private heavy = { start: 0, end: 0, load: 0, next: 0 }

  /** `members` are places in `loads`, one at least; of equal loads the lower place is the lighter. */
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

  /** How far the two ends are apart, before anything has moved. */
  get spread(): number {
    return this.loadAt(this.sorted.length - 1) - this.loadAt(0)
  }

  /** Whether the two ends have come so close that a move would only turn them round. */
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

  /** The member that gives the next partition, of those that can; undefined when nobody can. */
  takeHeaviest(canGive: (member: number) => boolean): number | undefined {
    for (;;) {
      if (this.heavy.next < this.heavy.start) this.lower()
      if (this.heavy.next < 0) return undefined
      const member = this.sorted[this.heavy.next--]!
      if (canGive(member)) return member
      this.leaveOut(this.heavy.next + 1)
    }
  }

  /** All of the heavy end has given one: it is lower now, and takes in those that have as much. */
  private lower(): void {
    const { heavy } = this
    // When all of it was left out (LOAD-SCALE-2), its load says nothing: the next one's does.
    if (heavy.end <= heavy.start && heavy.start > 0) heavy.load = this.loadAt(heavy.start - 1)
    else heavy.load--
    while (heavy.start > 0 && this.loadAt(heavy.start - 1) === heavy.load) heavy.start--
    heavy.next = heavy.end - 1
  }

  /** LOAD-SCALE-2: changes places with the last of the heavy end, which becomes shorter. */
  private leaveOut(place: number): void {
    const last = --this.heavy.end
    const member = this.sorted[place]!
    this.sorted[place] = this.sorted[last]!
    this.sorted[last] = member
  }
}
