/**
 * File descriptors: the system limits how many a process may have (ulimit -n), for sockets and files together.
 *
 * When none is left, the system closes new connections before we see them, and no file can be opened. The broker
 * continues: it closes files that it keeps open for later use only (file-handles.ts). An operator must learn of it from
 * the log, because clients only see closed connections. The system always gives the smallest free number, so the number
 * of a new connection's descriptor shows how close the limit is, at no cost.
 *
 * DESCRIPTORS-1  a warning is logged at most once per QUIET_MS, and says what to do
 * DESCRIPTORS-2  near the limit, idle files are closed to make room for connections. When few idle files are left, new
 *     connections are closed: existing ones must be served, and that needs files
 */
import { readFileSync } from 'node:fs'
import type { Logger } from '../core.ts'

/** How many descriptors must stay free: an fsync or a new segment needs some. */
const RESERVE = 16
const QUIET_MS = 60_000

export class Descriptors {
  private readonly log: Logger
  private readonly nowMs: () => number
  private readonly max: number | undefined
  private readonly makeRoom: () => boolean
  private saidMs = Number.NEGATIVE_INFINITY

  /** `makeRoom` closes idle files, and returns whether it could. `max`: the system's limit, undefined if unknown. */
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

  /** Called with the descriptor of a new connection. Returns whether the connection may stay open (DESCRIPTORS-2). */
  mayKeep(fd: number): boolean {
    if (this.max === undefined || fd < this.max - RESERVE) return true
    this.warn(`${fd + 1} of ${this.max} are in use`)
    return this.makeRoom()
  }

  /** A file could not be opened because no descriptor was left. */
  ranOut(): void {
    this.warn(this.max === undefined ? 'all are in use' : `all ${this.max} are in use`)
  }

  private warn(how: string): void {
    if (this.nowMs() - this.saidMs < QUIET_MS) return
    this.saidMs = this.nowMs()
    this.log(
      'warn',
      `file descriptors run out, ${how}: new connections are closed. Raise the limit of the process (ulimit -n), or set max.connections`,
    )
  }
}

/** The limit of this process; undefined if there is no /proc. */
export function descriptorsMax(): number | undefined {
  try {
    const max = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
    return Number.isInteger(max) ? max : undefined
  } catch {
    return undefined
  }
}
