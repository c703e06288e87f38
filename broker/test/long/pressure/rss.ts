/** How much memory another process has. */
import { execFileSync } from 'node:child_process'

/** Its resident set, in bytes. */
export function rssOf(pid: number): number {
  return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}

/** Looks now and then until `stop`, which gives the most that was seen. */
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
