/**
 * The event loop of a page or a worker, for timers and turns.
 *
 * setTimeout has a minimum delay of 4 ms when it is nested. A message that a page sends to itself arrives as soon as
 * earlier messages and clicks are handled.
 */
import type { Loop } from './web-timers.ts'

/** A loop that uses messages, or setTimeout if there is no MessageChannel. */
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
