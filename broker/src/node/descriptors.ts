/**
 * File descriptors: what the system gives a process so many of (ulimit -n), for sockets and files alike.
 *
 * When they run out, the system closes new connections before we see them, and no file can be opened. The broker lives
 * on: it closes files that it only keeps open for later (file-handles.ts). But a person must hear of it, for clients only
 * see connections that are closed. The system gives the smallest number that is free: so the number of a new connection
 * tells how near the end is, at no cost.
 *
 * DESCRIPTORS-1  it is said at most once in QUIET_MS, with what is to be done
 * DESCRIPTORS-2  when the end is near, files that are only kept open make room for connections; when few are left of
 *     them, new connections are closed: those that are there must be served, and files be opened for them
 */
import { readFileSync } from 'node:fs'
import type { Logger } from '../core.ts'

/** So few that are left are as good as none: an fsync or a new segment needs some. */
const RESERVE = 16
const QUIET_MS = 60_000

export class Descriptors {
  private readonly log: Logger
  private readonly nowMs: () => number
  private readonly max: number | undefined
  private readonly makeRoom: () => boolean
  private saidMs = Number.NEGATIVE_INFINITY

  /** `makeRoom` closes what is only kept open, and gives whether it could; `max`: the system's limit, undefined where it is not known. */
  constructor({
    log,
    makeRoom,
    max = descriptorsMax(),
    nowMs = () => performance.now(),
  }: { log: Logger; makeRoom: () => boolean; max?: number | undefined; nowMs?: () => number }) {
    this.log = log
    this.makeRoom = makeRoom
    this.max = max
    this.nowMs = nowMs
  }

  /** A connection has got descriptor `fd`; gives whether it may keep it (DESCRIPTORS-2). */
  mayKeep(fd: number): boolean {
    if (this.max === undefined || fd < this.max - RESERVE) return true
    this.tell(`${fd + 1} of ${this.max} are in use`)
    return this.makeRoom()
  }

  /** A file could not be opened for want of one. */
  ranOut(): void {
    this.tell(this.max === undefined ? 'all are in use' : `all ${this.max} are in use`)
  }

  private tell(how: string): void {
    if (this.nowMs() - this.saidMs < QUIET_MS) return
    this.saidMs = this.nowMs()
    this.log(
      'warn',
      `file descriptors run out, ${how}: new connections are closed. Let the process have more (ulimit -n), or set max.connections`,
    )
  }
}

/** What the process may have; undefined where there is no /proc. */
export function descriptorsMax(): number | undefined {
  try {
    const max = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
    return Number.isInteger(max) ? max : undefined
  } catch {
    return undefined
  }
}
