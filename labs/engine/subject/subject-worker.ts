/**
 * The judge's end of the worker that holds the learner's code: starts it, sends it calls, notices its death.
 *
 * A synchronous call puts the judge to sleep on the shared counter until the answer is there or the limit has
 * passed; so an endless loop is noticed, named and stopped. An asynchronous one is a promise; while one is
 * open, the worker is asked for a sign of life now and then.
 *
 * A worker dies of an endless loop (stopped by us), of process.exit, of its memory limit. What it was asked
 * then rejects with `SubjectGone`; the next check gets a new worker.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { workerModule } from './bundle.ts'
import type { Answer, CameOfCallback, FromWorker, ToWorker, WorkerStart } from './protocol.ts'
import type { ErrorReport, Wire } from './values.ts'

/** A synchronous call may take so long; so long may an event loop be busy without a pause, ms. */
export const busyMsMax = 5_000
const pingEveryMs = 400
const memoryMbMax = 512

export interface Gone {
  readonly kind: 'endless-loop' | 'exit' | 'crash'
  readonly message: string
  /** The check that called process.exit, if it is known. */
  readonly check?: string | undefined
}

export class SubjectGone extends Error {
  readonly gone: Gone
  constructor(gone: Gone) {
    super(`the learner's code is gone: ${gone.kind} ${gone.message}`)
    this.gone = gone
  }
}

/** What is heard from the worker beside answers. */
export interface Hearing {
  printed?(text: string, check: string | undefined): void
  escaped?(error: ErrorReport, check: string | undefined): void
  timer?(ms: number, check: string | undefined): void
  dice?(source: string, check: string | undefined): void
}

/** A message without its sequence number, whichever it is. */
type Unnumbered<M> = M extends unknown ? Omit<M, 'seq'> : never
export type Question = Unnumbered<ToWorker>

/** What runs when the learner's code calls a function of the suite's. */
export type Callback =
  | { readonly isAtOnce: false; readonly run: (args: readonly Wire[]) => Promise<CameOfCallback> }
  | { readonly isAtOnce: true; readonly run: (args: readonly Wire[]) => CameOfCallback }

/** Questions are counted over all workers: answers of several are told apart by it. */
let questions = 0

export class SubjectWorker {
  gone: Gone | undefined
  hearing: Hearing = {}
  #worker: Worker | undefined
  readonly #port: MessagePort
  readonly #counter: Int32Array
  readonly #answers = new Map<number, Answer>()
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  readonly #callbacks: Callback[] = []
  readonly #answersPort: MessagePort
  readonly #answerCount: Int32Array
  readonly #frozen: Int32Array
  readonly #onGone: ((gone: Gone) => void)[] = []
  readonly #ready: Promise<void>
  #becomeReady: () => void = () => {}
  #exiting: Gone | undefined
  #pulse: NodeJS.Timeout | undefined
  #heardAt = 0
  #finish: () => void = () => {}
  readonly #ended: Promise<void>

