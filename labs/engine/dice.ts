/**
 * Seeded dice for generated values.
 *
 * A grader that draws 0, or the value that the page shows, passes code that returns a constant; one that
 * draws names in sorted order passes code that never sorts. So:
 *
 * LAB-DICE-1  the same seed and test: the same values, whatever other tests ran
 * LAB-DICE-2  a fresh value is never 0 or 1, never one of the lab's examples, never one drawn before in the test
 * LAB-DICE-3  an order is never the sorted one, nor its reverse
 */
export class Dice {
  #state: number
  readonly #taken: Set<string | number>

  /** `label` separates the streams of the tests; `avoid` are the values that the lab's text shows. */
  constructor(seed: number, label: string, avoid: readonly (string | number)[] = []) {
    this.#state = seed | 0
    for (let i = 0; i < label.length; i++)
      this.#state = Math.imul(this.#state ^ label.charCodeAt(i), 0x01000193)
    this.#taken = new Set<string | number>([0, 1, '', ...avoid])
  }

  /** A fraction from 0 up to, not including, 1 (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** Any integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1))
  }

  pick<T>(list: readonly T[]): T {
    const value = list[this.int(0, list.length - 1)]
    if (value === undefined) throw new Error('dice.pick: the list is empty')
    return value
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.int(0, 255)
    return bytes
  }

  /** An integer from `min` to `max` that was not seen before (LAB-DICE-2). */
  freshInt(min: number, max: number): number {
    return this.#fresh(() => this.int(min, max))
  }

  /** A pronounceable word of two to four syllables that was not seen before (LAB-DICE-2). */
  freshWord(): string {
    const syllable = () => this.pick([...'bdfgklmnprstvz']) + this.pick([...'aeiou'])
    return this.#fresh(() => Array.from({ length: this.int(2, 4) }, syllable).join(''))
  }

  freshWords(count: number): string[] {
    return Array.from({ length: count }, () => this.freshWord())
  }

  /** Words that need more than one byte a letter in UTF-8, some of them outside the basic plane. */
  freshForeignWord(): string {
    const letters = [...'жщёъґ漢字かéüßñλ😀🦉']
    return this.#fresh(() => Array.from({ length: this.int(3, 7) }, () => this.pick(letters)).join(''))
  }

  /** The same items in another order: not sorted, not reversed, not as given (LAB-DICE-3). Needs three or more. */
  shuffle<T>(list: readonly T[]): T[] {
    if (list.length < 3) throw new Error(`dice.shuffle: ${list.length} items have no unsorted order`)
    for (;;) {
      const items = [...list]
      for (let i = items.length - 1; i > 0; i--) {
        const j = this.int(0, i)
        const swap = items[i] as T
        items[i] = items[j] as T
        items[j] = swap
      }
      const ranks = items.map((item) => (typeof item === 'object' ? list.indexOf(item) : item))
      const monotone = (isInOrder: (a: unknown, b: unknown) => boolean) =>
        ranks.every((rank, i) => i === 0 || isInOrder(ranks[i - 1], rank))
      if (
        monotone((a, b) => (a as number) <= (b as number)) ||
        monotone((a, b) => (a as number) >= (b as number))
      )
        continue
      if (items.some((item, i) => item !== list[i])) return items
    }
  }

  #fresh<T extends string | number>(draw: () => T): T {
    for (let tries = 0; tries < 10_000; tries++) {
      const value = draw()
      if (this.#taken.has(value)) continue
      this.#taken.add(value)
      return value
    }
    throw new Error('dice: no fresh value is left in this range')
  }
}
