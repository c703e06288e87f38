/**
 * A place where calls wait until the suite lets them through: a handler that is at work for as long as a check wants.
 *
 *   handler: async (record) => { seen.push(record); await gate.pass() }
 */
export class Gate {
  readonly #queue: (() => void)[] = []
  #isOpen = false

  /** How many calls wait here. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Resolves when the gate is open, or when this call is let through. */
  pass(): Promise<void> {
    if (this.#isOpen) return Promise.resolve()
    return new Promise((resolve) => {
      this.#queue.push(resolve)
    })
  }

  /** Lets through all that wait and all that come. */
  open(): void {
    this.#isOpen = true
    this.letThrough(this.#queue.length)
  }

  close(): void {
    this.#isOpen = false
  }

  /** Lets through so many of those that wait, the first ones first. */
  letThrough(count: number): void {
    for (const go of this.#queue.splice(0, count)) go()
  }
}
