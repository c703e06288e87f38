/**
 * A lock of the operating system on a file: the lock that Kafka takes on `.lock` (Java's FileChannel.tryLock).
 *
 * It is a POSIX record lock: fcntl(F_SETLK) for writing, over the whole file. Two such locks exclude each other, whatever
 * programs hold them; flock(2) gives another kind, which Kafka would not see. The lock ends with its process, and also
 * when that process closes *any* descriptor of the file. So a locked file must not be opened again before it is
 * unlocked.
 *
 * Node has no call for it. koffi, an optional package, makes the call if it is installed and the system is a 64-bit
 * Linux, whose `struct flock` is:
 *
 *   int16 type | int16 whence | 4 bytes unused | int64 start | int64 length, 0: to the end | int32 pid | 4 bytes unused
 *
 * SYSTEM-LOCK-1  the result is 'held' only if the system has granted the lock
 */
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type { Koffi } from '../network/send-file.ts'

const PACKAGE = 'koffi'
const F_SETLK = 6
const F_WRLCK = 1
const FLOCK_BYTES = 32

/** A held lock, until `unlock`; or another process holds it; or this system offers no such lock. */
export type SystemLock = { readonly unlock: () => void } | 'taken' | 'not available'

/** Locks an existing file. `load` returns koffi; it may throw. */
export function lockFile(file: string, load: () => Koffi = loadPackage): SystemLock {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return 'not available'
  let koffi: Koffi
  try {
    koffi = load()
  } catch {
    return 'not available'
  }
  const fd = fs.openSync(file, 'r+')
  const held = setLock(koffi, fd)
  if (held === 'held') return { unlock: () => fs.closeSync(fd) }
  fs.closeSync(fd)
  return held
}

function setLock(koffi: Koffi, fd: number): 'held' | 'taken' | 'not available' {
  const flock = Buffer.alloc(FLOCK_BYTES)
  flock.writeInt16LE(F_WRLCK, 0)
  const fcntl = koffi.load(null).func('int fcntl(int fd, int cmd, ...)')
  if (fcntl(fd, F_SETLK, 'void *', flock) === 0) return 'held'
  const { EAGAIN, EACCES } = constants.errno
  // Any other error: a file system without locks, such as some network file systems.
  return [EAGAIN, EACCES].includes(koffi.errno()) ? 'taken' : 'not available'
}

function loadPackage(): Koffi {
  return createRequire(import.meta.url)(PACKAGE)
}
