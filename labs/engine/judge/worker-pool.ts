/** Workers that are ready before they are needed: one start costs a fifth of a second, and a save should not. */
import { SubjectWorker } from '../subject/subject-worker.ts'

export class WorkerPool {
  readonly #isClientNeeded: boolean
  readonly #idle: SubjectWorker[] = []
  readonly #taken = new Set<SubjectWorker>()

  constructor(options: { isClientNeeded: boolean }) {
    this.#isClientNeeded = options.isClientNeeded
  }

  /** Starts workers until `count` are idle; resolves when they can be used. */
  async warm(count: number): Promise<void> {
    while (this.#idle.length < count)
      this.#idle.push(new SubjectWorker({ isClientNeeded: this.#isClientNeeded }))
    await Promise.all(this.#idle.map((worker) => worker.ready()))
  }

  /** A worker that nothing was loaded into. */
  async take(): Promise<SubjectWorker> {
    const worker = this.#idle.shift() ?? new SubjectWorker({ isClientNeeded: this.#isClientNeeded })
    this.#taken.add(worker)
    await worker.ready()
    return worker
  }

  /** Ends the workers that were taken, and starts new ones. */
  async renew(count: number): Promise<void> {
    const used = [...this.#taken]
    this.#taken.clear()
    await Promise.all([this.warm(count), ...used.map((worker) => worker.stop())])
  }
}