  constructor(options: { isClientNeeded: boolean }) {
    const { port1, port2 } = new MessageChannel()
    const answers = new MessageChannel()
    const shared = () => new Int32Array(new SharedArrayBuffer(4))
    this.#port = port1
    this.#counter = shared()
    this.#answersPort = answers.port1
    this.#answerCount = shared()
    this.#frozen = shared()
    const start: WorkerStart = {
      port: port2,
      counter: this.#counter.buffer as SharedArrayBuffer,
      answersPort: answers.port2,
      answers: this.#answerCount.buffer as SharedArrayBuffer,
      frozen: this.#frozen.buffer as SharedArrayBuffer,
      isClientNeeded: options.isClientNeeded,
    }
    this.#ended = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve
    })
    port1.on('message', (message: FromWorker) => this.#hear(message))
    port1.unref()
    this.#answersPort.unref()
    workerModule().then(
      (url) => this.#start(url, start, [port2, answers.port2]),
      (error: Error) => this.#die({ kind: 'crash', message: error.message }),
    )
  }

  #start(url: URL, workerData: WorkerStart, transferList: MessagePort[]): void {
    if (this.gone !== undefined) return this.#finish()
    const worker = new Worker(url, {
      workerData,
      transferList,
      execArgv: [],
      env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMbMax },
    })
    this.#worker = worker
    worker.stdout.resume()
    worker.stderr.resume()
    worker.on('error', (error: Error & { code?: string }) =>
      this.#die({ kind: 'crash', message: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? '' : error.message }),
    )
    worker.on('exit', (code) => {
      this.#die(this.#exiting ?? { kind: 'exit', message: `exit ${code}` })
      this.#finish()
    })
  }

  /** Resolves when calls can be made; rejects when the worker cannot start. */
  async ready(): Promise<void> {
    const failed = new Promise<never>((_, reject) => this.onGone((gone) => reject(new SubjectGone(gone))))
    failed.catch(() => {})
    await Promise.race([this.#ready, failed])
  }

  /** Calls back when the worker is gone; at once, if it is. */
  onGone(call: (gone: Gone) => void): void {
    if (this.gone === undefined) this.#onGone.push(call)
    else call(this.gone)
  }

  /** Asks, and sleeps until the answer is there. */
  askNow(question: Question, msMax = busyMsMax): Answer {
    const seq = this.#send(question)
    const until = performance.now() + msMax
    for (;;) {
      const seen = Atomics.load(this.#counter, 0)
      for (let next = receiveMessageOnPort(this.#port); next !== undefined; ) {
        this.#hear(next.message as FromWorker)
        next = receiveMessageOnPort(this.#port)
      }
      const answer = this.#answers.get(seq)
      if (answer !== undefined) {
        this.#answers.delete(seq)
        return answer
      }
      if (this.#exiting !== undefined) this.#die(this.#exiting)
      if (this.gone !== undefined) throw new SubjectGone(this.gone)
      const left = until - performance.now()
      if (left <= 0) {
        this.#die({ kind: 'endless-loop', message: String(Math.round(msMax / 1000)) })
        throw new SubjectGone(this.gone as unknown as Gone)
      }
      Atomics.wait(this.#counter, 0, seen, left)
    }
  }

  /** Asks, and gives a promise of the answer. */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.gone !== undefined) return reject(new SubjectGone(this.gone))
      const seq = this.#send(question)
      this.#waiting.set(seq, { resolve, reject })
      this.#startPulse()
    })
  }

  /** A function of the judge's that the learner's code may call; gives the number that names it. */
  callback(callback: Callback): number {
    return this.#callbacks.push(callback) - 1
  }

  /** The thread stands still, as in a long pause for garbage; `thaw` lets it go on. Its connections stay open. */
  freeze(): void {
    Atomics.store(this.#frozen, 0, 1)
    this.#send({ op: 'freeze' })
  }

  thaw(): void {
    this.#heardAt = performance.now()
    Atomics.store(this.#frozen, 0, 0)
    Atomics.notify(this.#frozen, 0)
  }

  /** Ends the worker. Resolves when its thread is gone, 200 ms later at most. */
  async stop(): Promise<void> {
    this.#die({ kind: 'exit', message: 'stopped' })
    this.thaw()
    await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, 200).unref())])
  }

  /**
   * Why the worker is gone, for certain: a sleeping judge cannot hear that memory ran out, and takes it for a
   * loop until it has listened.
   */
  async reason(): Promise<Gone> {
    await Promise.race([this.#ended, new Promise((resolve) => setTimeout(resolve, 300))])
    return this.gone ?? { kind: 'crash', message: '' }
  }

  /** The number of the question that was sent last. */
  get lastSeq(): number {
    return this.#lastSeq
  }
  #lastSeq = 0

  #send(question: Question): number {
    const seq = ++questions
    this.#lastSeq = seq
    if (this.gone === undefined) this.#port.postMessage({ ...question, seq })
    return seq
  }

  #hear(message: FromWorker): void {
    this.#heardAt = performance.now()
    if ('answer' in message) {
      const waiting = this.#waiting.get(message.seq)
      this.#waiting.delete(message.seq)
      if (waiting === undefined) this.#answers.set(message.seq, message.answer)
      else waiting.resolve(message.answer)
    } else if ('printed' in message) this.hearing.printed?.(String(message.printed), message.check)
    else if ('escaped' in message) this.hearing.escaped?.(message.escaped, message.check)
    else if ('timer' in message) this.hearing.timer?.(Number(message.timer), message.check)
    else if ('dice' in message) this.hearing.dice?.(String(message.dice), message.check)
    else if ('exiting' in message)
      this.#exiting ??= { kind: 'exit', message: String(message.exiting), check: message.check }
    else if ('callback' in message) this.#callBack(message)
    else if ('ready' in message) this.#becomeReady()
  }

  #callBack({ callback, seq, args }: Extract<FromWorker, { callback: number }>): void {
    const called = this.#callbacks[callback]
    if (called === undefined || this.gone !== undefined) return
    if (called.isAtOnce) {
      this.#answersPort.postMessage(called.run(args))
      Atomics.add(this.#answerCount, 0, 1)
      Atomics.notify(this.#answerCount, 0)
      return
    }
    void called.run(args).then((came) => {
      if (this.gone === undefined) this.#port.postMessage({ op: 'called-back', seq, came })
    })
  }

  #startPulse(): void {
    if (this.#pulse !== undefined) return
    this.#heardAt = performance.now()
    let asked = 0
    this.#pulse = setInterval(() => {
      if (this.#waiting.size === 0 || this.gone !== undefined) {
        clearInterval(this.#pulse)
        this.#pulse = undefined
        return
      }
      // No call waits for the answer to a ping: it only moves heardAt.
      if (asked > 0) this.#answers.delete(asked)
      asked = this.#send({ op: 'ping' })
      const isFrozen = Atomics.load(this.#frozen, 0) === 1
      if (!isFrozen && performance.now() - this.#heardAt > busyMsMax)
        this.#die({ kind: 'endless-loop', message: String(busyMsMax / 1000) })
    }, pingEveryMs)
    this.#pulse.unref()
  }

  /** The first reason counts, but for memory: it is what a supposed loop was, when it turns out so. */
  #die(gone: Gone): void {
    if (this.gone !== undefined) {
      if (this.gone.kind === 'endless-loop' && gone.kind === 'crash') this.gone = gone
      return
    }
    this.gone = gone
    clearInterval(this.#pulse)
    void this.#worker?.terminate().catch(() => {})
    const error = new SubjectGone(gone)
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    for (const call of this.#onGone.splice(0)) call(gone)
  }
}
