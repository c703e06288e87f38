/**
 * Leader epochs: which leader wrote which part of the log. (LeaderEpochFileCache, KIP-101)
 *
 * When leaders change, logs may differ at their ends. Offsets alone do not show it: offset 7 of one leader may not be
 * offset 7 of another. An epoch with its end offset does: two logs are equal up to the end of the last epoch that both
 * contain.
 *
 *   leader-epoch-checkpoint      epoch   start offset
 *     0                            0         0          offsets 0..41 by the leader of epoch 0
 *     2                            3        42          from 42 on by that of epoch 3 (1 and 2 wrote nothing)
 *     0 0
 *     3 42
 *
 * LEADER-EPOCHS-1  epochs and start offsets rise from entry to entry
 * LEADER-EPOCHS-2  an epoch ends where the next one starts; the newest one at the log's end
 * LEADER-EPOCHS-3  the epoch of every record in the log is in the file, or can be rebuilt from the log
 */
import { type Storage, StorageError } from '../core.ts'
import { readCheckpoint, replaceCheckpoint } from './checkpoints/text-file.ts'
import type { EpochEndOffset } from './log.ts'

export const LEADER_EPOCH_FILE = 'leader-epoch-checkpoint'
const VERSION = 0

interface EpochEntry {
  readonly epoch: number
  readonly startOffset: number
}

export class LeaderEpochs {
  private readonly storage: Storage
  private readonly path: string
  private entries: EpochEntry[]
  private unsaved = false
  /** Whether the file existed and was valid. An empty one, as Kafka creates it for a new log, does not count as valid. */
  readonly isKnown: boolean

  /** Reads the file in `folder`, or begins without entries. */
  constructor(storage: Storage, folder: string) {
    this.storage = storage
    this.path = `${folder}/${LEADER_EPOCH_FILE}`
    const lines = readCheckpoint(storage, this.path, VERSION)
    const says = lines !== undefined && storage.readFile(this.path)?.length !== 0
    this.isKnown =
      says && lines.every((words) => words.length === 2 && words.every((word) => /^\d+$/.test(word)))
    this.entries = (this.isKnown ? lines! : []).map(([epoch, startOffset]) => ({
      epoch: Number(epoch),
      startOffset: Number(startOffset),
    }))
  }

  /** The newest epoch, -1 if there is none. */
  get latestEpoch(): number {
    return this.entries.at(-1)?.epoch ?? -1
  }

  get all(): readonly EpochEntry[] {
    return this.entries
  }

  /**
   * The leader of `epoch` writes from `startOffset` on. Does nothing if the epoch is not new. The file is written when a
   * record is appended (`save`): an epoch without records leaves no entry, and a start with ten thousand partitions, each
   * with a new epoch, does not write ten thousand files.
   */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.latestEpoch || epoch < 0) return
    // Removes epochs without records (LEADER-EPOCHS-1).
    this.entries = [
      ...this.entries.filter((entry) => entry.startOffset < startOffset),
      { epoch, startOffset },
    ]
    this.unsaved = true
  }

  /**
   * The end of `epoch`: the largest known epoch not above it, and its end offset. Undefined if the cache does not know.
   * `logEndOffset` is the end of the newest epoch (LEADER-EPOCHS-2).
   */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset | undefined {
    if (epoch === -1 || this.entries.length === 0) return undefined
    if (epoch === this.latestEpoch) return { epoch, endOffset: logEndOffset }
    const next = this.entries.findIndex((entry) => entry.epoch > epoch)
    // Newer than all known epochs.
    if (next < 0) return undefined
    const { startOffset: endOffset } = this.entries[next]!
    // Older than all known epochs: it ended where the first one starts.
    return { epoch: next === 0 ? epoch : this.entries[next - 1]!.epoch, endOffset }
  }

  /** The epoch of the record at `offset`, -1 if unknown. */
  epochFor(offset: number): number {
    return this.entries.findLast((entry) => entry.startOffset <= offset)?.epoch ?? -1
  }

  /** The log was truncated to `endOffset`: removes epochs that start there or later. */
  truncateFromEnd(endOffset: number): void {
    const kept = this.entries.filter((entry) => entry.startOffset < endOffset)
    if (kept.length === this.entries.length) return
    this.entries = kept
    this.changed()
  }

  /** The log start is `startOffset` now: the epoch of that offset starts there, older ones are removed. */
  truncateFromStart(startOffset: number): void {
    const last = this.entries.findLastIndex((entry) => entry.startOffset <= startOffset)
    if (last < 0 || (last === 0 && this.entries[0]!.startOffset === startOffset)) return
    this.entries = [{ epoch: this.entries[last]!.epoch, startOffset }, ...this.entries.slice(last + 1)]
    this.changed()
  }

  clear(): void {
    if (this.entries.length === 0) return
    this.entries = []
    this.changed()
  }

  private changed(): void {
    this.unsaved = true
    this.trySave()
  }

  /** Writes the file: before the first record of a new epoch is appended. Throws StorageError. */
  save(): void {
    if (!this.unsaved) return
    const lines = this.entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`)
    replaceCheckpoint(this.storage, this.path, VERSION, lines)
    this.unsaved = false
  }

  /**
   * As `save`, but ignores a full disk, because consumers can be served: the next append reports the error, and retries
   * (LEADER-EPOCHS-3).
   */
  trySave(): void {
    try {
      this.save()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
  }
}
