/** Lab 01: answers that wait for each other. */

/**
 * Lets answers go in one moment, when all have come: calls that go on at the same time find out whether what they
 * use as their own, a time for instance, is their own. If they do not all ask, it waits once, and never again.
 */
export class Together {
  readonly #count: number
  #waiting: (() => void)[] = []
  #isOver = false

  constructor(count: number) {
    this.#count = count
  }

  async wait(): Promise<void> {
    if (this.#isOver) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      if (this.#waiting.length === 1)
        setTimeout(() => {
          this.#isOver ||= this.#waiting.includes(resolve)
          if (this.#isOver) this.#go()
        }, 2_000)
      if (this.#waiting.length === this.#count) this.#go()
    })
  }

  #go(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
