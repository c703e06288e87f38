/**
 * The lock of a data folder: two brokers writing one log would ruin it.
 *
 * Kafka holds a lock of the operating system on the file `.lock`, which ends with the process. We take the same lock
 * where it can be had (system-lock.ts); Node itself has no call for it. So ours also says who holds it, in the same file,
 * and a process that finds it looks whether that one lives:
 *
 *   .lock   {"pid":4711,"born":"1f0c…/8812345"}
 *   born    this boot of the machine, and when in it the process began (Linux: /proc); '' where it can't be had
 *
 * A number alone would not do. After a `kill -9` the file stays, and in a container the next broker gets the same
 * number; but it was born at another time.
 *
 *                              with the system's lock      without it (koffi is not installed, or not Linux)
 *   ours, then ours            refused                     refused
 *   Kafka, then ours           refused                     refused where there is /proc/locks
 *   ours, then Kafka           refused                     not noticed
 *   in another container       refused                     not noticed
 *
 * - the file appears whole: it is written aside and linked to its name, which fails when the name is taken
 * FOLDER-LOCK-2  the lock of a process that is gone is taken over
 * FOLDER-LOCK-3  within one process a folder is locked once
 *
 * A process on another machine that shares the folder is not noticed.
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

/** Locks an existing folder and gives a function that unlocks it. Throws FolderInUseError, or the system's error. */
export function lockFolder(folder: string): () => void {
  const file = resolve(folder, LOCK_FILE)
  if (held.has(file))
    throw new FolderInUseError(`${folder} is in use by a broker of this process (${process.pid})`)
  const mine: Owner = { pid: process.pid, born: birthOf(process.pid) }
  const text = JSON.stringify(mine)
  const aside = join(folder, `${LOCK_FILE}.${process.pid}`)
  writeFileSync(aside, text)
  try {
    while (!linked(aside, file)) takeOver(folder, file)
  } finally {
    rmSync(aside, { force: true })
  }
  const lock = lockFile(file)
  if (lock === 'taken') throw new FolderInUseError(usedBySystemLock(folder, file))
  held.add(file)
  return () => {
    if (!held.delete(file)) return
    // While we have the system's lock: who opens the file now finds it locked, or gone.
    const isOurs = textOf(file) === text
    if (isOurs) rmSync(file, { force: true })
    if (lock !== 'not available') lock.unlock()
  }
}

function usedBySystemLock(folder: string, file: string): string {
  return `${folder} is in use by another process, which locks ${file}: another broker, or Apache Kafka`
}

/** Gives the file that name, unless the name is taken. */
function linked(aside: string, file: string): boolean {
  try {
    linkSync(aside, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes the lock of a process that is gone (FOLDER-LOCK-2); throws when it lives. */
function takeOver(folder: string, file: string): void {
  const before = textOf(file)
  if (before === undefined) return
  const owner = parseOwner(before)
  if (owner && lives(owner))
    throw new FolderInUseError(`${folder} is in use by another broker, process ${owner.pid}`)
  if (isLockedBySystem(file)) throw new FolderInUseError(usedBySystemLock(folder, file))
  const gone = `${file}.gone.${process.pid}`
  try {
    renameSync(file, gone)
    // Somebody else was quicker, and it is his lock that was moved: he gets it back.
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

/** Undefined for what we did not write, such as the empty file that Kafka leaves behind. */
function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<Owner>
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined
  } catch {
    return undefined
  }
}

function lives({ pid, born }: Owner): boolean {
  // This process holds it no more, or never did (FOLDER-LOCK-3): then it was another one of the same number.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = birthOf(pid)
  return now !== 'ended' && (now === '' || born === '' || now === born)
}

/** Which boot of the machine, and when in it the process began, in ticks; '' where there is no /proc, 'ended' of a zombie. */
function birthOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold spaces; field 22 of the line is the 20th behind it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // It has ended, and only its parent has not looked yet, as in a container whose first process never does.
    if (state === 'Z') return 'ended'
    return `${boot}/${fields[18]}`
  } catch {
    return ''
  }
}

/** Does another process hold a lock of the system on the file, as Kafka does? False where nothing can tell. */
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
