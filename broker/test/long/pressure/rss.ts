/** The memory of another process. */
import { execFileSync } from 'node:child_process'

/** Its resident set, in bytes. */
export function rssOf(pid: number): number {
  return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}

/** Samples until `stop`, which returns the maximum. */
export function watchRss(pid: number, everyMs = 100): { stop(): number } {
  let most = rssOf(pid)
  const timer = setInterval(() => {
    most = Math.max(most, rssOf(pid))
  }, everyMs)
  return {
    stop: () => {
      clearInterval(timer)
      return Math.max(most, rssOf(pid))
    },
  }
}
