/**
 * The threads that one check starts for itself, beside the one that all checks share: instances of the learner's program,
 * which the check may end when it likes.
 *
 * THREADS-1  what a check has started ends with it
 */
import type { CallLog } from '../subject/call-log.ts'
import { lookAgain, type MembraneOptions, membrane } from '../subject/membrane.ts'
import { SubjectGone, type SubjectWorker } from '../subject/subject-worker.ts'
import type { SubjectThread } from '../subject/tools.ts'
import type { Trouble } from '../verdict.ts'

export interface ThreadMaker {
  /** A thread in which nothing has been loaded. */
  take(): Promise<SubjectWorker>
  /** Loads the file; gives what is wrong with it, if it does not load. */
  load(worker: SubjectWorker): Promise<Trouble | undefined>
}

export class Threads {
  readonly #maker: ThreadMaker
  readonly #workers: SubjectWorker[] = []

  constructor(maker: ThreadMaker) {
    this.#maker = maker
  }

  /** Whether answers that those which still live have given are what they were. */
  async lookAgain(check: string, log: CallLog): Promise<void> {
    const living = this.#workers.filter(({ gone }) => gone === undefined)
    for (const worker of living) {
      worker.thaw()
      await lookAgain(worker, 'promise', check, log).catch(() => {})
    }
  }

  /** Starts one for a check, whose calls go into the check's log. */
  async start(
    view: Omit<MembraneOptions, 'worker' | 'slot' | 'thread'>,
    check: string,
    log: CallLog,
  ): Promise<SubjectThread> {
    const worker = await this.#maker.take()
    this.#workers.push(worker)
    const trouble = await this.#maker.load(worker)
    if (trouble !== undefined) throw new SubjectGone({ kind: 'crash', message: trouble.says.en })
    const { subject, tools } = membrane({ ...view, worker, slot: 0 }, check, log)
    return {
      subject,
      tools,
      get isGone() {
        return worker.gone !== undefined
      },
      freeze: () => worker.freeze(),
      thaw: () => worker.thaw(),
      end: () => {
        worker.hearing = {}
        return worker.stop()
      },
    }
  }

  /** Ends them all (THREADS-1). */
  end(): void {
    for (const worker of this.#workers) {
      worker.hearing = {}
      void worker.stop()
    }
  }
}
