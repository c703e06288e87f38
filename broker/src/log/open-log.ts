/**
 * Opening a partition's log: from a folder of files to a log that can be appended to. (LogLoader)
 *
 *   1  what an interrupted operation left behind is removed, or finished (segment-swap.ts)
 *   2  a segment for each .log file; a new one when there is none
 *   3  after a crash: segments from the recovery point on are read and mended (recovery.ts)
 *   4  the end of the log is where the last batch ends
 *   5  leader epochs beyond the end are forgotten
 *   6  the producers' state: newest snapshot, and the batches behind it
 *
 * A new log is the same but for empty hands: opening makes the folder, partition.metadata and the first segment.
 */
import type { Randomness, Storage } from '../core.ts'
import { type Codecs, NO_CODECS } from '../record/compression.ts'
import {
  PARTITION_METADATA_FILE,
  readPartitionMetadata,
  writePartitionMetadata,
} from './checkpoints/partition-metadata.ts'
import { finishSwaps } from './compaction/segment-swap.ts'
import { offsetOfFile } from './files.ts'
import { LEADER_EPOCH_FILE, LeaderEpochs } from './leader-epochs.ts'
import { LocalLog } from './local-log.ts'
import { PartitionLog } from './partition-log.ts'
import { ProducerStateManager } from './producers/producer-state-manager.ts'
import { type LoadOptions, loadSegments } from './recovery/load-segments.ts'
import { walkBatches } from './segment/batch-reader.ts'
import { Segment } from './segment/segment.ts'
import { DamagedLogError } from './sound-batches.ts'

export interface OpenLogOptions extends LoadOptions {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly codecs?: Codecs | undefined
  /** From log-start-offset-checkpoint. */
  readonly logStartOffset?: number | undefined
  /** Called when DeleteRecords has moved the log start: time to write the checkpoint. */
  readonly onLogStartMoved?: (() => void) | undefined
  /** Removes files some time (file.delete.delay.ms); without it they are removed at once. */
  readonly removeLater?: ((paths: readonly string[]) => void) | undefined
  /** Called once, when a flush has failed: the log takes no more appends (disk-trouble.ts). */
  readonly onFlushFailed?: ((error: Error) => void) | undefined
  /** For segment.jitter.ms. */
  readonly random?: Randomness | undefined
}

/** Opens or makes a log. Throws StorageError, and DamagedLogError when the folder is another topic's. */
export function openLog(options: OpenLogOptions): PartitionLog {
  const { storage, folder, clock, config } = options
  storage.makeFolder(folder)
  checkTopicId(options)
  finishSwaps(storage, folder, options.log)
  const segments = openSegments(options)
  const logStartOffset = Math.max(options.logStartOffset ?? 0, segments[0]!.baseOffset)
  const producers = new ProducerStateManager(storage, folder)
  producers.removeStraySnapshots(segments.map(({ baseOffset }) => baseOffset))
  const leaderEpochs = openLeaderEpochs(options, segments)
  const loaded = loadSegments({ options, segments, producers, leaderEpochs, logStartOffset })
  const { endOffset } = loaded
  leaderEpochs.truncateFromEnd(endOffset)
  leaderEpochs.truncateFromStart(logStartOffset)
  // What was read from batches after a crash must not be lost by a clean stop without a record in between.
  leaderEpochs.trySave()
  const { removeLater, onFlushFailed, random } = options
  const local = new LocalLog({
    storage,
    folder,
    clock,
    segments,
    ...loaded,
    removeLater,
    onFlushFailed,
    random,
  })
  const opened = new PartitionLog({
    topic: options.topic,
    partition: options.partition,
    topicId: options.topicId,
    config,
    clock,
    trace: options.trace,
    codecs: options.codecs ?? NO_CODECS,
    local,
    leaderEpochs,
    producers,
    logStartOffset: Math.min(logStartOffset, endOffset),
    firstDirtyOffset: options.firstDirtyOffset ?? 0,
    onLogStartMoved: options.onLogStartMoved,
  })
  if (logStartOffset > endOffset) {
    // What is left was deleted before the crash: offsets go on where the start is, none is given twice.
    const what = `ends at ${endOffset} below its start ${logStartOffset}: it begins anew there`
    options.log('warn', `log ${folder} ${what}`)
    opened.truncateFullyAndStartAt(logStartOffset)
  }
  return opened
}

/** The folder of a topic that was deleted and made again is not this topic's (KIP-516). */
function checkTopicId({ storage, folder, topicId, log }: OpenLogOptions): void {
  const found = readPartitionMetadata(storage, folder)
  if (found === topicId) return
  if (found !== undefined) throw new DamagedLogError(otherTopic(folder, found, topicId))
  // A topic's folder is renamed when it is deleted: one that still has the name is this topic's.
  if (storage.exists(`${folder}/${PARTITION_METADATA_FILE}`))
    log('warn', `log ${folder}: ${PARTITION_METADATA_FILE} is damaged, and written anew`)
  writePartitionMetadata(storage, folder, topicId)
}

function otherTopic(folder: string, found: string, topicId: string): string {
  return `log ${folder}: topic id ${found} on disk, ${topicId} in the metadata: this is another topic's folder. Move it out of the way, and start the broker again`
}

/** From the checkpoint; when that is damaged or lost, from the batches, each of which has its leader's epoch. */
function openLeaderEpochs(
  { storage, folder, log }: OpenLogOptions,
  segments: readonly Segment[],
): LeaderEpochs {
  const leaderEpochs = new LeaderEpochs(storage, folder)
  if (leaderEpochs.isKnown || segments.every(({ size }) => size === 0)) return leaderEpochs
  log('warn', `log ${folder}: ${LEADER_EPOCH_FILE} is damaged or lost, and made anew from the batches`)
  for (const { file, size } of segments) {
    walkBatches(file, 0, size, ({ header }) => {
      leaderEpochs.assign(header.partitionLeaderEpoch, header.baseOffset)
      return true
    })
  }
  leaderEpochs.trySave()
  return leaderEpochs
}

function openSegments({ storage, folder, clock, logStartOffset }: OpenLogOptions): Segment[] {
  const offsets = storage
    .list(folder)
    .map((name) => offsetOfFile(name, 'log'))
    .filter((offset) => offset !== undefined)
  removeOrphans(storage, folder, offsets)
  if (offsets.length === 0) offsets.push(logStartOffset ?? 0)
  return offsets.map((offset) => new Segment(storage, folder, offset, clock.monotonicMs()))
}

const INDEXES = ['index', 'timeindex', 'txnindex'] as const

/** Indexes whose log is gone: a crash came between the removal of the one and of the others. (LogLoader.loadSegmentFiles) */
function removeOrphans(storage: Storage, folder: string, offsets: readonly number[]): void {
  for (const name of storage.list(folder)) {
    const offset = INDEXES.map((suffix) => offsetOfFile(name, suffix)).find((found) => found !== undefined)
    if (offset !== undefined && !offsets.includes(offset)) storage.remove(`${folder}/${name}`)
  }
}
