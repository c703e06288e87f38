/**
 * Work that many requests need, done once: the one that has its turn continues it for all of them.
 *
 *   A   describe topics 1 to 300 |                             | describe 601 to 900, done: A and B have the result
 *   B                            | describe topics 301 to 600  |
 *
 * A thousand clients may ask for the metadata of all topics at the same time, as they do after a broker has restarted. The
 * result is the same for all of them. If each one computed its own, the broker would do a thousand times the work and hold
 * several partial results; and if one computed it while the others waited, they would wait forever when its client
 * disconnects.
 *
 * SHARED-STEPS-1  the steps run once, however many requests join and whichever of them are cancelled
 * SHARED-STEPS-2  if a step throws, all that have joined get the error
 */

/** Steps that wait for nothing (turns.ts). */
export type PlainSteps<Result> = Generator<undefined, Result, void>

export class SharedSteps<Result> {
  private readonly steps: PlainSteps<Result>
  private outcome: { readonly result: Result } | { readonly error: unknown } | undefined

  constructor(steps: PlainSteps<Result>) {
    this.steps = steps
  }

  /** Continues the work until it is done, with pauses; returns its result. */
  *join(): PlainSteps<Result> {
    for (;;) {
      if (!this.outcome) this.step()
      const { outcome } = this
      if (!outcome) yield
      else if ('error' in outcome) throw outcome.error
      else return outcome.result
    }
  }

  private step(): void {
    try {
      const step = this.steps.next()
      if (step.done) this.outcome = { result: step.value }
    } catch (error) {
      this.outcome = { error }
    }
  }
}
