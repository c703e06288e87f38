/**
 * The processes that this one has started and that must not outlive it.
 *
 * A judge may be busy in somebody's endless loop: then it notices neither a closed channel nor a polite signal. So the
 * end of this process, whichever way it comes, ends them by force.
 *
 * CH1  after `endChildren`, or this process's exit, no child that was followed runs on
 * CH2  a signal ends the children first and then this process, with 128 + its number (`endOnSignals`)
 */
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

const living = new Set<ChildProcess>()

/** Remembers a child until it ends. Gives it back. */
export function follow<Child extends ChildProcess>(child: Child): Child {
  living.add(child)
  child.once('exit', () => living.delete(child))
  child.once('error', () => living.delete(child))
  return child
}

/** Ends all of them, at once and by force. */
export function endChildren(): void {
  for (const child of living) child.kill('SIGKILL')
  living.clear()
}

process.on('exit', endChildren)

/** SIGINT, SIGTERM and SIGHUP run `before` and end the process; `exit` above ends the children. */
export function endOnSignals(before: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      before()
      process.exit(128 + constants.signals[signal])
    })
  }
}
