/**
 * The disk of a simulated replica, and the log on it.
 *
 *   batches   | flushed                | not flushed       |
 *             '- survives a crash      '- a part of it may survive, from the front
 *
 * The disk outlives the processes that use it: each start opens another `SimLog` on the same disk. quorum-state is written
 * at once, as the real one is (tmp, fsync, rename).
 */
import type { ElectionState, ElectionStore } from '../../src/quorum/quorum-state.ts'
import type { OffsetAndEpoch, RaftLog, RaftSnapshots, SnapshotWriter } from '../../src/quorum/raft-log.ts'
import { batchPositions, batchSizeAt, crcAt, readBatchHeader, stampBatch } from '../../src/record/batch.ts'
import { joinedBytes } from '../../src/record/compression.ts'
import type { SeededRandom } from '../../src/sim/seeded-random.ts'

/** A batch in the log; `crc` is that of its bytes, which do not change with its offset. */
export interface StoredBatch {
  readonly bytes: Uint8Array
  readonly baseOffset: number
  readonly lastOffset: number
  readonly epoch: number
  readonly crc: number
}

interface StoredSnapshot {
  readonly id: OffsetAndEpoch
  readonly bytes: Uint8Array
}

export class SimDisk {
  batches: StoredBatch[] = []
  startOffset = 0
  flushedEnd = 0
  /** From the oldest to the newest. */
  snapshots: StoredSnapshot[] = []
  election: ElectionState | undefined

  get endOffset(): number {
    const last = this.batches.at(-1)
    return last ? last.lastOffset + 1 : this.startOffset
  }

  /** The power fails: of what was not flushed only the beginning may be there. */
  crash(random: SeededRandom): void {
    const unflushed = this.batches.filter(({ baseOffset }) => baseOffset >= this.flushedEnd).length
    const lost = unflushed === 0 ? 0 : random.int(unflushed + 1)
    if (lost > 0) this.batches.splice(this.batches.length - lost, lost)
    this.flushedEnd = this.endOffset
  }

  batchAt(offset: number): StoredBatch | undefined {
    let low = 0
    let high = this.batches.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const batch = this.batches[middle]!
      if (offset < batch.baseOffset) high = middle - 1
      else if (offset > batch.lastOffset) low = middle + 1
      else return batch
    }
    return undefined
  }

  indexOf(offset: number): number {
    const at = this.batches.findIndex(({ lastOffset }) => lastOffset >= offset)
    return at < 0 ? this.batches.length : at
  }

  readonly electionStore: ElectionStore = {
    read: () => this.election,
    write: (state) => {
      this.election = state
    },
  }
}

/** A log on a disk. `startFlush` decides when a flush is done; it calls back unless the process has died. */
export class SimLog implements RaftLog {
  private readonly disk: SimDisk
  /** The ends of what the running flushes cover. */
  private readonly flushing = new Set<{ end: number }>()
  private readonly startFlush: (done: () => void) => void
  readonly snapshots: RaftSnapshots

  constructor(disk: SimDisk, startFlush: (done: () => void) => void) {
    this.disk = disk
    this.startFlush = startFlush
    this.snapshots = snapshotsOn(disk)
  }

  get startOffset(): number {
    return this.disk.startOffset
  }

  get endOffset(): number {
    return this.disk.endOffset
  }

  get lastEpoch(): number {
    return this.disk.batches.at(-1)?.epoch ?? this.snapshotAtStart()?.epoch ?? 0
  }

  private snapshotAtStart(): OffsetAndEpoch | undefined {
    return this.disk.snapshots.find(({ id }) => id.offset === this.disk.startOffset)?.id
  }

  appendAsLeader(batch: Uint8Array, epoch: number): number {
    const bytes = batch.slice()
    const baseOffset = this.endOffset
    stampBatch(bytes, 0, baseOffset, epoch)
    this.store(bytes)
    return baseOffset
  }

