/**
 * The event loop of a page or a worker, as timers and turns need it.
 *
 * setTimeout waits at least 4 ms once it was called from itself a few times. A message that a page sends to itself
 * comes as soon as those that wait before it were handled, and a click in between.
 */
import type { Loop } from './web-timers.ts'

/** A loop that is called back by messages, or by setTimeout where there are none. */
export function pageLoop(): Loop {
  const monotonicMs = (): number => performance.now()
  if (typeof MessageChannel === 'undefined') return { soon: (fire) => void setTimeout(fire, 0), monotonicMs }
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.addEventListener('message', () => waiting.shift()?.())
  port1.start()
  return {
    soon: (fire) => {
      waiting.push(fire)
      port2.postMessage(null)
    },
    monotonicMs,
    close: () => port1.close(),
  }
}
