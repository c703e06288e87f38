/**
 * Large requests: decoded in turns, and one at a time.
 *
 * A request of 100 MB that names millions of partitions takes seconds to decode, and its decoded form takes several times
 * its bytes. So it is decoded in turns (wire/codec-steps.ts), and its memory is counted before it is allocated:
 *
 *   up to SHARED_BYTES         decoded beside others
 *   up to DECODED_BYTES_MAX    alone: a second one waits as bytes, and is decoded again after the first is done
 *   more                       malformed: the connection is closed
 *
 * Kafka decodes each on a network thread and counts nothing: a few such requests fill its heap.
 *
 * Requests for the controller have a gate of their own: they wait until it has decided (controller/decision-queue.ts), and
 * a thousand clients may each send one. Nearly all of them are small, and pass.
 *
 * LARGE-REQUESTS-1  at most one request that takes more than SHARED_BYTES is in work; others wait in the order of
 *     arrival
 * LARGE-REQUESTS-2  a waiting request whose client has disconnected leaves the queue, and the next one starts
 * LARGE-REQUESTS-3  of the requests for the controller with more than LARGE_DECISION_BYTES, one is decoded at a time, and is
 *     in work until it is answered; the others wait as bytes
 */
import type { Timers } from '../core.ts'
import type { Job, Steps, Turns } from '../turns.ts'
import type { ReadPace } from '../wire/codec-steps.ts'
import { MalformedError } from '../wire/reader.ts'

/** Frames of at least this size are decoded in turns. A smaller one takes a few ms at most. */
export const LARGE_FRAME_BYTES = 65_536
/** The same limit for a request that waits for the controller (LARGE-REQUESTS-3): its usual form names some tens of items. */
export const LARGE_DECISION_BYTES = 4096
/** The same limit for a request that is mostly records, which are not decoded: a producer's largest by default fits. */
export const LARGE_RECORDS_BYTES = 1_310_720

const SHARED_BYTES = 4 * 1_048_576
const DECODED_BYTES_MAX = 256 * 1_048_576

/** Thrown to stop a decoding: another large request is in work. */
const MUST_WAIT = new Error('another large request is in work')

export class LargeRequests {
  private readonly timers: Timers
  /** What a request may take beside others, in bytes. */
  readonly sharedBytes: number
  private inWork: LargeRequest | undefined
  private readonly waiting = new Set<LargeRequest>()

  constructor(timers: Timers, sharedBytes = SHARED_BYTES) {
    this.timers = timers
    this.sharedBytes = sharedBytes
  }

  /** Whether this request may use as much memory as it needs now. If not, it must `wait`. */
  enter(request: LargeRequest): boolean {
    this.inWork ??= request
    return this.inWork === request
  }

  wait(request: LargeRequest): void {
    this.waiting.add(request)
  }

  /** The request is done or its client has disconnected: the next one starts, in an event of its own. */
  leave(request: LargeRequest): void {
    this.waiting.delete(request)
    if (this.inWork !== request) return
    const [next] = this.waiting
    this.inWork = next
    if (!next) return
    this.waiting.delete(next)
    this.timers.set(0, () => next.begin())
  }
}

/** A large frame, from the start of decoding until its response is encoded. */
export class LargeRequest {
  private readonly others: LargeRequests
  private readonly turns: Turns
  private readonly start: (pace: ReadPace) => Job
  private job: Job | undefined
  private isOver = false

  /** `decode` may run twice (see above). `done` gets the request, `failed` the thrown error; neither is called after `over`. */
  constructor(
    others: LargeRequests,
    turns: Turns,
    {
      decode,
      done,
      failed,
    }: {
      decode: (pace: ReadPace) => Steps<unknown>
      done: (request: unknown) => void
      failed: (error: unknown) => void
    },
  ) {
    this.others = others
    this.turns = turns
    this.start = (pace) =>
      turns.run(decode(pace), done, (error) => {
        if (error === MUST_WAIT) others.wait(this)
        else failed(error)
      })
  }

  /** Starts to decode. */
  begin(): void {
    if (!this.isOver) this.job = this.start(this.pace())
  }

  /** The request holds no memory any more, or its client has disconnected. Idempotent. */
  over(): void {
    this.isOver = true
    this.job?.cancel()
    this.others.leave(this)
  }

  private pace(): ReadPace {
    const { turns } = this
    let claimed = 0
    return {
      get isOver() {
        return turns.isOver
      },
      claim: (bytes) => {
        claimed += bytes
        if (claimed > DECODED_BYTES_MAX)
          throw new MalformedError(
            `a request that takes more than ${DECODED_BYTES_MAX} bytes when it is decoded`,
          )
        if (claimed > this.others.sharedBytes && !this.others.enter(this)) throw MUST_WAIT
      },
    }
  }
}
