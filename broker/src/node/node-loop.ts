/**
 * Node's event loop for timers and turns, and a watch on its delays.
 *
 *   timers -> sockets, signals (poll) -> setImmediate (check) -> timers -> ...
 *
 * `soon` is setImmediate: it runs after a poll, which reads every socket with bytes and handles every signal.
 * setTimeout would run a millisecond later, and before the poll.
 *
 * NODE-LOOP-1  a stall that no one reports is detected. Known work reports its own stalls (turns.ts, web-timers.ts);
 *     otherwise the cause is an unnamed callback, the garbage collector, or a machine that did not run the process
 * NODE-LOOP-2  the watch does not keep the process alive
 */
import type { Loop } from '../browser/web-timers.ts'
import type { StallWatch } from '../core.ts'

const LOOK_MS = 100

export const NODE_LOOP: Loop = {
  soon: (fire) => void setImmediate(fire),
  monotonicMs: () => performance.now(),
}

/** Reports the delay of the loop to `stalls`. Returns a function that ends the watch. */
export function watchLoop(stalls: StallWatch): () => void {
  let lookedMs = performance.now()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const lateMs = nowMs - lookedMs - LOOK_MS
    lookedMs = nowMs
    stalls.worked(lateMs, () => ({ work: 'none of ours: stopped, swapped out, or collecting garbage' }))
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
