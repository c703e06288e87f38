/**
 * The lock of a data folder: two brokers that write to one log would destroy it.
 *
 * Kafka takes a lock of the operating system on the file `.lock`; the lock ends with the process. We take the same lock
 * if possible (system-lock.ts); Node itself has no call for it. So we also write the lock's owner into the same file,
 * and a process that finds the file checks whether the owner is still running:
 *
 *   .lock   {"pid":4711,"born":"1f0c…/8812345"}
 *   born    boot id of the machine, and the start time of the process since that boot (Linux: /proc); '' if unknown
 *
 * A process id alone is not enough. After `kill -9` the file stays, and in a container the next broker gets the same
 * process id; but its start time differs.
 *
 *                              with the system's lock      without it (koffi is not installed, or not Linux)
 *   ours, then ours            refused                     refused
 *   Kafka, then ours           refused                     refused if there is /proc/locks
 *   ours, then Kafka           refused                     not noticed
 *   in another container       refused                     not noticed
 *
 * - the file appears complete: it is written under another name and then linked, which fails if the name exists
 * FOLDER-LOCK-2  the lock of a process that has ended is taken over
 * FOLDER-LOCK-3  within one process a folder is locked at most once
 *
 * A process on another machine that shares the folder is not detected.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lockFile } from './system-lock.ts'

const LOCK_FILE = '.lock'

/** The folder is in use; `message` is one line for people. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
}

interface Owner {
  readonly pid: number
  readonly born: string
}

/** Lock files that this process holds (FOLDER-LOCK-3). */
const held = new Set<string>()

/** Locks an existing folder, and returns a function that unlocks it. Throws FolderInUseError, or the system's error. */
export function lockFolder(folder: string): () => void {
  const file = resolve(folder, LOCK_FILE)
  if (held.has(file))
    throw new FolderInUseError(`${folder} is in use by a broker of this process (${process.pid})`)
  const mine: Owner = { pid: process.pid, born: birthOf(process.pid) }
  const text = JSON.stringify(mine)
  const aside = join(folder, `${LOCK_FILE}.${process.pid}`)
  writeFileSync(aside, text)
  try {
    while (!linked(aside, file)) removeStaleLock(folder, file)
  } finally {
    rmSync(aside, { force: true })
  }
  const lock = lockFile(file)
  if (lock === 'taken') throw new FolderInUseError(usedBySystemLock(folder, file))
  held.add(file)
  return () => {
    if (!held.delete(file)) return
    // The file is removed while the system's lock is held: a process that opens it now finds it locked or gone.
    const isOurs = textOf(file) === text
    if (isOurs) rmSync(file, { force: true })
    if (lock !== 'not available') lock.unlock()
  }
}

function usedBySystemLock(folder: string, file: string): string {
  return `${folder} is in use by another process, which locks ${file}: another broker, or Apache Kafka`
}

/** Links `aside` to the name `file`. Returns false if the name exists. */
function linked(aside: string, file: string): boolean {
  try {
    linkSync(aside, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes the lock of a process that has ended (FOLDER-LOCK-2). Throws if it is running. */
function removeStaleLock(folder: string, file: string): void {
  const before = textOf(file)
  if (before === undefined) return
  const owner = parseOwner(before)
  if (owner && lives(owner))
    throw new FolderInUseError(`${folder} is in use by another broker, process ${owner.pid}`)
  if (isLockedBySystem(file)) throw new FolderInUseError(usedBySystemLock(folder, file))
  const gone = `${file}.gone.${process.pid}`
  try {
    renameSync(file, gone)
    // Another process was faster, and its lock was moved here: move it back.
    if (textOf(gone) !== before) linked(gone, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  } finally {
    rmSync(gone, { force: true })
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Undefined if we did not write the file, such as the empty file that Kafka leaves behind. */
function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<Owner>
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined
  } catch {
    return undefined
  }
}

function lives({ pid, born }: Owner): boolean {
  // Our own process id: this process does not hold the lock (FOLDER-LOCK-3), so an earlier process had the same id.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = birthOf(pid)
  return now !== 'ended' && (now === '' || born === '' || now === born)
}

/** Boot id, and the start time of the process in ticks. '' if there is no /proc, 'ended' for a zombie. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The process name, in brackets, may contain spaces. Field 22 of the line is the 20th behind the name.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie: it has ended, but its parent has not collected it. In a container the first process may never do so.
    if (state === 'Z') return 'ended'
    return `${boot}/${fields[18]}`
  } catch {
    return ''
  }
}

/** Whether another process holds a system lock on the file, as Kafka does. False if this can't be determined. */
function isLockedBySystem(file: string): boolean {
  try {
    const lock = lockFile(file)
    if (lock === 'taken') return true
    if (lock !== 'not available') {
      lock.unlock()
      return false
    }
    const { ino } = statSync(file)
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .some((line) => line.includes(`:${ino} `))
  } catch {
    return false
  }
}
