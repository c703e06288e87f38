/**
 * How the broker handles a failing disk, and what it logs.
 *
 * Kafka takes a whole log directory offline at the first error, and a broker without a directory halts: another broker
 * takes over. Here there is one directory and often one broker, so a broker that halts helps no one. Instead:
 *
 *   what fails              what happens                                          afterwards
 *   write: disk is full     this append is refused, and undone completely         the next succeeds if there is room
 *   write: anything else    the same                                              the same
 *   fsync                   the log refuses appends: the page cache may have      until the broker is restarted, and
 *                           lost data without notice                              has recovered the log's end
 *   read                    this read is refused                                  the next may succeed
 *   opening a partition     this partition is offline, all others are served      until the broker is restarted
 *   no descriptor is left   the same                                              it is retried soon
 *   its folder is removed   the same                                              until the broker is restarted
 *   the metadata log        the request is refused                                the next may succeed
 *
 * Clients get KAFKA_STORAGE_ERROR: they refresh their metadata and retry, so producers wait and lose nothing.
 *
 * DISK-TROUBLE-1  an error in one partition does not affect the others
 * DISK-TROUBLE-2  a log line says what failed, on which file, why, and what may help; a repeated error is logged
 *     periodically, not for every request
 */
import { type Clock, type Logger, StorageError } from '../core.ts'

const SAME_TROUBLE_MS = 10_000

/** Errors that affect every file of the disk: they share one log line. */
const OF_ALL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE']

/** By the system's error code: the reason, and what to try. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, or let topics keep less (retention.ms, retention.bytes)',
  EDQUOT: "the user's share of the disk is used up: free some space, or get a larger quota",
  EROFS:
    'the file system is read-only: a disk with errors is often mounted like this; check the system log (dmesg)',
  EACCES: "the broker's user may not do this: make it the owner of the data folder (chown -R)",
  EPERM: "the broker's user may not do this: make it the owner of the data folder (chown -R)",
  EIO: 'the disk cannot read or write this place: check the system log (dmesg), and replace the disk',
  EMFILE: 'too many files are open: raise the limit of the process (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  ENOENT:
    'a file or folder was removed, not by the broker: stop the broker before you change its data folder',
  EEXIST: 'there is a file where the broker needs a folder, or a folder instead of a file: move it away',
  ENOTDIR: 'there is a file where the broker needs a folder: move it away',
  EISDIR: 'there is a folder where the broker needs a file: move it away',
  EBADF: 'the log was closed after an earlier error: restart the broker to recover it',
}

/** One line for people: what failed, why, and what to try. */
export function explainStorageError(error: StorageError): string {
  const advice = ADVICE[error.code]
  return advice === undefined ? error.message : `${error.message}: ${advice}`
}

/** Any error, as it is logged for people. */
export function explain(error: unknown): string {
  if (error instanceof StorageError) return explainStorageError(error)
  return error instanceof Error ? error.message : String(error)
}

/** Logs disk errors, each at most once per interval (DISK-TROUBLE-2). */
export class DiskTroubles {
  private readonly clock: Clock
  private readonly log: Logger
  /** Error code and file -> when it was last logged, and how often it happened since. */
  private readonly reported = new Map<string, { at: number; since: number }>()

  constructor(clock: Clock, log: Logger) {
    this.clock = clock
    this.log = log
  }

  /** `where`: the partition or file that is affected. */
  report(where: string, error: StorageError): void {
    const key = OF_ALL.includes(error.code) ? error.code : `${error.code} ${where}`
    const before = this.reported.get(key)
    const now = this.clock.monotonicMs()
    if (before && now - before.at < SAME_TROUBLE_MS) {
      before.since++
      return
    }
    this.reported.set(key, { at: now, since: 0 })
    const times = before && before.since > 0 ? { timesSince: before.since } : undefined
    this.log('error', `disk, ${where}: ${explainStorageError(error)}`, times)
  }
}
