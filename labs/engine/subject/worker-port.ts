/**
 * The worker's end of the line to the judge (protocol.ts): its ports and counters, taken out of `workerData` before anything
 * of the learner's is loaded, so that no code of theirs finds them.
 */
import { syncBuiltinESMExports } from 'node:module'
import worker, { type MessagePort } from 'node:worker_threads'
import type { Answer, CameOfCallback, FromWorker, ToWorker, WorkerStart } from './protocol.ts'

const start = worker.workerData as WorkerStart
const port = start.port as MessagePort
const counter = new Int32Array(start.counter)
const answersPort = start.answersPort as MessagePort
const answerCount = new Int32Array(start.answers)
const frozen = new Int32Array(start.frozen)
;(worker as { workerData: unknown }).workerData = undefined
syncBuiltinESMExports()

const { add, load: countIn, notify, wait } = Atomics
const { receiveMessageOnPort } = worker
const { apply } = Reflect
const postMessage = port.postMessage
/** The judge is busy at most so long before it answers a function that answers at once, ms. */
const atOnceMsMax = 5_000

export const { isClientNeeded } = start

export function tell(message: FromWorker): void {
  apply(postMessage, port, [message])
  add(counter, 0, 1)
  notify(counter, 0)
}

export const answer = (seq: number, of: Answer) => tell({ seq, answer: of })

export function listen(serve: (message: ToWorker) => void): void {
  port.on('message', serve)
}

/** Asks the judge, and sleeps until it has answered. Undefined: it did not. */
export function askAtOnce(ask: () => void): CameOfCallback | undefined {
  const seen = countIn(answerCount, 0)
  ask()
  for (let how = ''; countIn(answerCount, 0) === seen && how !== 'timed-out'; )
    how = wait(answerCount, 0, seen, atOnceMsMax)
  return receiveMessageOnPort(answersPort)?.message as CameOfCallback | undefined
}

/** Stands still until the judge lets the thread go on. */
export function standStill(): void {
  while (countIn(frozen, 0) === 1) wait(frozen, 0, 1)
}
