/**
 * A binary heap: the first item is found at once; adding or removing one takes O(log n).
 *
 * HEAP-1  `pop` returns the first of all items; of two equal ones, either. For a stable order, number the items
 */
export class Heap<T> {
  private readonly isBefore: (a: T, b: T) => boolean
  /** Each item is before, or equal to, its two children, at 2i + 1 and 2i + 2. */
  private readonly items: T[] = []

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.isBefore = isBefore
  }

  get size(): number {
    return this.items.length
  }

  /** The item that `pop` would return. */
  get first(): T | undefined {
    return this.items[0]
  }

  push(item: T): void {
    const { items } = this
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isBefore(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Removes and returns the first item; undefined if the heap is empty. */
  pop(): T | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.isBefore(items[child + 1]!, items[child]!)) child++
      if (!this.isBefore(items[child]!, last)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
    return first
  }

  clear(): void {
    this.items.length = 0
  }
}
