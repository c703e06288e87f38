/**
 * Node's event loop, as timers and turns need it, and a watch on it.
 *
 *   timers -> sockets, signals (poll) -> setImmediate (check) -> timers -> ...
 *
 * `soon` is setImmediate: it comes after a poll, in which every socket that has bytes is read and every signal is heard.
 * setTimeout would come a millisecond later, and before the poll.
 *
 * NODE-LOOP-1  a stall is seen though nobody reports it: what was at work reports itself (turns.ts, web-timers.ts);
 *     where nothing did, it was a callback without a name, the garbage collector, or a machine that did not run the
 *     process
 * NODE-LOOP-2  the watch keeps no process alive
 */
import type { Loop } from '../browser/web-timers.ts'
import type { StallWatch } from '../core.ts'

const LOOK_MS = 100

export const NODE_LOOP: Loop = {
  soon: (fire) => void setImmediate(fire),
  monotonicMs: () => performance.now(),
}

/** Reports how late the loop is to `stalls`, until what is given back is called. */
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
