/**
 * Limits how many descriptors and fsyncs are in use at a time, however many files there are.
 *
 *   Handles   owner -> descriptor; when there are too many, the least recently used one is closed
 *   Flushes   running: fsync, fsync, fsync | queue: fsync, fsync, …
 *
 * Sockets need descriptors as well, and clients decide how many. When the system has none left, half of the idle
 * descriptors are closed, and the call is repeated.
 *
 * FILE-HANDLES-1  a descriptor that is in use by an fsync, or by a slice that is being sent, is closed only after
 *     that use ends
 * FILE-HANDLES-2  at most FLUSHES_MAX fsyncs run at once, the others wait in the order of their calls: to flush
 *     10,000 logs does not take 30,000 descriptors
 */
import * as fs from 'node:fs'

/** How many files stay open even if connections need descriptors: enough to close one for another. */
const KEPT_MIN = 16
/** As many fsyncs as Node's thread pool runs at a time. */
export const FLUSHES_MAX = 4

export interface Handle {
  readonly fd: number
  /** Running fsyncs and held slices (FILE-HANDLES-1). */
  users: number
  evicted: boolean
}

/** Open descriptors, the most recently used one last. */
export class Handles {
  private readonly open = new Map<FileHandleOwner, Handle>()
  private readonly max: number
  /** Called when the system has no descriptor left. */
  onRanOut: () => void = () => {}

  constructor(max: number) {
    this.max = max
  }

  use(owner: FileHandleOwner): Handle {
    let handle = this.open.get(owner)
    // A handle in use stays in use: if it is the newest of few, it need not be moved.
    if (handle && this.open.size < this.max / 2) return handle
    if (handle) this.open.delete(owner)
    else handle = { fd: owner.openDescriptor(), users: 0, evicted: false }
    this.open.set(owner, handle)
    if (this.open.size > this.max) this.release(this.open.keys().next().value!)
    return handle
  }

  /** Returns what `open` returns. If no descriptor is left, makes room and tries again. */
  withRoom<T>(open: () => T): T {
    try {
      return open()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EMFILE' && code !== 'ENFILE') throw error
      this.onRanOut()
      if (this.open.size === 0) throw error
      this.closeHalf()
      return open()
    }
  }

  /** Closes half of the idle descriptors. Returns false if there are too few. */
  makeRoom(): boolean {
    if (this.open.size < KEPT_MIN) return false
    this.closeHalf()
    return true
  }

  private closeHalf(): void {
    const few = Math.ceil(this.open.size / 2)
    for (const owner of [...this.open.keys()].slice(0, few)) this.release(owner)
  }

  release(owner: FileHandleOwner): void {
    const handle = this.open.get(owner)
    if (!handle) return
    this.open.delete(owner)
    handle.evicted = true
    this.closeWhenIdle(handle)
  }

  /** Ends one use. */
  leave(handle: Handle): void {
    handle.users--
    this.closeWhenIdle(handle)
  }

  private closeWhenIdle(handle: Handle): void {
    if (handle.evicted && handle.users === 0) fs.closeSync(handle.fd)
  }
}

/** fsyncs in order: first come, first served (FILE-HANDLES-2). */
export class Flushes {
  private readonly waiting: (() => void)[] = []
  private running = 0

  /** `begin` starts an fsync; call `ended` when it is done. */
  add(begin: () => void): void {
    this.waiting.push(begin)
    this.next()
  }

  ended(): void {
    this.running--
    this.next()
  }

  private next(): void {
    if (this.running >= FLUSHES_MAX) return
    const begin = this.waiting.shift()
    if (!begin) return
    this.running++
    begin()
  }
}

export interface FileHandleOwner {
  openDescriptor(): number
}
