/**
 * One direction of a connection: steps that happen one after the other, each at once unless one before it waits.
 *
 * LANE-1  a step begins when all before it have ended, in the order in which they came
 */
export class Lane {
  readonly #steps: (() => void | Promise<void>)[] = []
  #isWaiting = false

  /** Does the step now, or when it is its turn. */
  push(step: () => void | Promise<void>): void {
    this.#steps.push(step)
    this.#go()
  }

  #go(): void {
    while (!this.#isWaiting) {
      const step = this.#steps.shift()
      if (step === undefined) return
      const waiting = step()
      if (waiting === undefined) continue
      this.#isWaiting = true
      const goOn = () => {
        this.#isWaiting = false
        this.#go()
      }
      waiting.then(goOn, goOn)
    }
  }
}
