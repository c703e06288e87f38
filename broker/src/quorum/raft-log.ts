/**
 * The log that the quorum replicates, as far as the quorum needs it: `__cluster_metadata-0` with its snapshots.
 *
 *   [ snapshot 40, epoch 3 ] 40 .. batches .. 57 | 58 .. batches .. 61
 *     startOffset 40                epoch 3            epoch 5        endOffset 62, lastEpoch 5
 *
 * A follower asks for records from its end offset on, and names the epoch of its last batch. From both the leader sees
 * whether the follower's log is a part of its own (`validateOffset`), and if not, where their histories part: the answer
 * is the end of the largest epoch that the leader has and that is not above the follower's. The follower truncates its log
 * to the smaller of that end and its own end of that epoch, and asks again; each round goes back by one epoch at least.
 * (Kafka: RaftLog, ReplicatedLog; KIP-595, KIP-630)
 *
 * RAFT-LOG-1  a log with the same epoch at the same offset as another one is equal to it up to there
 */

/** The end of a log or of an epoch: one past the last offset, and the epoch of the last batch below it. */
export interface OffsetAndEpoch {
  readonly offset: number
  readonly epoch: number
}

export interface RaftLog {
  /** The first offset that can be read: below it there is only a snapshot. */
  readonly startOffset: number
  readonly endOffset: number
  /** The epoch of the last batch, or of the snapshot that the log begins with; 0 if there is neither. */
  readonly lastEpoch: number
  /** Stamps offsets and epoch into a batch and appends it. Returns the offset of its first record. */
  appendAsLeader(batch: Uint8Array, epoch: number): number
  /** Appends batches as the leader sent them: the first begins at `endOffset`. */
  appendAsFollower(batches: Uint8Array): void
  /** Whole batches from the one with `from` on, that begin below `upTo`; at least one, then up to `bytesMax`. */
  read(from: number, bytesMax: number, upTo?: number): Uint8Array
  /** The end of the largest epoch that is not above `epoch`; the snapshot at the start if all are above. */
  endOffsetForEpoch(epoch: number): OffsetAndEpoch
  /** Removes the batches from `offset` on. */
  truncateTo(offset: number): void
  /** Removes everything: the log goes on at `offset`, where a snapshot ends. */
  truncateFullyAndStartAt(offset: number): void
  /** Flushes what was appended so far; `done` is called later, once, in an event of its own. */
  flush(done: (error?: Error) => void): void
  readonly snapshots: RaftSnapshots
}

/** The snapshots beside the log. They are named by their end: `{ offset, epoch }`. */
export interface RaftSnapshots {
  earliest(): OffsetAndEpoch | undefined
  latest(): OffsetAndEpoch | undefined
  /** Size in bytes; undefined if there is no such snapshot. */
  size(id: OffsetAndEpoch): number | undefined
  read(id: OffsetAndEpoch, position: number, bytesMax: number): Uint8Array
  /** A snapshot to be filled; it does not count before `freeze`. */
  create(id: OffsetAndEpoch): SnapshotWriter
}

export interface SnapshotWriter {
  readonly id: OffsetAndEpoch
  /** Bytes so far. */
  readonly size: number
  append(bytes: Uint8Array): void
  /** Makes the snapshot durable and visible, both or neither. */
  freeze(): void
  /** Gives up an unfinished snapshot. */
  close(): void
}

/** What a leader finds when it looks at the end of a follower's log. */
export type OffsetValidity =
  | { readonly kind: 'valid' }
  /** The histories part: the follower shall truncate. */
  | { readonly kind: 'diverging'; readonly end: OffsetAndEpoch }
  /** The records are gone: the follower shall load this snapshot. */
  | { readonly kind: 'snapshot'; readonly id: OffsetAndEpoch }

/** Compares the end of a follower's log with this log. (RaftLog.validateOffsetAndEpoch) */
export function validateOffset(log: RaftLog, { offset, epoch }: OffsetAndEpoch): OffsetValidity {
  const latest = log.snapshots.latest()
  // For an empty follower a snapshot is always shorter than the log.
  if (offset === 0 && latest !== undefined) return { kind: 'snapshot', id: latest }
  if (offset === 0 && log.startOffset === 0) return { kind: 'valid' }
  const earliest = log.snapshots.earliest()
  if (earliest && latest) {
    const isBelow = offset < log.startOffset || epoch < earliest.epoch
    const isOtherHistory = offset === log.startOffset && epoch !== earliest.epoch
    if (isBelow || isOtherHistory) return { kind: 'snapshot', id: latest }
  }
  const end = log.endOffsetForEpoch(epoch)
  return end.epoch !== epoch || end.offset < offset ? { kind: 'diverging', end } : { kind: 'valid' }
}

/** Where a follower truncates when the leader's history has this end. (RaftLog.truncateToEndOffset) */
export function truncationOffset(log: RaftLog, leaderEnd: OffsetAndEpoch): number {
  if (leaderEnd.epoch === 0) return Math.min(leaderEnd.offset, log.endOffset)
  const ownEnd = log.endOffsetForEpoch(leaderEnd.epoch)
  return ownEnd.epoch === leaderEnd.epoch ? Math.min(ownEnd.offset, leaderEnd.offset) : ownEnd.offset
}

/** Whether a log with the end `a` has everything that a log with the end `b` can have committed. */
export function isUpToDate(a: OffsetAndEpoch, b: OffsetAndEpoch): boolean {
  return a.epoch === b.epoch ? a.offset >= b.offset : a.epoch > b.epoch
}
