/**
 * The queue of the controller's decisions: one at a time, in order, each in as many turns as it needs.
 *
 *   CreateTopics, 5,000 topics   | slice |         | slice |         | slice, append |
 *   CreateTopics, 1 topic                  waits  ..................................  | decide, append |
 *   Fetch, Produce, Heartbeat            |         |       |         |                  served between the slices (turns.ts)
 *
 * A decision reads the newest image, makes records, appends them as one batch and replays them. If two decisions ran at
 * the same time, both could create the same topic. So Kafka's controller has one thread and a queue of events, and an
 * event runs to its end before the next one begins: a large request delays other changes of the cluster, but no produce
 * and no fetch, which run in other threads. Here one thread does everything. So a decision is a generator that pauses
 * when its turn is over, and the queue makes sure that no other decision is made meanwhile.
 *
 * Nearly all decisions are small and find an empty queue: they are made within the call.
 *
 * A request may wait here for longer than its client does. As in Kafka, it is not executed after its deadline; here it is
 * answered when its place in the queue is reached, in Kafka at the deadline.
 *
 * DECISION-QUEUE-1  decisions are made in the order of `add`, one after the other, however many turns each of them takes
 * DECISION-QUEUE-2  a request whose deadline has passed while it waited is not executed: REQUEST_TIMED_OUT
 *
 * (org.apache.kafka.queue.KafkaEventQueue; QuorumController.ControllerWriteEvent)
 */
import type { Job, Steps, Turns } from '../turns.ts'
import { ErrorCode, KafkaError } from '../wire/errors.ts'

/** A decision; it answers its request itself. */
export type Decision = () => Steps<void>

export class DecisionQueue {
  private readonly turns: Turns
  private readonly failed: (error: unknown) => void
  /** In the order of arrival, without the one that is being made. */
  private readonly waiting = new Set<Decision>()
  private isRunning = false
  private job: Job | undefined

  /** `failed` gets what a decision throws; the next ones are made all the same. */
  constructor(turns: Turns, failed: (error: unknown) => void) {
    this.turns = turns
    this.failed = failed
  }

  /** Queues a decision. If no other one waits, its first slice runs within the call. */
  add(decision: Decision): void {
    this.waiting.add(decision)
    if (this.isRunning) return
    this.isRunning = true
    this.job = this.turns.run(
      this.makeAll(),
      () => {
        this.isRunning = false
      },
      this.failed,
      { name: 'decisions of the controller' },
    )
  }

  /** A loop over a Set also visits what is added to it meanwhile. */
  private *makeAll(): Steps<void> {
    for (const decision of this.waiting) {
      if (this.turns.isOver) yield
      this.waiting.delete(decision)
      try {
        yield* decision()
      } catch (error) {
        this.failed(error)
      }
    }
  }

  /** Drops the rest of the decision that is being made, and those that wait. */
  close(): void {
    this.job?.cancel()
    this.isRunning = false
    this.waiting.clear()
  }
}

/** Throws REQUEST_TIMED_OUT if `deadlineMs` (monotonic) has passed; undefined means no deadline (DECISION-QUEUE-2). */
export function checkDeadline(deadlineMs: number | undefined, nowMs: number): void {
  if (deadlineMs !== undefined && nowMs > deadlineMs) throw new KafkaError(ErrorCode.REQUEST_TIMED_OUT)
}