  appendAsFollower(batches: Uint8Array): void {
    for (const at of batchPositions(batches)) this.store(batches.slice(at, at + batchSizeAt(batches, at)))
  }

  private store(bytes: Uint8Array): void {
    const { baseOffset, lastOffset, partitionLeaderEpoch } = readBatchHeader(bytes)
    if (baseOffset !== this.endOffset)
      throw new Error(`simLog.store: ${baseOffset} does not follow ${this.endOffset}`)
    this.disk.batches.push({
      bytes,
      baseOffset,
      lastOffset,
      epoch: partitionLeaderEpoch,
      crc: crcAt(bytes, 0),
    })
  }

  read(from: number, bytesMax: number, upTo = Number.POSITIVE_INFINITY): Uint8Array {
    const { batches } = this.disk
    const found: Uint8Array[] = []
    let size = 0
    for (let at = this.disk.indexOf(from); at < batches.length; at++) {
      const { bytes, baseOffset } = batches[at]!
      if (baseOffset >= upTo || (found.length > 0 && size + bytes.length > bytesMax)) break
      found.push(bytes)
      size += bytes.length
    }
    return joinedBytes(found)
  }

  endOffsetForEpoch(epoch: number): OffsetAndEpoch {
    const last = this.disk.batches.findLast((batch) => batch.epoch <= epoch)
    if (last) return { offset: last.lastOffset + 1, epoch: last.epoch }
    return this.snapshotAtStart() ?? { offset: this.disk.startOffset, epoch: 0 }
  }

  truncateTo(offset: number): void {
    this.disk.batches.splice(this.disk.indexOf(offset))
    this.disk.flushedEnd = Math.min(this.disk.flushedEnd, this.endOffset)
    for (const flush of this.flushing) flush.end = Math.min(flush.end, this.endOffset)
  }

  truncateFullyAndStartAt(offset: number): void {
    this.disk.batches = []
    this.disk.startOffset = offset
    this.disk.flushedEnd = offset
    for (const flush of this.flushing) flush.end = offset
    this.disk.snapshots = this.disk.snapshots.filter(({ id }) => id.offset >= offset)
  }

  /** Deletes the log below a snapshot, and the older snapshots. */
  deleteBefore(offset: number): void {
    this.disk.batches.splice(0, this.disk.indexOf(offset))
    this.disk.startOffset = offset
    this.disk.snapshots = this.disk.snapshots.filter(({ id }) => id.offset >= offset)
  }

  flush(done: (error?: Error) => void): void {
    const flush = { end: this.endOffset }
    this.flushing.add(flush)
    this.startFlush(() => {
      this.flushing.delete(flush)
      this.disk.flushedEnd = Math.max(this.disk.flushedEnd, flush.end)
      done()
    })
  }
}

function snapshotsOn(disk: SimDisk): RaftSnapshots {
  const find = ({ offset, epoch }: OffsetAndEpoch): StoredSnapshot | undefined =>
    disk.snapshots.find(({ id }) => id.offset === offset && id.epoch === epoch)
  return {
    earliest: () => disk.snapshots[0]?.id,
    latest: () => disk.snapshots.at(-1)?.id,
    size: (id) => find(id)?.bytes.length,
    read: (id, position, bytesMax) =>
      find(id)?.bytes.slice(position, position + bytesMax) ?? new Uint8Array(0),
    create: (id) => writerOf(disk, id),
  }
}

function writerOf(disk: SimDisk, id: OffsetAndEpoch): SnapshotWriter {
  const pieces: Uint8Array[] = []
  return {
    id,
    get size() {
      return pieces.reduce((sum, { length }) => sum + length, 0)
    },
    append: (bytes) => {
      pieces.push(bytes.slice())
    },
    freeze: () => {
      const others = disk.snapshots.filter((other) => other.id.offset !== id.offset)
      disk.snapshots = [...others, { id, bytes: joinedBytes(pieces) }].sort(
        (a, b) => a.id.offset - b.id.offset,
      )
    },
    close: () => {},
  }
}
