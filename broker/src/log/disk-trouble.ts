/**
 * What the broker does about a disk that fails, and what it tells people.
 *
 * Kafka takes a whole log directory offline at the first error, and a broker with no directory left halts: another
 * broker takes over. Here there is one directory, and often one broker; a program that is gone helps nobody. So:
 *
 *   what fails              what happens                                          afterwards
 *   write: disk is full     this append is refused, nothing of it stays           the next may succeed: there is room
 *   write: anything else    the same                                              the same
 *   fsync                   the log takes no more appends: what the page cache    until the broker is started again,
 *                           holds may be lost, and nobody would know              and has read the log's end
 *   read                    this read is refused                                  the next may succeed
 *   opening a partition     this partition is offline, all others are served      until the broker is started again
 *   no descriptor is left   the same                                              it is tried again a little later
 *   its folder is removed   the same                                              until the broker is started again
 *   the metadata log        what was asked for is refused                         the next may succeed
 *
 * Clients get KAFKA_STORAGE_ERROR, which tells them to ask for metadata and try again: producers wait, and lose nothing.
 *
 * DISK-TROUBLE-1  one partition's trouble is its own: the others go on
 * DISK-TROUBLE-2  a line says what was tried, on what, why it failed, and what may help; the same trouble is told once
 *     in a while, not once a request
 */
import { type Clock, type Logger, StorageError } from '../core.ts'

const SAME_TROUBLE_MS = 10_000

/** What befalls every file of the disk: one line for all of them. */
const OF_ALL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE']

/** By the system's code: why, and what to try. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or let topics keep less (retention.ms, retention.bytes)',
  EDQUOT: "the user's share of the disk is used up: free some space, or ask for more",
  EROFS:
    'the file system is read-only: a disk with errors is often mounted so; look into the system log (dmesg)',
  EACCES: "the broker's user has no right to do this: give it the data folder (chown -R)",
  EPERM: "the broker's user has no right to do this: give it the data folder (chown -R)",
  EIO: 'the disk cannot read or write this place: look into the system log (dmesg), and replace the disk',
  EMFILE: 'too many files are open: let the process have more (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  ENOENT:
    'a file or folder is gone that only the broker should remove: stop the broker before you look after its folder',
  EEXIST: 'a file stands where the broker needs a folder, or the other way round: move it out of the way',
  ENOTDIR: 'a file stands where the broker needs a folder: move it out of the way',
  EISDIR: 'a folder stands where the broker needs a file: move it out of the way',
  EBADF: 'the log was closed after an earlier error: start the broker again, so that it is recovered',
}

/** One line for people: what failed, why, what to try. */
export function explainStorageError(error: StorageError): string {
  const advice = ADVICE[error.code]
  return advice === undefined ? error.message : `${error.message}: ${advice}`
}

/** Any error, as people are told of it. */
export function explain(error: unknown): string {
  if (error instanceof StorageError) return explainStorageError(error)
  return error instanceof Error ? error.message : String(error)
}

/** Tells of trouble with the disk, once in a while (DISK-TROUBLE-2). */
export class DiskTroubles {
  private readonly clock: Clock
  private readonly log: Logger
  /** Code and file -> when it was last told, and how often it happened since. */
  private readonly told = new Map<string, { at: number; since: number }>()

  constructor(clock: Clock, log: Logger) {
    this.clock = clock
    this.log = log
  }

  /** `where` is the partition or the like that suffers. */
  tell(where: string, error: StorageError): void {
    const key = OF_ALL.includes(error.code) ? error.code : `${error.code} ${where}`
    const before = this.told.get(key)
    const now = this.clock.monotonicMs()
    if (before && now - before.at < SAME_TROUBLE_MS) {
      before.since++
      return
    }
    this.told.set(key, { at: now, since: 0 })
    const times = before && before.since > 0 ? { timesSince: before.since } : undefined
    this.log('error', `disk, ${where}: ${explainStorageError(error)}`, times)
  }
}
