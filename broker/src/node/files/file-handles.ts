/**
 * Descriptors and fsyncs are scarce: at most so many of each at a time, however many files there are.
 *
 *   Handles   owner -> descriptor; the one used least lately is closed when there are too many
 *   Flushes   fsync, fsync, fsync | waiting, waiting, …
 *
 * Sockets need descriptors as well, and clients decide how many. When the system has none left, half of those that are
 * only kept for later use are closed, and the call is made again.
 *
 * FILE-HANDLES-1  a descriptor in use, by an fsync under way or a slice that is being sent, is closed when that is
 *     done, not before
 * FILE-HANDLES-2  at most FLUSHES_MAX fsyncs run at once, the others wait in the order in which they came: to flush
 *     10,000 logs does not take 30,000 descriptors
 */
import * as fs from 'node:fs'

/** So many files are kept open whatever connections need: to be closed for other files. */
const KEPT_MIN = 16
/** As many fsyncs as Node's thread pool can have under way. */
export const FLUSHES_MAX = 4

export interface Handle {
  readonly fd: number
  /** fsyncs under way, and slices that are held (FILE-HANDLES-1). */
  users: number
  evicted: boolean
}

/** Open descriptors, the one that was used last at the end. */
export class Handles {
  private readonly open = new Map<FileHandleOwner, Handle>()
  private readonly max: number
  /** Called when the system had none left. */
  onRanOut: () => void = () => {}

  constructor(max: number) {
    this.max = max
  }

  use(owner: FileHandleOwner): Handle {
    let handle = this.open.get(owner)
    // The one in use stays in use: no need to move it when it is the newest of few.
    if (handle && this.open.size < this.max / 2) return handle
    if (handle) this.open.delete(owner)
    else handle = { fd: owner.openDescriptor(), users: 0, evicted: false }
    this.open.set(owner, handle)
    if (this.open.size > this.max) this.release(this.open.keys().next().value!)
    return handle
  }

  /** What `open` gives; makes room and tries again when the process, or the system, has no descriptor left. */
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

  /** Closes half of those that are only kept for later; false when there are too few of them. */
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

  /** One user less. */
  leave(handle: Handle): void {
    handle.users--
    this.closeWhenIdle(handle)
  }

  private closeWhenIdle(handle: Handle): void {
    if (handle.evicted && handle.users === 0) fs.closeSync(handle.fd)
  }
}

/** fsyncs that wait for their turn, first come, first served (FILE-HANDLES-2). */
export class Flushes {
  private readonly waiting: (() => void)[] = []
  private running = 0

  /** `begin` starts an fsync; `ended` must be called when it is done. */
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
